public import Foundation

/// Comma-separated values as RFC 4180 has them: quoted fields may hold commas, quotes (doubled) and line breaks. Semicolons, tabs and
/// vertical bars may stand in the commas' place, as spreadsheets and databases write them. Lines end in a line feed, with a carriage return
/// before it or, as on old Macs, in its place.
public enum CSV {
  /// What stands between two fields.
  public enum Separator: UInt8, Sendable, CaseIterable {
    case comma = 0x2C, semicolon = 0x3B, tab = 0x09, bar = 0x7C

    /// The one that divides a text's first line that is not blank into the most fields; a comma where none does more. Bars count only
    /// where nothing else divides: they stand within cells that list names.
    public init(ofFirstLine text: some Sequence<UInt8>) {
      var counts = [Separator: Int](), isQuoted = false, isBlank = true
      for byte in text {
        if byte == CSV.quote { isQuoted.toggle() }
        if isQuoted { continue }
        if byte == CSV.lineFeed || byte == CSV.carriageReturn {
          if isBlank { continue }
          break
        }
        isBlank = false
        if let separator = Separator(rawValue: byte) { counts[separator, default: 0] += 1 }
      }
      if counts.count > 1 { counts[.bar] = nil }
      self = Self.allCases.reduce(.comma) { counts[$1, default: 0] > counts[$0, default: 0] ? $1 : $0 }
    }
  }

  public struct Document: Sendable, Equatable {
    public var header: [String]
    public var rows: [[String]]

    public init(header: [String], rows: [[String]]) {
      self.header = header
      self.rows = rows
    }
  }

  /// Parses a table whose first line is its header. Blank lines, and rows of separators alone, are passed over; a row of another width is
  /// an error.
  ///
  /// - Parameter separator: nil takes the one that the first line shows.
  public static func parse(_ text: String, separator: Separator? = .comma) throws -> Document {
    var rows = [[String]]()
    let header = try scan(text, separator: separator, columns: { Array($0.indices) }) { rows.append($1) }
    return Document(header: header, rows: rows)
  }

  /// Walks over a table whose first line is its header and hands on some columns of each row, without keeping the rest.
  ///
  /// - Parameters:
  ///   - separator: nil takes the one that the first line shows.
  ///   - columns: The places of the wanted columns in the header that it is given.
  ///   - row: Gets the line on which a row begins and the wanted cells, in the order of `columns`.
  /// - Returns: The header.
  @discardableResult
  public static func scan(
    _ text: String, separator: Separator? = .comma, columns: (_ header: [String]) throws -> [Int],
    row body: (_ line: Int, _ cells: [String]) throws -> Void
  ) throws -> [String] {
    var scanner = Scanner(separator: separator)
    var text = text
    try text.withUTF8 { try scanner.walk($0, columns: columns, body) }
    return try scanner.end(columns: columns, body)
  }

  /// As above over a file, plain or gzipped, without keeping its text: two million rows take seconds and no memory.
  ///
  /// - Throws: `FoundationsError` for what is not UTF-8 or no table.
  @discardableResult
  public static func scan(
    contentsOf file: URL, separator: Separator? = .comma, columns: (_ header: [String]) throws -> [Int],
    row body: (_ line: Int, _ cells: [String]) throws -> Void
  ) throws -> [String] {
    var scanner = Scanner(separator: separator)
    try TextFile.forEachBlockOfLines(of: file) { try scanner.walk($0, columns: columns, body) }
    return try scanner.end(columns: columns, body)
  }

  private struct Scanner {
    struct Row {
      let line: Int
      let width: Int
      let cells: [String]
    }

    var header: [String]?
    private var separator: UInt8?
    /// For each column its place among the wanted cells, nil for columns that are not wanted; all are while the header is read.
    private var places: [Int?]?
    private var wantedCount = 0
    private var cells = [String](), field = [UInt8](), column = 0
    private var isQuoted = false, quoteMayEnd = false, wasQuoted = false, isEmptyField = true
    private var line = 1, rowLine = 1
    /// Whether a carriage return was met that a line feed may follow.
    private var isAfterReturn = false
    /// Whether nothing but separators and blanks has been met in this row.
    private var isEmptyRow = true
    private var isAtStart = true

    init(separator: Separator?) { self.separator = separator?.rawValue }

    mutating func walk(
      _ bytes: UnsafeBufferPointer<UInt8>, columns: (_ header: [String]) throws -> [Int], _ body: (_ line: Int, _ cells: [String]) throws -> Void
    ) throws {
      // Pieces are whole lines, and nothing has been read where no separator is known.
      var bytes = bytes[...]
      if isAtStart, let stated = Self.statedSeparator(bytes), separator == nil || separator == stated.byte {
        (separator, line, rowLine) = (stated.byte, 2, 2)
        bytes = bytes.dropFirst(stated.length)
      }
      isAtStart = false
      if separator == nil { separator = Separator(ofFirstLine: bytes).rawValue }
      for byte in bytes {
        if isAfterReturn {
          isAfterReturn = false
          if byte != lineFeed, let row = endLine() { try handOn(row, columns: columns, body) }
        }
        if let row = try take(byte) { try handOn(row, columns: columns, body) }
      }
    }

