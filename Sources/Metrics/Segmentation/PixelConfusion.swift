/// The same counts over the pixels of one or more images.
public typealias PixelConfusion = BinaryConfusion

extension BinaryConfusion {
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

  /// The Dice coefficient 2·TP / (2·TP + FP + FN) (Dice 1945), in 0...1.
  ///
  /// One image with nothing to find and nothing found is a perfect answer: empty against empty is 1.
  public var dice: Double {
    pooledDice.number ?? 1
  }

  /// The same of the pixels of many images together, where nothing against nothing is no answer that could be judged: undefined.
  public var pooledDice: MetricValue {
    let denominator = 2 * truePositives + falsePositives + falseNegatives
    return denominator == 0 ? Self.nothing : .value(Double(2 * truePositives) / Double(denominator))
  }

  static let nothing = MetricValue.undefined(reason: "no pixel belongs to the structure, and none is called the structure's")
}
