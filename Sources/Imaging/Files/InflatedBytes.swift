internal import CImageCodecs

/// What gzip or deflate data hold, in memory of its own, which lives as long as the object: who uses `buffer` keeps it.
final class InflatedBytes {
  let buffer: UnsafeRawBufferPointer

  /// - Parameters:
  ///   - isRaw: Deflate data without a header, as in DICOM; else gzip or zlib.
  ///   - limit: In bytes. More is an error, or with `stopsAtLimit` left out.
  init(_ bytes: UnsafeRawBufferPointer, isRaw: Bool, limit: Int, stopsAtLimit: Bool = false) throws {
    var memory: UnsafeMutableRawPointer?
    var count = 0
    var reason = [CChar](repeating: 0, count: 200)
    let status = codecs_inflate(bytes.baseAddress, bytes.count, isRaw ? 1 : 0, limit, stopsAtLimit ? 1 : 0, &memory, &count, &reason)
    guard status == CODECS_OK, let memory else { throw FormatFailure(status: status, reason: reason) }
    buffer = UnsafeRawBufferPointer(start: memory, count: count)
  }

  /// Calls `body` with the first bytes of gzip data, fewer where there are no more.
  static func withHead<Result>(
    of bytes: UnsafeRawBufferPointer, count: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    let head = try InflatedBytes(bytes, isRaw: false, limit: count, stopsAtLimit: true)
    return try withExtendedLifetime(head) { try body(head.buffer) }
  }

  deinit { codecs_free(UnsafeMutableRawPointer(mutating: buffer.baseAddress)) }
}
