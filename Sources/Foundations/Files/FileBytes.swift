public import Foundation

/// Whole files in memory.
public enum FileBytes {
  /// The bytes of a file, inflated where it is gzipped (by its first bytes, not its name); nil where there is none.
  ///
  /// One open and, for most files, two reads: a report reads tens of thousands of small files.
  /// - Throws: `FoundationsError` for a file that cannot be read.
  public static func read(_ path: String) throws -> Data? {
    // Where a pipe has its name, opening must not wait for who writes.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      let number = errno
      if number == ENOENT || number == ENOTDIR { return nil }
      throw FoundationsError.unreadable(URL(fileURLWithPath: path), errno: number)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FoundationsError.unreadable(URL(fileURLWithPath: path), errno: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw FoundationsError.unreadable(URL(fileURLWithPath: path), errno: EISDIR) }
    // One byte more than it is said to have shows the end without growing.
    var data = Data(count: Int(status.st_size) + 1), length = 0
    while true {
      if length == data.count { data.append(Data(count: max(4096, data.count))) }
      let count = data.withUnsafeMutableBytes { buffer in
        Foundation.read(descriptor, buffer.baseAddress.map { $0 + length }, buffer.count - length)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw FoundationsError.unreadable(URL(fileURLWithPath: path), errno: errno)
      }
      if count == 0 { break }
      length += count
    }
    data.removeSubrange(length...)
    if data.starts(with: [0x1F, 0x8B]) { return Data(try TextFile.read(URL(fileURLWithPath: path)).utf8) }
    return data
  }
}
