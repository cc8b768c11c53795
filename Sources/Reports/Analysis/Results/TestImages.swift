internal import Foundations
internal import Statistics

extension ResultTable {
  /// What a table of means says of the images behind a cell, from which the probability follows that a claim of superiority is false
  /// (Christodoulou et al. 2025; `FalseClaim`).
  public struct TestImages: Codable, Hashable, Sendable {
    public let count: Int
    /// The share of the images that are decided rightly, in 0...1.
    public let accuracy: Double?
    /// The share that this one and the best of the task both get right.
    public let congruence: Double?
    /// Of the images' values, whose mean is the cell's; n − 1 in the denominator.
    public let standardDeviation: Double?
    /// Of the images' values with those of the best of the task.
    public let correlation: Double?
  }

  /// Between which bounds the probability lies that a claim is false: one number where it is known how the two agree on single images.
  public struct ClaimBounds: Codable, Hashable, Sendable {
    public let lower: Double
    public let upper: Double

    init(_ range: ClosedRange<Double>) { (lower, upper) = (range.lowerBound, range.upperBound) }
  }
}

extension ResultTable.Task {
  /// How probable it is that the best is in truth no better than another on other images of the kind; nil where nothing is said of the
  /// images of both.
  func falseClaim(best: ResultTable.Cell, other: ResultTable.Cell) -> Available<ResultTable.ClaimBounds>? {
    guard let first = best.testImages, let second = other.testImages else { return nil }
    guard first.count == second.count else {
      return .notAvailable(
        reason: "\(best.initialization) was tested on \(first.count) images and \(other.initialization) on \(second.count)")
    }
    // How two agree is the same from either side, so of two alone it may stand in the row of the best.
    func agreement(_ value: (ResultTable.TestImages) -> Double?) -> Double? { value(second) ?? (compared.count == 2 ? value(first) : nil) }
    let range: Available<ClosedRange<Double>>
    if let one = first.accuracy, let two = second.accuracy {
      range = Self.ofAccuracies(count: first.count, one, two, congruence: agreement(\.congruence))
    } else if let one = first.standardDeviation, let two = second.standardDeviation, let mean = best.summary.mean.known,
      let otherMean = other.summary.mean.known
    {
      let sign = higherIsBetter ? 1.0 : -1
      range = Self.ofMeans(
        Summary(count: first.count, mean: sign * mean, standardDeviation: one),
        Summary(count: second.count, mean: sign * otherMean, standardDeviation: two), correlation: agreement(\.correlation))
    } else {
      return .notAvailable(reason: "a claim needs the accuracy of both, or the spread over images (imageStd) of both")
    }
    return range.map(ResultTable.ClaimBounds.init)
  }

  private static func ofAccuracies(count: Int, _ first: Double, _ second: Double, congruence: Double?) -> Available<ClosedRange<Double>> {
    guard let congruence else { return FalseClaim.ofAccuracies(imageCount: Double(count), first: first, second: second) }
    return FalseClaim.ofAccuracies(imageCount: Double(count), first: first, second: second, congruence: congruence).map { $0...$0 }
  }

  private static func ofMeans(_ first: Summary, _ second: Summary, correlation: Double?) -> Available<ClosedRange<Double>> {
    guard let correlation else { return FalseClaim.ofMeans(first, second) }
    return FalseClaim.ofMeans(first, second, correlation: correlation).map { $0...$0 }
  }
}
