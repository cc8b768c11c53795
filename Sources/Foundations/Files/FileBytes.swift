public import Foundation

/// Whole files in memory.
public enum FileBytes {
  /// The bytes of a file, inflated where it is gzipped (by its first bytes, not its name); nil where there is none.
  ///
  /// One open and, for most files, two reads: a report reads tens of thousands of small files.
  /// - Throws: `FoundationsError` for a file that cannot be read.
  public static func read(_ path: String) throws -> Data? {
    guard let (descriptor, size) = try openedIfThere(path) else { return nil }
    defer { close(descriptor) }
    // One byte more than it is said to have shows the end without growing.
    let data = try read(descriptor, upTo: .max, expected: size + 1, of: path)
    if data.starts(with: [0x1F, 0x8B]) { return Data(try TextFile.read(URL(fileURLWithPath: path)).utf8) }
    return data
  }

  /// The first bytes of a file as they stand; fewer where it has no more.
  public static func beginning(of path: String, count: Int) throws -> Data {
    let (descriptor, _) = try opened(path)
    defer { close(descriptor) }
    return try read(descriptor, upTo: count, expected: count, of: path)
  }

  /// Opens a file to be read. Where a pipe or a folder has its name it is an error and no wait for who writes; what a shell hands over below
  /// `/dev` may be a pipe.
  ///
  /// - Returns: a descriptor that the caller closes, and the size in bytes.
  static func opened(_ path: String) throws -> (descriptor: Int32, size: Int) {
    guard let file = try openedIfThere(path) else { throw FoundationsError.unreadable(URL(fileURLWithPath: path), errno: ENOENT) }
    return file
  }

  private static func openedIfThere(_ path: String) throws -> (descriptor: Int32, size: Int)? {
    let isHandedOver = path.hasPrefix("/dev/")
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | (isHandedOver ? 0 : O_NONBLOCK))
    guard descriptor >= 0 else {
      let number = errno
      if number == ENOENT || number == ENOTDIR { return nil }
      throw FoundationsError.unreadable(URL(fileURLWithPath: path), errno: number)
    }
    var status = stat(), number: Int32 = 0
    if fstat(descriptor, &status) != 0 { number = errno } else if status.st_mode & S_IFMT != S_IFREG, !isHandedOver { number = EISDIR }
    if number == 0 { return (descriptor, Int(status.st_size)) }
    close(descriptor)
    throw FoundationsError.unreadable(URL(fileURLWithPath: path), errno: number)
  }

  private static func read(_ descriptor: Int32, upTo limit: Int, expected: Int, of path: String) throws -> Data {
    var data = Data(count: expected), length = 0
    while length < limit {
      if length == data.count { data.append(Data(count: max(4096, data.count))) }
      let count = data.withUnsafeMutableBytes { buffer in
        Foundation.read(descriptor, buffer.baseAddress.map { $0 + length }, min(buffer.count, limit) - length)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw FoundationsError.unreadable(URL(fileURLWithPath: path), errno: errno)
      }
      if count == 0 { break }
      length += count
    }
    data.removeSubrange(length...)
    return data
  }
}
