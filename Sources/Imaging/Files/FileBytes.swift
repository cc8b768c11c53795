internal import Foundation

/// The bytes of a whole file in memory of their own.
///
/// Read, not mapped: a mapped file that shrinks on a network file system kills the process.
final class FileBytes {
  let buffer: UnsafeRawBufferPointer
  private let memory: UnsafeMutableRawBufferPointer

  convenience init(_ url: URL, limit: Int) throws { try self.init(head: .max, of: url, limit: limit) }

  /// The first `head` bytes of a file, or all of them.
  init(head: Int, of url: URL, limit: Int) throws {
    let descriptor = open(url.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw ImagingError.unreadable(url, errno: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw ImagingError.unreadable(url, errno: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw ImagingError.unreadable(url, errno: status.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL)
    }
    guard status.st_size > 0 else { throw ImagingError.empty(url) }
    let byteCount = min(head, Int(status.st_size))
    guard byteCount <= limit else { throw ImagingError.tooManyBytes(url, byteCount: byteCount, limit: limit) }
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 16)
    var filled = 0
    while filled < byteCount {
      let count = Foundation.read(descriptor, memory.baseAddress?.advanced(by: filled), byteCount - filled)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        let number = errno
        memory.deallocate()
        throw ImagingError.unreadable(url, errno: number)
      }
      if count == 0 { break }
      filled += count
    }
    self.memory = memory
    buffer = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(memory)[..<filled])
  }

  /// Calls `body` with the bytes, which last at least as long as the call.
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(self) { try body(buffer) }
  }

  deinit { memory.deallocate() }
}
