public import Foundations

/// The answers of the networks of a cross-validation's folds, each about the images that it did not see: what one repeat of it says of every image
/// of a task, once.
public struct FoldedPredictions: Sendable {
  /// All answers, in the order of the images' ids.
  public let together: Predictions
  /// Of each fold, its rows of `together`.
  public let rows: [[Int]]
  /// Of each fold, its own answers in the same order.
  public let folds: [Predictions]
  /// Of each fold, those of its validation set.
  public let thresholds: [Available<DecisionThresholds>]

  /// - Parameters:
  ///   - folds: the answers of each.
  ///   - thresholds: of each.
  /// - Returns: not available where an image is answered twice, or the folds answer for different classes.
  public static func make(_ folds: [Predictions], thresholds: [Available<DecisionThresholds>]) -> Available<FoldedPredictions> {
    guard let first = folds.first, thresholds.count == folds.count else { return .notAvailable(reason: "there is no fold") }
    guard folds.allSatisfy({ $0.columnNames == first.columnNames }) else { return .notAvailable(reason: "the folds do not answer for the same classes") }
    let ids = folds.flatMap(\.imageIDs), order = ids.indices.sorted { ids[$0] < ids[$1] }
    guard Set(ids).count == ids.count else { return .notAvailable(reason: "an image is in the test part of two folds") }
    guard let joined = Predictions.joined(folds) else { return .notAvailable(reason: "the folds are of different kinds of tasks") }
    var place = [Int](repeating: 0, count: ids.count)
    for (new, old) in order.enumerated() { place[old] = new }
    var before = 0
    let rows = folds.map { fold -> [Int] in
      defer { before += fold.imageCount }
      return (before..<before + fold.imageCount).map { place[$0] }.sorted()
    }
    let together = joined.rows(order)
    return .value(FoldedPredictions(together: together, rows: rows, folds: rows.map { together.rows($0) }, thresholds: thresholds))
  }

  private init(together: Predictions, rows: [[Int]], folds: [Predictions], thresholds: [Available<DecisionThresholds>]) {
    (self.together, self.rows, self.folds, self.thresholds) = (together, rows, folds, thresholds)
  }

  /// The same without some images.
  public func leavingOut(_ ids: Set<String>) -> Available<FoldedPredictions> {
    Self.make(folds.map { $0.leavingOut(ids) }, thresholds: thresholds)
  }
}

extension Predictions {
  /// Some rows in their order, all of which then count.
  func rows(_ places: [Int]) -> Predictions {
    switch self {
    case .classification(var all):
      all.rows = places.map { all.rows[$0] }
      return .classification(all)
    case .segmentation(var all):
      all.rows = places.map { all.rows[$0] }
      return .segmentation(all)
    case .classMasks(let all):
      return .classMasks(
        ClassMaskPredictions(
          classNames: all.classNames,
          classes: all.classes.map { one in
            var one = one
            one.rows = places.map { one.rows[$0] }
            return one
          }))
    case .numbers(var all):
      all.rows = places.map { all.rows[$0] }
      return .numbers(all)
    }
  }

  /// The rows of several, one after the other; nil where they are of different kinds, or there are none.
  fileprivate static func joined(_ all: [Predictions]) -> Predictions? {
    guard var sum = all.first else { return nil }
    for next in all.dropFirst() {
      switch (sum, next) {
      case (.classification(var one), .classification(let other)):
        one.rows += other.rows
        sum = .classification(one)
      case (.segmentation(let one), .segmentation(let other)): sum = .segmentation(one.joined(with: other))
      case (.classMasks(let one), .classMasks(let other)):
        sum = .classMasks(
          ClassMaskPredictions(classNames: one.classNames, classes: zip(one.classes, other.classes).map { $0.joined(with: $1) }))
      case (.numbers(var one), .numbers(let other)):
        guard one.unit == other.unit else { return nil }
        one.rows += other.rows
        sum = .numbers(one)
      default: return nil
      }
    }
    return sum
  }
}

extension SegmentationPredictions {
  /// The rows of both. Distances in two units (where the files of one fold state their pixel spacing and those of another do not) are no part
  /// of it, since they make no one number.
  fileprivate func joined(with other: SegmentationPredictions) -> SegmentationPredictions {
    if unit == other.unit, tolerance == other.tolerance { return SegmentationPredictions(rows: rows + other.rows, unit: unit, tolerance: tolerance) }
    return SegmentationPredictions(
      rows: (rows + other.rows).map {
        Row(id: $0.id, patient: $0.patient, counts: $0.counts, spacing: $0.spacing, centerline: $0.centerline, isOfClass: $0.isOfClass)
      })
  }
}
