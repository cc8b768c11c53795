internal import Containers
internal import Foundation
internal import Foundations

/// A checksum as publishers give it: SHA-256 or MD5, whole, or its first digits, of which some give no more.
public struct PublishedChecksum: Hashable, Sendable, CustomStringConvertible {
  public enum Algorithm: String, Sendable { case sha256 = "SHA-256", md5 = "MD5" }

  public let algorithm: Algorithm
  /// At least 8 lowercase hexadecimal digits.
  public let digits: String

  /// Reads `HEX`, `sha256:HEX` or `md5:HEX`; without a word, 32 digits are an MD5 and any other number of them a SHA-256.
  ///
  /// - Throws: `WeightsError` for a text that is no such checksum.
  public init(_ text: String) throws {
    let parts = text.lowercased().split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard let digits = parts.last, parts.count <= 2 else { throw WeightsError.noChecksum(text) }
    let algorithm: Algorithm
    switch parts.count == 2 ? parts[0] : "" {
    case "md5": algorithm = .md5
    case "sha256", "sha-256": algorithm = .sha256
    case "": algorithm = digits.count == Algorithm.md5.digitCount ? .md5 : .sha256
    default: throw WeightsError.noChecksum(text)
    }
    guard (8...algorithm.digitCount).contains(digits.count), digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
      throw WeightsError.noChecksum(text)
    }
    self.algorithm = algorithm
    self.digits = digits
  }

  public var description: String {
    "\(algorithm.rawValue) \(digits)\(digits.count < algorithm.digitCount ? "…" : "")"
  }

  /// Whether the file has the checksum; throws when it cannot be read.
  func matches(_ digests: FileDigests) -> Bool {
    (algorithm == .md5 ? digests.md5 : digests.sha256).hasPrefix(digits)
  }
}

extension PublishedChecksum.Algorithm {
  var digitCount: Int { self == .md5 ? 32 : 64 }
}

/// Both digests of a file, from one reading.
struct FileDigests: Sendable {
  let sha256: String
  let md5: String

  init(_ url: URL) throws {
    let source = try FileByteSource(url)
    let (sha256, md5) = (Digest.Hasher(), Digest.Hasher(.md5))
    var done = 0
    while done < source.byteCount {
      let piece = try source.read(offset: done, count: min(1 << 20, source.byteCount - done))
      sha256.update(piece)
      md5.update(piece)
      done += piece.count
    }
    self.sha256 = sha256.finalizeHex()
    self.md5 = md5.finalizeHex()
  }
}
