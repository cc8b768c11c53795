internal import Foundation
internal import Foundations

/// What a finished run is made of: every file of its folder with its size and SHA-256, as `seal.json` has it.
///
/// It is written after all other files, and `status.json`, which says that the run has ended, names its digest and is written last of
/// all: a run that is finished has a seal, and whoever changes, takes or exchanges a file of it, or the seal, breaks the seal. Runs of
/// programs that made none have a `status.json` without that name; they are read, and a report says how many they are.
public struct RunSeal: Codable, Hashable, Sendable {
  public struct File: Codable, Hashable, Sendable {
    /// Relative to the run's folder.
    public let path: String
    public let byteCount: Int
    public let sha256: String

    public init(path: String, byteCount: Int, sha256: String) {
      (self.path, self.byteCount, self.sha256) = (path, byteCount, sha256)
    }
  }

  public static let fileName = "seal.json"
  static let currentFormat = "medtransfer.seal/1"

  public let format: String
  /// The identity of the run's cell: the seal of another run is none.
  public let identity: String
  /// The SHA-256 of the weights that the run started from, where they are another run's.
  public let source: String?
  /// By path.
  public let files: [File]
  /// In a pack: what was found broken in the folder that it was made of, in the words of `RunCondition`.
  public let broken: String?

  public init(identity: String, source: String?, files: [File], broken: String? = nil) {
    format = Self.currentFormat
    self.identity = identity
    self.source = source
    self.files = files.sorted { $0.path < $1.path }
    self.broken = broken
  }

  /// The SHA-256 of a file; nil where the run never had it.
  func sha256(of path: String) -> String? { files.first { $0.path == path }?.sha256 }
}

/// How closely a seal is looked at.
public enum SealCheck: Sendable {
  /// A file that has the inode, size and times that it had when its bytes were last compared is taken for unchanged; another is read.
  case quick
  /// The same, and the weights are read: whoever loads them asks for it.
  case weights
  /// Every file but the weights is read.
  case results
  /// Every file is read.
  case whole

  /// Whether a file is read, whatever it looks like.
  func reads(_ path: String) -> Bool {
    switch self {
    case .quick: false
    case .weights: path == RunReader.weightsFileName
    case .results: path != RunReader.weightsFileName
    case .whole: true
    }
  }
}

/// What comparing a run with its seal came to.
struct SealFinding {
  /// What is broken, in a sentence; nil where the seal holds.
  var fault: String?
  /// The trained weights are not there. No number is read from them, so the run counts; whoever needs them has to make them again.
  var lacksWeights = false
}
