import Foundations

/// How well the outline of a predicted structure lies on the true one, in one image.
public struct OutlineAgreement: Codable, Hashable, Sendable {
  /// The 95 % Hausdorff distance in the unit of the predictions; nil where a mask is empty, so that there is no distance.
  public let hausdorff95: Double?
  /// The share of both outlines that lies within the tolerance of the other, in 0...1.
  public let normalizedSurfaceDistance: Double?

  /// How far apart outlines may be and still count as agreeing: 2 of the unit that the distances are in.
  ///
  /// A round number, not fitted to a task. Nikolov et al. 2021 (J Med Internet Res 23) fit it organ by organ to how far apart readers
  /// are, and come to between about 1 and 3 mm. A header states it, and values of another tolerance are not compared with these.
  public static let tolerance = 2.0

  public init(hausdorff95: Double?, normalizedSurfaceDistance: Double?) {
    self.hausdorff95 = hausdorff95
    self.normalizedSurfaceDistance = normalizedSurfaceDistance
  }

  /// - Parameter tolerance: of the normalized surface distance, in the unit of the distances.
  public init(_ distances: SurfaceDistances, tolerance: Double = OutlineAgreement.tolerance) {
    hausdorff95 = distances.hausdorff95.number
    normalizedSurfaceDistance = distances.normalizedSurfaceDistance(tolerance: tolerance).number
  }
}
