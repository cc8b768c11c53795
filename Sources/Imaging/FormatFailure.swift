internal import CImageCodecs
internal import Foundation

/// Why bytes are not what they should be; the caller adds the file's name.
struct FormatFailure: Error {
  /// A code of `CImageCodecs.h`.
  let status: Int32
  /// Without a full stop.
  let reason: String

  init(status: Int32, reason: String) {
    self.status = status
    self.reason = reason
  }

  init(status: Int32, reason: [CChar]) {
    let letters = reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    self.init(status: status, reason: String(decoding: letters, as: UTF8.self))
  }

  static func truncated(_ reason: String) -> FormatFailure { FormatFailure(status: Int32(CODECS_TRUNCATED), reason: reason) }
  static func malformed(_ reason: String) -> FormatFailure { FormatFailure(status: Int32(CODECS_MALFORMED), reason: reason) }
  /// Whole bytes that say two things of one picture: a second copy would be the same.
  static func contradictory(_ reason: String) -> FormatFailure { FormatFailure(status: Int32(CODECS_CONTRADICTORY), reason: reason) }
  static func unsupported(_ reason: String) -> FormatFailure { FormatFailure(status: Int32(CODECS_UNSUPPORTED), reason: reason) }
  static func tooLarge(_ reason: String) -> FormatFailure { FormatFailure(status: Int32(CODECS_TOO_LARGE), reason: reason) }
}

/// Runs `body` and names the file in what it throws.
func naming<Result>(_ url: URL, _ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let failure as FormatFailure {
    throw ImagingError.format(url, failure)
  }
}
