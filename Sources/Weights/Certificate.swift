public import Containers
internal import Foundation
public import Vocabulary

/// What a run started from: the exact file, how its arrays became the network's, and what was left out.
///
/// It goes into every run directory and says the same about the same file, so it holds no path and no time.
public struct Certificate: Codable, Hashable, Sendable {
  public struct NamedStatistics: Codable, Hashable, Sendable {
    public let name: String
    public let statistics: ArrayStatistics
  }

  /// A file of the checkpoint; most have one.
  public struct Part: Codable, Hashable, Sendable {
    /// Its name without its folder.
    public let file: String
    public let sha256: String
    public let byteCount: Int
  }

  /// The catalog entry that the file was held to.
  public struct Entry: Codable, Hashable, Sendable {
    public let id: String
    public let title: String
  }

  /// The file's name without its folder; of several, the one that was opened.
  public let file: String
  /// Of that whole file, as published.
  public let sha256: String
  /// Of all files together.
  public let byteCount: Int
  /// All files of the checkpoint, the one above first.
  public let parts: [Part]
  public let container: ContainerKind
  public let mode: BackboneMatcher.Mode
  /// Nil for weights of one's own.
  public let entry: Entry?
  /// Whether the file has the SHA-256 that the entry gives, as far as it gives one; nil where it gives none or an MD5. A file that
  /// was saved again has another, and may still be right.
  public let hasPublishedChecksum: Bool?
  /// The naming under which the file had the network.
  public let layout: KeyNaming
  /// The keys that lead to the network's arrays; empty for the root of the file.
  public let dictionaryPath: [String]
  /// What was stripped from the front of the file's names.
  public let prefix: String
  /// Tensors of the network, and how many of them were filled from the file; the rest are `defaulted`.
  public let expectedCount: Int
  public let matchedCount: Int
  /// Batch counters that the file lacks and that start at 0.
  public let defaulted: [String]
  /// Biases of convolutions, which the network has not: each was taken from the running mean of the normalization behind it,
  /// which computes the same.
  public let folded: [String]
  /// What the network does not use, and the rule that says why.
  public let dropped: [BackboneMatcher.Dropped]
  /// Over the floating-point numbers of all matched tensors; nil when there are none.
  public let overall: ArrayStatistics?
  public let statistics: [NamedStatistics]
  /// Where the network's strided windows lie in this run, and where they lay when the weights were trained.
  public let arithmetic: Arithmetic
  public let arithmeticAsTrained: Arithmetic?
  /// How images must be prepared for the weights; nil for weights of one's own.
  public let preprocessing: PreprocessingCard?
  /// The terms under which the weights are published, and the paper to cite; nil for weights of one's own.
  public let license: String?
  public let paper: String?
  /// What differs from torchvision's network besides the arithmetic.
  public let remark: String?
  /// What a reader must know of what was loaded, each a sentence; nil in certificates of earlier programs.
  public let cautions: [String]?
  /// What the backbone computes from a fixed input.
  public let features: FeatureFingerprint?

  /// - Parameters:
  ///   - arithmetic: what the network that was filled computes.
  ///   - features: what it computes from the fixed input, where that was asked for.
  ///   - digests: the SHA-256 of every part, where it is known; nil reads them.
  /// - Throws: `WeightsError` when the file cannot be read again for its digest.
  public init(
    file: CheckpointFile, match: BackboneMatcher.Match, arithmetic: Arithmetic = .torchvision, features: FeatureFingerprint? = nil, digests: [String]? = nil
  ) throws {
    let parts = Self.parts(of: file, digests: try digests ?? file.partDigests())
    let sha256 = parts[0].sha256
    self.parts = parts
    self.file = file.url.lastPathComponent
    self.sha256 = sha256
    byteCount = file.byteCount
    container = file.container
    mode = match.mode
    entry = match.entry.map { Entry(id: $0.id, title: $0.title) }
    let published = try match.entry?.file.checksum.map { try PublishedChecksum($0) }
    hasPublishedChecksum = published?.algorithm == .sha256 ? published.map { sha256.hasPrefix($0.digits) } : nil
    layout = match.naming
    dictionaryPath = match.dictionaryPath
    prefix = match.prefix
    expectedCount = match.tensors.count
    matchedCount = match.tensors.count - match.defaulted.count
    defaulted = match.defaulted
    folded = match.folded
    dropped = match.dropped
    overall = Self.overall(match)
    statistics = match.statistics.map { NamedStatistics(name: $0.name, statistics: $0.statistics) }
    self.arithmetic = arithmetic
    arithmeticAsTrained = match.entry?.arithmeticAsTrained
    preprocessing = match.entry?.preprocessing
    license = match.entry?.license
    paper = match.entry?.paper
    remark = match.entry?.remark
    cautions = match.cautions + Self.words(on: arithmetic, of: match) + Self.words(onConstantsOf: match)
    self.features = features
  }

  /// The opened file first. Unless they were known, the digests are of the very bytes that the arrays are read from.
  private static func parts(of file: CheckpointFile, digests: [String]) -> [Part] {
    zip(zip(file.parts, file.partByteCounts), digests).map { part, digest in
      Part(file: part.0.lastPathComponent, sha256: digest, byteCount: part.1)
    }
  }

  /// Where the network computes otherwise than the names or the entry say that its weights were trained.
  private static func words(on arithmetic: Arithmetic, of match: BackboneMatcher.Match) -> [String] {
    if let entry = match.entry {
      guard let own = entry.arithmeticAsTrained, arithmetic != own, arithmetic != .torchvision else { return [] }
      return ["The network computes with the arithmetic “\(arithmetic.rawValue)”, and \(entry.id) was trained with “\(own.rawValue)”."]
    }
    guard let implied = match.naming.impliedArithmetic, implied != arithmetic else { return [] }
    return [
      "The file has \(match.naming.description), under which networks of the arithmetic “\(implied.rawValue)” are published; the network "
        + "computes with “\(arithmetic.rawValue)”, which gives other features: name the catalog entry, or say arithmetic: \(implied.rawValue)."
    ]
  }

  /// Convolutions of one number alone, which no training leaves: a layer that was cut away, or a file that was not written whole.
  private static func words(onConstantsOf match: BackboneMatcher.Match) -> [String] {
    let constant = match.statistics.filter { $0.statistics.minimum == $0.statistics.maximum && match.tensors[$0.name]?.shape.count == 4 }
    guard let first = constant.first else { return [] }
    let others = constant.count == 1 ? "" : ", and so are \(constant.count - 1) more convolutions of one number each"
    return ["Every number of \(first.name) is \(first.statistics.minimum)\(others): no training leaves that, and nothing of an image passes through a convolution of 0."]
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

extension Certificate {
  /// One digest for all bytes of the checkpoint, as `CheckpointFile.fingerprint` makes it.
  public var fingerprint: String { CheckpointFile.fingerprint(ofParts: parts.map { ($0.file, $0.sha256) }) }
}
