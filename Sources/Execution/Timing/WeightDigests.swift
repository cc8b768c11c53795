import Containers
import Foundation
import Foundations

/// The fingerprints of weight files, so that a plan of large files reads them once and not at every start.
///
/// What is remembered lies in `UserCache`, since a study that was only planned has no folder yet. Losing it costs time, nothing else; where it
/// cannot be written, files are read again.
final class WeightDigests {
  private static let file = UserCache.file("digests")
  /// Smaller files are read in no time.
  private static let leastByteCount = 16 << 20

  private lazy var remembered = RememberedDigests(Self.file)

  /// The SHA-256 of every part of a checkpoint.
  func parts(of checkpoint: CheckpointFile) throws -> [String] {
    guard checkpoint.byteCount >= Self.leastByteCount else { return try checkpoint.partDigests() }
    let digests = try checkpoint.partDigests(remembered)
    if (try? AtomicFile.makeFolder(Self.file.deletingLastPathComponent())) != nil { try? remembered.save() }
    return digests
  }

  func fingerprint(of checkpoint: CheckpointFile) throws -> String {
    CheckpointFile.fingerprint(ofParts: zip(checkpoint.parts.map(\.lastPathComponent), try parts(of: checkpoint)).map { ($0, $1) })
  }
}
