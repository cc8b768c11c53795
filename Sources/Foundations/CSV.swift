/// Comma-separated values as RFC 4180 has them: quoted fields may hold commas, quotes (doubled) and line breaks.
public enum CSV {
  public struct Document: Sendable, Equatable {
    public var header: [String]
    public var rows: [[String]]

    public init(header: [String], rows: [[String]]) {
      self.header = header
      self.rows = rows
    }
  }

  /// Parses a table whose first line is its header. Blank lines are passed over; a row of another width is an error.
  public static func parse(_ text: String) throws -> Document {
    var rows = [[String]](), row = [String](), field = [UInt8]()
    var isQuoted = false, wasQuoted = false, line = 1, rowLine = 1
    var bytes = text.utf8.makeIterator()
    var pending: UInt8? = nil

    func endField() {
      row.append(String(decoding: field, as: UTF8.self))
      field.removeAll(keepingCapacity: true)
      wasQuoted = false
    }
    func endRow() throws {
      endField()
      defer { row.removeAll(keepingCapacity: true) }
      if row == [""] { return }
      if let width = rows.first?.count, row.count != width {
        throw FoundationsError.malformedCSV(line: rowLine, reason: "it has \(row.count) fields and the header has \(width)")
      }
      rows.append(row)
    }

    while let byte = pending ?? bytes.next() {
      pending = nil
      if isQuoted {
        if byte == quote {
          let following = bytes.next()
          if following == quote {
            field.append(quote)
          } else {
            isQuoted = false
            wasQuoted = true
            pending = following
          }
        } else {
          if byte == lineFeed { line += 1 }
          field.append(byte)
        }
      } else if byte == quote, field.isEmpty, !wasQuoted {
        isQuoted = true
      } else if byte == comma {
        endField()
      } else if byte == lineFeed {
        try endRow()
        line += 1
        rowLine = line
      } else if byte != carriageReturn {
        if wasQuoted { throw FoundationsError.malformedCSV(line: line, reason: "text follows a closing quote") }
        field.append(byte)
      }
    }
    if isQuoted { throw FoundationsError.malformedCSV(line: rowLine, reason: "a quote is never closed") }
    if !field.isEmpty || !row.isEmpty || wasQuoted { try endRow() }
    guard let header = rows.first else { throw FoundationsError.malformedCSV(line: 1, reason: "it is empty") }
    return Document(header: header, rows: Array(rows.dropFirst()))
  }

  /// Writes rows, the first of which is usually the header, quoting only where it is needed.
  public static func encode(_ rows: [[String]]) -> String {
    rows.map { $0.map(encodeField).joined(separator: ",") + "\n" }.joined()
  }

  private static func encodeField(_ field: String) -> String {
    let needsQuotes = field.utf8.contains { $0 == quote || $0 == comma || $0 == lineFeed || $0 == carriageReturn }
    return needsQuotes ? "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\"" : field
  }

  private static let quote = UInt8(ascii: "\""), comma = UInt8(ascii: ","), lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")
}
