public import Foundation

/// A file's bytes as the system maps them into memory: only what is touched is read.
///
/// For files of this program's own that are never changed once they are there. Other files are read (`FileBytes`), since a mapped
/// file that somebody cuts short ends the process.
///
/// Sendable although it holds a pointer: the bytes are mapped read-only, and the mapping is constant and lives as long as this.
public final class MappedFile: @unchecked Sendable {
  private let mapping: UnsafeRawBufferPointer

  /// Throws `ImagingError`, which names the file; also for an empty one.
  public init(_ url: URL) throws {
    let descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw ImagingError.unreadable(url, errno: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw ImagingError.unreadable(url, errno: errno) }
    guard status.st_size > 0 else { throw ImagingError.empty(url) }
    let byteCount = Int(status.st_size)
    guard let start = mmap(nil, byteCount, PROT_READ, MAP_SHARED, descriptor, 0), start != MAP_FAILED else {
      throw ImagingError.unreadable(url, errno: errno)
    }
    mapping = UnsafeRawBufferPointer(start: start, count: byteCount)
  }

  deinit { munmap(UnsafeMutableRawPointer(mutating: mapping.baseAddress), mapping.count) }

  /// Calls `body` with the bytes, which last at least as long as the call.
  public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(self) { try body(mapping) }
  }
}
