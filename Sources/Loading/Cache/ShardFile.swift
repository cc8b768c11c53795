public import Datasets
import Foundation
import Foundations

/// The bytes of a shard, read where they are asked for.
///
/// They are read and not mapped: a file that is cut short while it is mapped ends the process with a signal, and a short read is an error
/// that says so. The file stays open, so that one which was taken away or replaced goes on to give what it gave.
final class ShardFile: Sendable {
  private let descriptor: Int32
  private let url: URL
  let byteCount: Int

  /// - Throws: `FoundationsError` where it cannot be opened, which says nothing of what is in it.
  init(_ url: URL) throws {
    let descriptor = open(url.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw FoundationsError.unreadable(url, errno: errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let number = errno
      close(descriptor)
      throw FoundationsError.unreadable(url, errno: number)
    }
    self.descriptor = descriptor
    self.url = url
    byteCount = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// So many bytes from a place on; nil where there are no more so many.
  ///
  /// - Throws: `FoundationsError` where the system does not give them now, which says nothing of what they are.
  func bytes(at offset: Int, count: Int) throws -> [UInt8]? {
    guard offset >= 0, count >= 0 else { return nil }
    let bytes = try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = 0
      while filled < count {
        let found = pread(descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, off_t(offset + filled))
        if found < 0, errno == EINTR { continue }
        if found < 0 { throw FoundationsError.unreadable(url, errno: errno) }
        guard found > 0 else { return }
        filled += found
      }
    }
    return bytes.count == count ? bytes : nil
  }

  /// Lets the process hold as many files as the system permits: a cache of a terabyte has thousands of shards.
  static func raiseLimit() {
    var limit = rlimit()
    guard getrlimit(openFilesLimit, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
    limit.rlim_cur = min(limit.rlim_max, 65_536)
    _ = setrlimit(openFilesLimit, &limit)
  }

  #if canImport(Darwin)
    private static let openFilesLimit = RLIMIT_NOFILE
  #else
    private static let openFilesLimit = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  #endif
}
