internal import Foundation
public import Foundations

/// How far apart the outlines of a predicted and a true structure are.
///
/// Outlines are the structure's pixels with one of their four neighbors outside of it; distances are between the pixels'
/// centers at the pixel spacing, exact (no chamfer). Every boundary pixel counts alike. These are the conventions of MONAI and
/// of SciPy's erosion.
public struct SurfaceDistances: Hashable, Sendable {
  /// From each boundary pixel of the prediction to the nearest of the truth, rising.
  public let fromPredicted: [Double]
  /// From each boundary pixel of the truth to the nearest of the prediction, rising.
  public let fromTarget: [Double]
  private let missing: Missing

  private enum Missing: Hashable, Sendable { case nothing, both, predicted, target }

  /// - Parameter spacing: the size of a pixel along x and y, such as millimeters.
  /// - Returns: not available when the masks differ in size, or the spacing is not above 0.
  public static func make(
    predicted: SegmentationMask, target: SegmentationMask, spacing: (x: Double, y: Double) = (1, 1)
  ) -> Available<SurfaceDistances> {
    guard predicted.width == target.width, predicted.height == target.height else {
      return .notAvailable(
        reason: "the prediction is \(predicted.width)×\(predicted.height), the truth \(target.width)×\(target.height)")
    }
    guard spacing.x > 0, spacing.y > 0, spacing.x.isFinite, spacing.y.isFinite else {
      return .notAvailable(reason: "the pixel spacing \(spacing.x)×\(spacing.y) is not above 0")
    }
    let (outline, truth) = (predicted.boundary, target.boundary)
    let missing: Missing =
      switch (outline.isEmpty, truth.isEmpty) {
      case (true, true): .both
      case (true, false): .predicted
      case (false, true): .target
      case (false, false): .nothing
      }
    guard missing == .nothing else { return .value(SurfaceDistances(fromPredicted: [], fromTarget: [], missing: missing)) }
    func distances(from points: [Int], to sites: [Int]) -> [Double] {
      let transform = DistanceTransform(to: sites, askedAt: points, width: target.width, spacing: spacing)
      return (transform?.squaredDistances(at: points) ?? []).map { $0.squareRoot() }.sorted()
    }
    return .value(
      SurfaceDistances(
        fromPredicted: distances(from: outline, to: truth), fromTarget: distances(from: truth, to: outline), missing: .nothing))
  }

  /// The 95 % Hausdorff distance: the greater of the two directed 95th percentiles (interpolated linearly), as in MONAI and
  /// Metrics Reloaded (Maier-Hein et al. 2024, Nature Methods 21). Huttenlocher, Klanderman and Rucklidge 1993 for 100 %.
  ///
  /// Undefined where a mask is empty, also where both are: a missing outline is at no distance.
  public var hausdorff95: MetricValue { hausdorff(share: 0.95) }

  /// The Hausdorff distance itself, of the worst pixel.
  public var hausdorff: MetricValue { hausdorff(share: 1) }

  /// The mean of all boundary pixels' distances, both ways together. Empty masks as in `hausdorff95`.
  public var averageDistance: MetricValue {
    defined { (fromPredicted.reduce(0, +) + fromTarget.reduce(0, +)) / Double(fromPredicted.count + fromTarget.count) }
  }

  /// The normalized surface distance, or surface Dice: the share of the boundary pixels of both outlines that lie within a
  /// tolerance of the other (Nikolov et al. 2021, J Med Internet Res 23), by pixel count.
  ///
  /// Nothing to find and nothing found is 1, one empty mask 0.
  public func normalizedSurfaceDistance(tolerance: Double) -> MetricValue {
    guard tolerance >= 0 else { return .undefined(reason: "the tolerance \(tolerance) is below 0") }
    switch missing {
    case .both: return .value(1)
    case .predicted, .target: return .value(0)
    case .nothing:
      let near = fromPredicted.count { $0 <= tolerance } + fromTarget.count { $0 <= tolerance }
      return .value(Double(near) / Double(fromPredicted.count + fromTarget.count))
    }
  }

  /// The same outlines where a pixel is as high as it is wide, but of another size.
  public func scaled(by size: Double) -> SurfaceDistances {
    SurfaceDistances(fromPredicted: fromPredicted.map { size * $0 }, fromTarget: fromTarget.map { size * $0 }, missing: missing)
  }

  private func hausdorff(share: Double) -> MetricValue {
    func percentile(_ sorted: [Double]) -> Double {
      let place = share * Double(sorted.count - 1)
      let below = Int(place)
      let above = min(below + 1, sorted.count - 1)
      return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
    }
    return defined { max(percentile(fromPredicted), percentile(fromTarget)) }
  }

  private func defined(_ value: () -> Double) -> MetricValue {
    switch missing {
    case .both: .undefined(reason: "both masks are empty")
    case .predicted: .undefined(reason: "the prediction is empty")
    case .target: .undefined(reason: "the truth is empty")
    case .nothing: .value(value())
    }
  }
}
