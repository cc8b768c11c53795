/// What a pack says of itself, in its first member: every other member with its size and SHA-256.
public struct PackManifest: Codable, Hashable, Sendable {
  public struct File: Codable, Hashable, Sendable {
    public let path: String
    public let byteCount: Int
    public let sha256: String
  }

  static let path = "manifest.json"
  /// Raised when a member changes its meaning.
  static let currentFormat = "medtransfer.pack/1"

  public let format: String
  /// The program that made it, with its version.
  public let maker: String
  public let study: String
  /// Changes to the study file, as they were given with the command, without paths of the machine.
  public let overrides: [String]
  public let hasWeights: Bool
  /// Whether images and patients have other names here than in the data.
  public let hidesPatients: Bool
  /// Files in which absolute paths were shortened to their last part, with how many.
  public let shortenedPaths: [String: Int]
  /// What the study's output has and the pack has not, with the reason.
  public let leftOut: [String]
  /// In the order of the archive.
  public let files: [File]
}
