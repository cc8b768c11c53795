internal import Containers
internal import Foundation
internal import Foundations

/// A download that is not whole: its bytes in `NAME.partial`, and beside them what is known of the whole, so that a later
/// download goes on only where the publisher's file is still the same.
///
/// The file is locked while it is open; a process that dies gives the lock back.
final class PartialFile {
  /// What the server said of the whole file.
  struct Origin: Codable, Equatable {
    var address: String
    /// What `If-Range` takes: a strong entity tag, or a date of the last change that is old enough to be one. Equal ones mean equal bytes.
    var validator: String?
    /// What else the server says of the file's state, a weak entity tag or a recent date. Equal ones prove nothing; different ones do.
    var weakValidators: [String: String]?
    var byteCount: Int?
    /// The checksum that the server says the whole has, as `PublishedChecksum` reads it.
    var checksum: String?
  }

  let url: URL
  /// Nil where nothing is known, and then nothing can be gone on with.
  private(set) var origin: Origin?
  private(set) var byteCount: Int
  /// How many of the bytes were there when it was opened and still are.
  private(set) var keptByteCount = 0
  /// Whether bytes of one answer follow those of another.
  private(set) var isJoined = false
  private let descriptor: Int32

  private var originURL: URL { url.appendingPathExtension("json") }

  init(for target: URL) throws {
    url = target.appendingPathExtension("partial")
    descriptor = open(url.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FoundationsError.unwritable(url, errno: errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw WeightsError.downloadInWork(url)
    }
    byteCount = Int(lseek(descriptor, 0, SEEK_END))
    origin = (try? Data(contentsOf: originURL)).flatMap { try? JSONDecoder().decode(Origin.self, from: $0) }
    if origin == nil, byteCount > 0 { try truncate() }
    keptByteCount = byteCount
  }

  deinit { close(descriptor) }

  /// Drops all bytes and notes where the next ones come from.
  func restart(from origin: Origin) throws {
    try truncate()
    try AtomicFile.write(try CanonicalJSON.encodePretty(origin), to: originURL)
    self.origin = origin
  }

  private func truncate() throws {
    guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw FoundationsError.unwritable(url, errno: errno)
    }
    byteCount = 0
    keptByteCount = 0
    isJoined = false
  }

  /// Notes that the bytes to come follow those of an earlier answer.
  func join() { isJoined = true }

  func append(_ data: Data) throws {
    try data.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0 {
          if errno == EINTR { continue }
          throw FoundationsError.unwritable(url, errno: errno)
        }
        byteCount += count
        rest = rest.dropFirst(count)
      }
    }
  }

  /// The first bytes, for a look at what came.
  func head(_ count: Int) -> Data {
    var bytes = Data(count: count)
    let read = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
    return bytes.prefix(max(read, 0))
  }

  /// Makes the whole file `target`, in one step.
  func finish(as target: URL) throws {
    guard fsync(descriptor) == 0, rename(url.path, target.path) == 0 else {
      throw FoundationsError.unwritable(target, errno: errno)
    }
    unlink(originURL.path)
    try AtomicFile.synchronize(folder: target.deletingLastPathComponent())
  }

  /// Removes what came, because it is of no use.
  func discard() {
    unlink(url.path)
    unlink(originURL.path)
  }
}
