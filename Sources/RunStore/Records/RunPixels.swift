/// What a run's `pixels.json` holds: which pixels its task had when it was made.
public struct RunPixels: Codable, Hashable, Sendable {
  public static let fileName = "pixels.json"

  /// As `DataCheckRecord.pixels` of that time.
  public let pixels: String

  public init(pixels: String) { self.pixels = pixels }
}
