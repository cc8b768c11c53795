internal import Foundation
public import Foundations

extension CheckpointFile {
  /// The SHA-256 of every part, of which none is read that is as it was when its digest was remembered.
  public func partDigests(_ remembered: RememberedDigests) throws -> [String] { try parts.map { try remembered.digest(of: $0) } }

  /// One digest for all bytes of a checkpoint, from the names and digests of its files: the file's SHA-256, or of several files that of their
  /// names and SHA-256.
  ///
  /// It is what a run's identity holds of its weights, and equals the `fingerprint` of the certificate.
  public static func fingerprint(ofParts parts: [(file: String, sha256: String)]) -> String {
    guard parts.count != 1 else { return parts[0].sha256 }
    return Digest.sha256Hex(of: Data(parts.map { "\($0.sha256)  \($0.file)\n" }.joined().utf8))
  }
}
