internal import CDeflate
package import Foundation
internal import Foundations
internal import Synchronization

/// Bytes that can be read in pieces, from any thread.
package protocol ByteSource: Sendable {
  var byteCount: Int { get }
  /// Reads exactly `count` bytes, or throws.
  func read(offset: Int, count: Int) throws -> Data
}

extension ByteSource {
  /// Throws unless `count` bytes from `offset` lie within the source; no sum here can overflow.
  func check(offset: Int, count: Int) throws {
    guard offset >= 0, count >= 0, offset <= byteCount, count <= byteCount - offset else {
      throw ContainersError.truncated(needed: "\(count) bytes at offset \(offset)", available: byteCount)
    }
  }
}

/// A file that stays open while arrays read from it.
///
/// It is read with `pread`, not mapped: a file that shrinks while mapped kills the process, a short read throws.
package final class FileByteSource: ByteSource {
  package let byteCount: Int
  private let descriptor: Int32
  private let path: String

  package init(_ url: URL) throws {
    path = url.path
    descriptor = Foundation.open(url.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw ContainersError.unreadable(url.path, errno: errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let number = errno
      Foundation.close(descriptor)
      throw ContainersError.unreadable(url.path, errno: number)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      Foundation.close(descriptor)
      throw ContainersError.unreadable(url.path, reason: "it is not a regular file")
    }
    byteCount = Int(status.st_size)
  }

  /// A temporary file without a name, which goes when this object or the process does, filled by `fill` piece by piece:
  /// for bytes that must be unpacked before they can be read in any order.
  init(temporary fill: (_ append: (Data) throws -> Void) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("medtransfer-XXXXXX").path
    var template = Array(path.utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw ContainersError.noTemporaryFile(path, reason: systemMessage(errno)) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unlink(template)
    var written = 0
    do {
      try fill { piece in
        guard Self.write(piece, to: descriptor) else {
          throw ContainersError.noTemporaryFile(path, reason: systemMessage(errno))
        }
        written += piece.count
      }
    } catch {
      Foundation.close(descriptor)
      throw error
    }
    self.path = path
    self.descriptor = descriptor
    byteCount = written
  }

  private static func write(_ data: Data, to descriptor: Int32) -> Bool {
    data.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let rest = UnsafeRawBufferPointer(rebasing: buffer[done...])
        let step = Foundation.write(descriptor, rest.baseAddress, rest.count)
        if step < 0 && errno == EINTR { continue }
        guard step > 0 else { return false }
        done += step
      }
      return true
    }
  }

  /// Lends the open file to C.
  func withDescriptor<Result>(_ body: (Int32) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(self) { try body(descriptor) }
  }

  deinit { Foundation.close(descriptor) }

  package func read(offset: Int, count: Int) throws -> Data {
    try check(offset: offset, count: count)
    var data = Data(count: count)
    try data.withUnsafeMutableBytes { buffer in
      var done = 0
      while done < count {
        let target = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
        let step = pread(descriptor, target.baseAddress, target.count, off_t(offset + done))
        if step < 0 && errno == EINTR { continue }
        guard step >= 0 else { throw ContainersError.unreadable(path, errno: errno) }
        guard step > 0 else {
          throw ContainersError.truncated(needed: "\(count) bytes at offset \(offset)", available: offset + done)
        }
        done += step
      }
    }
    return data
  }
}

/// Bytes held in memory.
struct MemoryByteSource: ByteSource {
  let data: Data
  var byteCount: Int { data.count }

  func read(offset: Int, count: Int) throws -> Data {
    try check(offset: offset, count: count)
    let start = data.startIndex + offset
    return Data(data[start..<start + count])
  }
}

/// What the writer of some bytes says about them, so that damage is noticed.
enum Checksum: Equatable {
  case crc32(UInt32)
  case crc32c(UInt32)

  /// The running checksum of the same kind after more bytes; the start is 0.
  fileprivate func updated(_ running: UInt32, with piece: Data) -> UInt32 {
    switch self {
    case .crc32:
      // libdeflate's, since zlib's takes three quarters of the time of opening a checkpoint.
      piece.withUnsafeBytes { $0.isEmpty ? running : libdeflate_crc32(running, $0.baseAddress, $0.count) }
    case .crc32c: CRC32C.updated(running, with: piece)
    }
  }

  fileprivate var value: UInt32 {
    switch self {
    case .crc32(let value), .crc32c(let value): value
    }
  }

  fileprivate func failure(of name: String) -> ContainersError {
    switch self {
    case .crc32: .checksum(member: name)
    case .crc32c: .checksum(array: name)
    }
  }
}

/// A part of another source whose checksum, if its writer computed one, is verified the first time that any of it is read.
final class CheckedByteSource: ByteSource {
  let name: String
  let byteCount: Int
  private let whole: any ByteSource
  private let start: Int
  private let expected: Checksum?
  private let isVerified: Mutex<Bool>

  /// The caller has checked that the part lies within `whole`.
  init(name: String, of whole: any ByteSource, offset: Int, count: Int, checksum expected: Checksum?) {
    self.name = name
    self.whole = whole
    start = offset
    byteCount = count
    self.expected = expected
    isVerified = Mutex(expected == nil)
  }

  convenience init(name: String, of whole: any ByteSource, offset: Int, count: Int, crc32 expected: UInt32?) {
    self.init(name: name, of: whole, offset: offset, count: count, checksum: expected.map(Checksum.crc32))
  }

  func read(offset: Int, count: Int) throws -> Data {
    try check(offset: offset, count: count)
    guard let expected, !isVerified.withLock({ $0 }) else { return try whole.read(offset: start + offset, count: count) }
    // Who asks for most of it gets it from the bytes that were verified, so that they are read once.
    if count >= byteCount / 2 {
      let all = try whole.read(offset: start, count: byteCount)
      try conclude(expected, expected.updated(0, with: all))
      return count == byteCount ? all : Data(all[all.startIndex + offset..<all.startIndex + offset + count])
    }
    var running: UInt32 = 0
    var done = 0
    while done < byteCount {
      let piece = try whole.read(offset: start + done, count: min(1 << 20, byteCount - done))
      running = expected.updated(running, with: piece)
      done += piece.count
    }
    try conclude(expected, running)
    return try whole.read(offset: start + offset, count: count)
  }

  private func conclude(_ expected: Checksum, _ found: UInt32) throws {
    guard found == expected.value else { throw expected.failure(of: name) }
    isVerified.withLock { $0 = true }
  }
}
