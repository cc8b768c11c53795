public import Foundation
internal import Foundations

/// Appends to a file with one JSON object a line: keys sorted, numbers in their shortest round trip.
///
/// A line is one write, so a killed process leaves at worst one line cut short, which a resume cuts off. Only the holder of
/// the run's lease may have one.
public final class HistoryWriter {
  private let descriptor: Int32
  public let url: URL
  /// The bytes of the file, for a checkpoint to keep.
  public private(set) var length: Int

  /// Opens a history, made where it is missing.
  ///
  /// - Parameter resumingAt: the length that the checkpoint has noted; what was written after it is cut off. 0 starts anew.
  /// - Throws: `RunStoreError` when the file is shorter than that.
  public init(url: URL, resumingAt: Int) throws {
    try WriteGuard.check(url)
    let descriptor = open(url.path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw RunStoreError.unwritable(url, errno: errno) }
    // The properties are set last: a throw after that would run deinit too, which closes the descriptor once more.
    let found = Int(lseek(descriptor, 0, SEEK_END))
    guard found >= resumingAt else {
      close(descriptor)
      throw RunStoreError.historyTooShort(url, length: found, expected: resumingAt)
    }
    if found > resumingAt, ftruncate(descriptor, off_t(resumingAt)) != 0 {
      let number = errno
      close(descriptor)
      throw RunStoreError.unwritable(url, errno: number)
    }
    self.descriptor = descriptor
    self.url = url
    length = resumingAt
  }

  deinit { close(descriptor) }

  public func append(_ value: some Encodable) throws {
    let line = try CanonicalJSON.encode(value) + Data("\n".utf8)
    try WriteGuard.check(url, isThorough: false)
    try line.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0 {
          if errno == EINTR { continue }
          throw RunStoreError.unwritable(url, errno: errno)
        }
        rest = rest.dropFirst(count)
      }
    }
    length += line.count
  }

  /// Makes what was appended survive a loss of power; a checkpoint that notes `length` calls it first.
  public func synchronize() throws {
    guard uninterrupted({ fsync(descriptor) }) == 0 else { throw RunStoreError.unwritable(url, errno: errno) }
  }
}

extension HistoryWriter {
  /// The SHA-256 of the first bytes of a history; nil where it has not so many, or cannot be read.
  public static func digest(_ url: URL, length: Int) -> String? {
    guard length > 0 else { return Digest.sha256Hex(of: Data()) }
    guard let handle = try? FileHandle(forReadingFrom: url), let bytes = try? handle.read(upToCount: length), bytes.count == length
    else { return nil }
    return Digest.sha256Hex(of: bytes)
  }

  /// What keeps a training from going on after the first bytes of its history, as words for a person; nil for nothing.
  ///
  /// - Parameter sha256: of these bytes, as a checkpoint noted it; nil where it did not.
  public static func problem(_ url: URL, length: Int, sha256: String?) -> String? {
    guard let found = digest(url, length: length) else { return "the first \(length) bytes of history.jsonl, which it goes on from, are not there" }
    return sha256 == nil || found == sha256 ? nil : "history.jsonl has other bytes than when it was made"
  }
}
