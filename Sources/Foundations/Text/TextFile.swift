internal import CZlib
public import Foundation

/// Text from a file, plain or gzipped.
public enum TextFile {
  /// No text is longer than this many bytes. The largest published table or file of annotations has half a gigabyte.
  public static let byteLimit = 1 << 31

  /// Reads UTF-8 text, without a byte order mark, or UTF-16 text, as spreadsheets write “Unicode text”; a gzip file (by its first bytes, not its name) is inflated.
  /// What is known to be something else, such as a page that a server sent or a pointer of Git LFS, is refused by its name.
  ///
  /// - Parameter limit: More bytes than this are refused: a small gzip file may stand for any number of them.
  public static func read(_ url: URL, limit: Int = byteLimit) throws -> String {
    var bytes = [UInt8]()
    try forEachPiece(of: url, limit: limit) { bytes.append(contentsOf: $0) }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw FoundationsError.notText(url) }
    return text
  }

  /// Hands on the same text as UTF-8 in pieces of whole lines, so that the size of the file does not matter. Only a file's last piece
  /// may end within a line.
  static func forEachBlockOfLines(of url: URL, _ body: (UnsafeBufferPointer<UInt8>) throws -> Void) throws {
    var rest = [UInt8]()
    func handOn(_ bytes: UnsafeBufferPointer<UInt8>) throws {
      guard String(validating: bytes, as: UTF8.self) != nil else { throw FoundationsError.notText(url) }
      try body(bytes)
    }
    try forEachPiece(of: url) { piece in
      // A line feed is no part of another character, so what is cut behind one is valid by itself.
      guard let end = piece.lastIndex(of: UInt8(ascii: "\n")) else {
        rest.append(contentsOf: piece)
        return
      }
      rest.append(contentsOf: piece[...end])
      try rest.withUnsafeBufferPointer(handOn)
      rest.removeAll(keepingCapacity: true)
      rest.append(contentsOf: piece[(end + 1)...])
    }
    if !rest.isEmpty { try rest.withUnsafeBufferPointer(handOn) }
  }

  /// Hands on each line without its end, so that the size of the file does not matter.
  public static func forEachLine(of url: URL, _ body: (String) throws -> Void) throws {
    try forEachBlockOfLines(of: url) { block in
      for line in block.split(separator: UInt8(ascii: "\n")) {
        let end = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        try body(String(decoding: end, as: UTF8.self))
      }
    }
  }

  /// The file's text in the order it stands, as UTF-8, inflated, without a byte order mark.
  private static func forEachPiece(of url: URL, limit: Int = byteLimit, _ body: (UnsafeBufferPointer<UInt8>) throws -> Void) throws {
    // gzread passes plain files through unchanged, so one path serves both.
    let (descriptor, _) = try FileBytes.opened(url.path)
    guard let file = gzdopen(descriptor, "rb") else {
      close(descriptor)
      throw FoundationsError.unreadable(url, errno: ENOMEM)
    }
    defer { gzclose(file) }
    let piece = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 18)
    defer { piece.deallocate() }
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    var isFirst = true, total = 0
    var wide: WideText?
    while true {
      let count = gzread(file, piece.baseAddress, UInt32(piece.count))
      if count < 0 { throw FoundationsError.unreadable(url, errno: errno == 0 ? EIO : errno) }
      if count == 0 { break }
      total += Int(count)
      guard total <= limit else { throw FoundationsError.tooLong(url, limit: limit) }
      if isFirst {
        wide = WideText(beginning: piece[..<Int(count)])
        if wide == nil, let content = ForeignContent(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(piece)[..<Int(count)])) {
          throw FoundationsError.foreign(url, content)
        }
      }
      let start = isFirst && piece[..<Int(count)].starts(with: mark) ? mark.count : 0
      isFirst = false
      let bytes = UnsafeBufferPointer(rebasing: piece[start..<Int(count)])
      if wide == nil { try body(bytes) } else if let text = wide?.narrowed(bytes) { try text.withUnsafeBufferPointer(body) }
    }
    if wide?.isWithinCharacter == true { throw FoundationsError.notText(url) }
    if gzeof(file) == 0 { throw FoundationsError.unreadable(url, errno: EIO) }
  }
}
