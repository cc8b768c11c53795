internal import CZlib
internal import Foundation
internal import Foundations
internal import Synchronization

/// Bytes that can be read in pieces, from any thread.
protocol ByteSource: Sendable {
  var byteCount: Int { get }
  /// Reads exactly `count` bytes, or throws.
  func read(offset: Int, count: Int) throws -> Data
}

extension ByteSource {
  /// Throws unless `count` bytes from `offset` lie within the source; no sum here can overflow.
  func check(offset: Int, count: Int) throws {
    guard offset >= 0, count >= 0, offset <= byteCount, count <= byteCount - offset else {
      throw CheckpointsError.truncated(needed: "\(count) bytes at offset \(offset)", available: byteCount)
    }
  }
}

/// A file that stays open while arrays read from it.
///
/// It is read with `pread`, not mapped: a file that shrinks while mapped kills the process, a short read throws.
final class FileByteSource: ByteSource {
  let byteCount: Int
  private let descriptor: Int32
  private let path: String

  init(_ url: URL) throws {
    path = url.path
    descriptor = Foundation.open(url.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw CheckpointsError.unreadable(url.path, reason: systemMessage(errno)) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let number = errno
      Foundation.close(descriptor)
      throw CheckpointsError.unreadable(url.path, reason: systemMessage(number))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      Foundation.close(descriptor)
      throw CheckpointsError.unreadable(url.path, reason: "it is not a regular file")
    }
    byteCount = Int(status.st_size)
  }

  deinit { Foundation.close(descriptor) }

  func read(offset: Int, count: Int) throws -> Data {
    try check(offset: offset, count: count)
    var data = Data(count: count)
    try data.withUnsafeMutableBytes { buffer in
      var done = 0
      while done < count {
        let target = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
        let step = pread(descriptor, target.baseAddress, target.count, off_t(offset + done))
        if step < 0 && errno == EINTR { continue }
        guard step >= 0 else { throw CheckpointsError.unreadable(path, reason: systemMessage(errno)) }
        guard step > 0 else {
          throw CheckpointsError.truncated(needed: "\(count) bytes at offset \(offset)", available: offset + done)
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

/// A part of another source whose CRC-32, if its writer computed one, is verified the first time that any of it is read.
final class CheckedByteSource: ByteSource {
  let name: String
  let byteCount: Int
  private let whole: any ByteSource
  private let start: Int
  private let expected: UInt32?
  private let isVerified: Mutex<Bool>

  /// The caller has checked that the part lies within `whole`.
  init(name: String, of whole: any ByteSource, offset: Int, count: Int, crc32 expected: UInt32?) {
    self.name = name
    self.whole = whole
    start = offset
    byteCount = count
    self.expected = expected
    isVerified = Mutex(expected == nil)
  }

  func read(offset: Int, count: Int) throws -> Data {
    try check(offset: offset, count: count)
    try verify()
    return try whole.read(offset: start + offset, count: count)
  }

  private func verify() throws {
    guard !isVerified.withLock({ $0 }) else { return }
    var checksum = CZlib.crc32(0, nil, 0)
    var done = 0
    while done < byteCount {
      let piece = try whole.read(offset: start + done, count: min(1 << 20, byteCount - done))
      checksum = piece.withUnsafeBytes { bytes in
        CZlib.crc32(checksum, bytes.bindMemory(to: UInt8.self).baseAddress, UInt32(bytes.count))
      }
      done += piece.count
    }
    guard UInt32(truncatingIfNeeded: checksum) == expected else { throw CheckpointsError.checksum(member: name) }
    isVerified.withLock { $0 = true }
  }
}
