internal import Foundation

/// What a run started from: the exact file, how its arrays became the network's, and what was left out.
///
/// It goes into every run directory and says the same about the same file, so it holds no path and no time.
public struct Certificate: Codable, Hashable, Sendable {
  public struct NamedStatistics: Codable, Hashable, Sendable {
    public let name: String
    public let statistics: ArrayStatistics
  }

  /// The file's name without its folder.
  public let file: String
  /// Of the whole file, as published.
  public let sha256: String
  public let byteCount: Int
  public let container: ContainerKind
  public let mode: BackboneMatcher.Mode
  /// The keys that lead to the network's arrays; empty for the root of the file.
  public let dictionaryPath: [String]
  /// What was stripped from the front of the file's names.
  public let prefix: String
  /// Tensors of the network, and how many of them were filled from the file; the rest are `defaulted`.
  public let expectedCount: Int
  public let matchedCount: Int
  /// Batch counters that the file lacks and that start at 0.
  public let defaulted: [String]
  /// What the network does not use, and the rule that says why.
  public let dropped: [BackboneMatcher.Dropped]
  /// Over the floating-point numbers of all matched tensors; nil when there are none.
  public let overall: ArrayStatistics?
  public let statistics: [NamedStatistics]
  /// The terms under which the weights are published, where known.
  public let license: String?
  /// How the images were prepared that the weights were trained on, where known.
  public let preprocessing: String?

  /// - Throws: `CheckpointsError` when the file cannot be read again for its digest.
  public init(
    file: CheckpointFile, match: BackboneMatcher.Match, license: String? = nil, preprocessing: String? = nil
  ) throws {
    self.file = file.url.lastPathComponent
    sha256 = try file.sha256Hex()
    byteCount = file.byteCount
    container = file.container
    mode = match.mode
    dictionaryPath = match.dictionaryPath
    prefix = match.prefix
    expectedCount = match.tensors.count
    matchedCount = match.tensors.count - match.defaulted.count
    defaulted = match.defaulted
    dropped = match.dropped
    overall = Self.overall(match)
    statistics = match.statistics.map { NamedStatistics(name: $0.name, statistics: $0.statistics) }
    self.license = license
    self.preprocessing = preprocessing
  }

  private static func overall(_ match: BackboneMatcher.Match) -> ArrayStatistics? {
    var count = 0
    var sum = 0.0
    var minimum = Double.infinity
    var maximum = -Double.infinity
    for (name, statistics) in match.statistics {
      guard let array = match.tensors[name], array.elementType.isFloatingPoint else { continue }
      count += array.elementCount
      sum += statistics.mean * Double(array.elementCount)
      minimum = min(minimum, statistics.minimum)
      maximum = max(maximum, statistics.maximum)
    }
    return count == 0 ? nil : ArrayStatistics(minimum: minimum, maximum: maximum, mean: sum / Double(count))
  }
}
