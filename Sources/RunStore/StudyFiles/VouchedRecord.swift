internal import Foundation
internal import Foundations

/// A record of a study's output that vouches for itself: it states the SHA-256 of all else that it states.
///
/// No seal is of such a file, as it belongs to no run; a value in it that was changed, by a disk or by hand, is found out by this.
protocol VouchedRecord: Codable {
  /// Nil in records of programs that made none: these are read as they are.
  var checksum: String? { get set }
}

extension VouchedRecord {
  /// Of all but the checksum, however the file is laid out.
  func digestOfContent() -> String? {
    var plain = self
    plain.checksum = nil
    return (try? CanonicalJSON.encode(plain)).map { Digest.sha256Hex(of: $0) }
  }

  func vouched() -> Self {
    var vouched = self
    vouched.checksum = digestOfContent()
    return vouched
  }

  /// Whether what is stated is what was written.
  var isIntact: Bool { checksum == nil || checksum == digestOfContent() }
}