    /// What a first line “sep=;” says, as Excel writes and reads it, and how long that line is.
    private static func statedSeparator(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> (byte: UInt8, length: Int)? {
      let start = Array(bytes.prefix(7))
      guard start.count > 5, start.prefix(4).map({ $0 | 32 }).elementsEqual([0x73, 0x65, 0x70, 0x3D | 32]), Separator(rawValue: start[4]) != nil else { return nil }
      if start[5] == lineFeed { return (start[4], 6) }
      guard start[5] == carriageReturn else { return nil }
      return (start[4], start.count > 6 && start[6] == lineFeed ? 7 : 6)
    }

    /// Hands on the last row, where no line break ends it. Returns the header.
    mutating func end(
      columns: (_ header: [String]) throws -> [Int], _ body: (_ line: Int, _ cells: [String]) throws -> Void
    ) throws -> [String] {
      if let row = try finish() { try handOn(row, columns: columns, body) }
      guard let header else { throw FoundationsError.emptyTable() }
      return header
    }

    private var isWanted: Bool { places.map { column < $0.count && $0[column] != nil } ?? true }

    private mutating func take(_ byte: UInt8) throws -> Row? {
      if isQuoted {
        if quoteMayEnd {
          quoteMayEnd = false
          if byte == quote {
            append(byte)
            return nil
          }
          isQuoted = false
          wasQuoted = true
        } else if byte == quote {
          quoteMayEnd = true
          return nil
        } else {
          if byte == lineFeed { line += 1 }
          append(byte)
          return nil
        }
      }
      switch byte {
      case quote where isEmptyField && !wasQuoted: isQuoted = true
      case separator: endField()
      case lineFeed: return endLine()
      case carriageReturn: isAfterReturn = true
      default:
        if wasQuoted { throw FoundationsError.malformedCSV(line: line, reason: "text follows a closing quote") }
        append(byte)
      }
      return nil
    }

    private mutating func endLine() -> Row? {
      let row = endRow()
      line += 1
      rowLine = line
      return row
    }

    private mutating func append(_ byte: UInt8) {
      isEmptyField = false
      if byte != 0x20, byte != 0x09 { isEmptyRow = false }
      if isWanted { field.append(byte) }
    }

    private mutating func endField() {
      if let places {
        if column < places.count, let place = places[column] { cells[place] = String(decoding: field, as: UTF8.self) }
      } else {
        cells.append(String(decoding: field, as: UTF8.self))
      }
      field.removeAll(keepingCapacity: true)
      (wasQuoted, isEmptyField) = (false, true)
      column += 1
    }

    private mutating func endRow() -> Row? {
      let isBlank = column == 0 && isEmptyField || isEmptyRow && header != nil
      isEmptyRow = true
      endField()
      defer {
        column = 0
        cells = places == nil ? [] : [String](repeating: "", count: wantedCount)
      }
      return isBlank ? nil : Row(line: rowLine, width: column, cells: cells)
    }

    private mutating func finish() throws -> Row? {
      if isQuoted, !quoteMayEnd { throw FoundationsError.malformedCSV(line: rowLine, reason: "a quote is never closed") }
      return column > 0 || !isEmptyField || wasQuoted || quoteMayEnd ? endRow() : nil
    }

    private mutating func handOn(
      _ row: Row, columns: (_ header: [String]) throws -> [Int], _ body: (_ line: Int, _ cells: [String]) throws -> Void
    ) throws {
      guard let header else {
        let wanted = try columns(row.cells)
        header = row.cells
        var places = [Int?](repeating: nil, count: row.cells.count)
        for (place, column) in wanted.enumerated() { places[column] = place }
        self.places = places
        wantedCount = wanted.count
        cells = [String](repeating: "", count: wantedCount)
        return
      }
      guard row.width == header.count else {
        throw FoundationsError.malformedCSV(line: row.line, reason: "it has \(row.width) fields and the header has \(header.count)")
      }
      try body(row.line, row.cells)
    }
  }

  /// Writes rows, the first of which is usually the header, quoting only where it is needed.
  public static func encode(_ rows: [[String]]) -> String {
    rows.map(encode).joined()
  }

  /// One row, with its line feed.
  public static func encode(_ row: [String]) -> String { row.map(encodeField).joined(separator: ",") + "\n" }

  /// One row with another separator.
  public static func encode(_ row: [String], separator: Separator) -> String {
    row.map { "\"" + $0.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\"" }
      .joined(separator: String(UnicodeScalar(separator.rawValue))) + "\n"
  }

  /// One field, quoted only where it is needed.
  public static func encodeField(_ field: String) -> String {
    let needsQuotes = field.utf8.contains { $0 == quote || $0 == comma || $0 == lineFeed || $0 == carriageReturn }
    return needsQuotes ? "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\"" : field
  }

  fileprivate static let quote = UInt8(ascii: "\""), comma = UInt8(ascii: ","), lineFeed = UInt8(ascii: "\n")
  fileprivate static let carriageReturn = UInt8(ascii: "\r")
}
