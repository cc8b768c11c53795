internal import Foundations

/// The records of a CSV text, each with the line it begins on and read alone, so that every bad one can be named, not only the first.
struct ResultRecords {
  struct Record {
    let line: Int
    /// Nil for a record whose quotes are wrong.
    let fields: [String]?
  }

  let records: [Record]
  /// Where it is no comma, a comma is the decimal sign.
  let separator: CSV.Separator

  init(_ text: String) {
    let separator = CSV.Separator(ofFirstLine: text.utf8)
    self.separator = separator
    var records: [Record] = [], bytes: [UInt8] = []
    var line = 1, start = 1
    var isQuoted = false, isFieldStart = true, hasJustClosed = false

    func end() {
      defer { bytes.removeAll(keepingCapacity: true) }
      let record = String(decoding: bytes, as: UTF8.self)
      guard record.contains(where: { $0 != "\r" && $0 != " " && $0 != "\t" }) else { return }
      // Each record is parsed as a table of its own that has only a header. A lone `""` is an empty table.
      records.append(Record(line: start, fields: try? CSV.parse(record, separator: separator).header.map(\.trimmed)))
    }

    for byte in text.utf8 {
      if byte == UInt8(ascii: "\n") {
        line += 1
        if !isQuoted {
          end()
          (start, isFieldStart, hasJustClosed) = (line, true, false)
          continue
        }
      } else if byte == UInt8(ascii: "\"") {
        // The second of two quotes within a quoted field opens it again; a quote within a plain field is a letter.
        let opens = !isQuoted && (isFieldStart || hasJustClosed)
        hasJustClosed = isQuoted
        isQuoted = opens
        isFieldStart = false
      } else {
        hasJustClosed = false
        isFieldStart = !isQuoted && byte == separator.rawValue
      }
      bytes.append(byte)
    }
    end()
    self.records = records
  }
}

extension String {
  /// Without white space at either end.
  fileprivate var trimmed: String {
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
