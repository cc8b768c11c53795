internal import CImageCodecs
internal import Foundation

/// Why bytes are not what they should be; the caller adds the file's name.
struct FormatFailure: Error {
  /// A code of `CImageCodecs.h`.
  let status: Int32
  /// Without a full stop.
  let reason: String
  /// What the status alone does not say.
  private(set) var detail = Detail.none

  enum Detail {
    case none
    case pixels(width: Int, height: Int, limit: Int)
    /// Counted from 0.
    case picture(Int, count: Int)
  }

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
  static func tooManyPixels(width: Int, height: Int, limit: Int) -> FormatFailure {
    var failure = tooLarge("it has \(width) × \(height) pixels, more than the limit of \(limit)")
    failure.detail = .pixels(width: width, height: height, limit: limit)
    return failure
  }
  /// A picture that the file does not hold, counted from 0.
  static func absent(_ index: Int, of count: Int) -> FormatFailure {
    var failure = FormatFailure(status: Int32(CODECS_ABSENT), reason: "it has no picture \(index + 1)")
    failure.detail = .picture(index, count: count)
    return failure
  }
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
