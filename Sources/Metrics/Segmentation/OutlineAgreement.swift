import Foundations

/// How well the outline of a predicted structure lies on the true one, in one image.
public struct OutlineAgreement: Hashable, Sendable {
  /// The 95 % Hausdorff distance in pixels of the network's input; nil where one of the two masks is empty, so that there is
  /// no distance.
  public let hausdorff95: Double?
  /// The share of both outlines that lies within the tolerance of the other, in 0...1.
  public let normalizedSurfaceDistance: Double?

  /// How far apart outlines may be and still count as agreeing, in pixels of the network's input: about 1 % of a side of
  /// 224 pixels, the size of the disagreement of two readers' outlines on images of that size.
  public static let tolerance = 2.0

  public init(hausdorff95: Double?, normalizedSurfaceDistance: Double?) {
    self.hausdorff95 = hausdorff95
    self.normalizedSurfaceDistance = normalizedSurfaceDistance
  }

  /// - Parameter tolerance: of the normalized surface distance, in pixels.
  public init(_ distances: SurfaceDistances, tolerance: Double = OutlineAgreement.tolerance) {
    hausdorff95 = distances.hausdorff95.number
    normalizedSurfaceDistance = distances.normalizedSurfaceDistance(tolerance: tolerance).number
  }
}
