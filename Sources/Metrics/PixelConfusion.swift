/// How many pixels of one or more images a binary segmentation got right and wrong, in each of the four ways.
public struct PixelConfusion: Codable, Hashable, Sendable {
  public var truePositives: Int
  public var falsePositives: Int
  public var falseNegatives: Int
  public var trueNegatives: Int

  public init(truePositives: Int = 0, falsePositives: Int = 0, falseNegatives: Int = 0, trueNegatives: Int = 0) {
    self.truePositives = truePositives
    self.falsePositives = falsePositives
    self.falseNegatives = falseNegatives
    self.trueNegatives = trueNegatives
  }

  /// Counts the pixels of one image; both sequences hold true where the structure is.
  public init(predicted: some Sequence<Bool>, target: some Sequence<Bool>) {
    self.init()
    for (isPredicted, isTarget) in zip(predicted, target) {
      switch (isPredicted, isTarget) {
      case (true, true): truePositives += 1
      case (true, false): falsePositives += 1
      case (false, true): falseNegatives += 1
      case (false, false): trueNegatives += 1
      }
    }
  }

  public static func + (first: PixelConfusion, second: PixelConfusion) -> PixelConfusion {
    PixelConfusion(
      truePositives: first.truePositives + second.truePositives,
      falsePositives: first.falsePositives + second.falsePositives,
      falseNegatives: first.falseNegatives + second.falseNegatives,
      trueNegatives: first.trueNegatives + second.trueNegatives)
  }

  /// The Dice coefficient 2·TP / (2·TP + FP + FN) (Dice 1945), in 0...1.
  ///
  /// An image with nothing to find and nothing found is a perfect answer: empty against empty is 1.
  public var dice: Double {
    let denominator = 2 * truePositives + falsePositives + falseNegatives
    return denominator == 0 ? 1 : Double(2 * truePositives) / Double(denominator)
  }
}
