/// The AUROC of every class and their mean over the classes for which it is defined (macro average).
///
/// A class without a positive or without a negative sample has no AUROC; it is shown as undefined and left out of the
/// mean, and `definedCount` of `classCount` says over how many classes the mean goes.
public struct MultiLabelAUROC: Codable, Hashable, Sendable {
  public struct Class: Codable, Hashable, Sendable {
    public let name: String
    public let value: MetricValue
    public let positiveCount: Int
    public let negativeCount: Int
    /// Samples whose label of this class is not known.
    public let unknownCount: Int
  }

  public let classes: [Class]
  /// The mean over the defined classes; undefined when there is none.
  public let macro: MetricValue

  public var classCount: Int { classes.count }
  public var definedCount: Int { classes.count { $0.value.number != nil } }

  /// - Parameters:
  ///   - scores: `[samples × classes]`, row-major.
  ///   - targets: the same layout; 1 positive, 0 negative, NaN not known.
  /// - Returns: every class undefined with the reason when the counts do not fit.
  public init(scores: [Double], targets: [Float], classNames: [String]) {
    let width = classNames.count
    let fits = scores.count == targets.count && width > 0 && scores.count % width == 0
    classes = classNames.enumerated().map { column, name in
      guard fits else {
        let reason = "\(scores.count) scores and \(targets.count) labels do not fit \(width) classes"
        return Class(name: name, value: .undefined(reason: reason), positiveCount: 0, negativeCount: 0, unknownCount: 0)
      }
      let rows = stride(from: column, to: scores.count, by: width)
      return Self.score(name: name, scores: rows.map { scores[$0] }, targets: rows.map { targets[$0] })
    }
    let defined = classes.compactMap(\.value.number)
    macro =
      defined.isEmpty
      ? .undefined(reason: "the AUROC is undefined for every class")
      : .value(defined.reduce(0, +) / Double(defined.count))
  }

  private static func score(name: String, scores: [Double], targets: [Float]) -> Class {
    let collected = BinarySamples.collect(scores: scores, targets: targets)
    guard case .success(let samples) = collected else {
      return Class(
        name: name, value: areaUnderROC(scores: scores, targets: targets), positiveCount: targets.count { $0 == 1 },
        negativeCount: targets.count { $0 == 0 }, unknownCount: targets.count { $0.isNaN })
    }
    return Class(
      name: name, value: areaUnderROC(samples), positiveCount: samples.positiveCount,
      negativeCount: samples.negativeCount, unknownCount: samples.unknownCount)
  }
}
