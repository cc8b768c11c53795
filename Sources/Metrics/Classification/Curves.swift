public import Foundations

/// The receiver operating characteristic: sensitivity against 1 − specificity at every threshold.
public struct ROCCurve: Codable, Hashable, Sendable {
  public struct Point: Codable, Hashable, Sendable {
    public let falsePositiveRate: Double
    public let sensitivity: Double
    /// Positive is what scores this or more; nil for the first point, where nothing is called positive.
    public let threshold: Double?
  }

  /// From (0, 0) to (1, 1), one per distinct score, but for those on a straight line between their neighbors.
  public let points: [Point]

  /// - Returns: not available without a positive and a negative sample with known labels.
  public static func make(scores: [Double], targets: [Float]) -> Available<ROCCurve> {
    make(OrderedScores.make(scores: scores, targets: targets))
  }

  /// The same of scores that are ordered already.
  public static func make(_ ordered: Available<OrderedScores>) -> Available<ROCCurve> {
    ordered.flatMap { $0.countedRuns(weights: nil) }.map { counted in
      // Corners in whole numbers, so that what is straight is known exactly.
      var corners: [(x: Int, y: Int, threshold: Double?)] = [(0, 0, nil)]
      for (threshold, counts) in counted.confusions {
        let next = (x: counts.falsePositives, y: counts.truePositives, threshold: Double?.some(threshold))
        while corners.count > 1 {
          let (before, last) = (corners[corners.count - 2], corners[corners.count - 1])
          guard (last.x - before.x) * (next.y - last.y) == (last.y - before.y) * (next.x - last.x) else { break }
          corners.removeLast()
        }
        corners.append(next)
      }
      return ROCCurve(
        points: corners.map { corner in
          Point(
            falsePositiveRate: Double(corner.x) / Double(counted.negatives),
            sensitivity: Double(corner.y) / Double(counted.positives), threshold: corner.threshold)
        })
    }
  }

  /// The area under the straight lines between the points, which is the AUROC.
  public var area: Double {
    zip(points, points.dropFirst()).reduce(0) { sum, step in
      sum + (step.1.falsePositiveRate - step.0.falsePositiveRate) * (step.0.sensitivity + step.1.sensitivity) / 2
    }
  }
}

/// Precision against recall at every threshold.
///
/// To be drawn as steps: between two points the precision is that of the right-hand one, as average precision counts it.
public struct PrecisionRecallCurve: Codable, Hashable, Sendable {
  public struct Point: Codable, Hashable, Sendable {
    public let recall: Double
    public let precision: Double
    /// Nil for the first point, recall 0 at precision 1, which is a convention and no decision.
    public let threshold: Double?
  }

  /// By rising recall, one per distinct score down to the first that finds every positive.
  public let points: [Point]

  /// - Returns: not available without a positive and a negative sample with known labels.
  public static func make(scores: [Double], targets: [Float]) -> Available<PrecisionRecallCurve> {
    OrderedScores.make(scores: scores, targets: targets).flatMap { $0.countedRuns(weights: nil) }.map { counted in
      var points = [Point(recall: 0, precision: 1, threshold: nil)]
      for (threshold, counts) in counted.confusions {
        guard let precision = counts.precision.number else { continue }
        points.append(
          Point(recall: Double(counts.truePositives) / Double(counted.positives), precision: precision, threshold: threshold))
        if counts.falseNegatives == 0 { break }
      }
      return PrecisionRecallCurve(points: points)
    }
  }
}
