internal import CZlib
public import Foundation

/// Text from a file, plain or gzipped.
public enum TextFile {
  /// No text is longer than this many bytes. The largest published table or file of annotations has half a gigabyte.
  public static let byteLimit = 1 << 31

  /// Reads UTF-8 text, without a byte order mark; a gzip file (by its first bytes, not its name) is inflated.
  ///
  /// - Parameter limit: More bytes than this are refused: a small gzip file may stand for any number of them.
  public static func read(_ url: URL, limit: Int = byteLimit) throws -> String {
    // gzread passes plain files through unchanged, so one path serves both.
    guard let file = gzopen(url.path, "rb") else { throw FoundationsError.unreadable(url, errno: errno) }
    defer { gzclose(file) }
    var bytes = [UInt8]()
    var piece = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = gzread(file, &piece, UInt32(piece.count))
      if count < 0 { throw FoundationsError.unreadable(url, errno: errno == 0 ? EIO : errno) }
      if count == 0 { break }
      guard bytes.count + Int(count) <= limit else { throw FoundationsError.tooLong(url, limit: limit) }
      bytes.append(contentsOf: piece[..<Int(count)])
    }
    if gzeof(file) == 0 { throw FoundationsError.unreadable(url, errno: EIO) }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw FoundationsError.notText(url) }
    return text
  }
}
