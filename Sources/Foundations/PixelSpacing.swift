/// How far apart the centers of neighboring pixels are, in millimeters, as a file states it.
public struct PixelSpacing: Codable, Hashable, Sendable {
  /// From a pixel to its right neighbor.
  public let x: Double
  /// From a pixel to the one below.
  public let y: Double

  /// Nil where a distance is not a number above 0: a file that says so knows no spacing.
  public init?(x: Double, y: Double) {
    guard x > 0, y > 0, x.isFinite, y.isFinite else { return nil }
    self.x = x
    self.y = y
  }

  public var isIsotropic: Bool { x == y }
}
