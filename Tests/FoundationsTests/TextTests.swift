import Foundation
import Testing

@testable import Foundations

@Suite("Tables, CSV, JSON and near names")
struct TextTests {
  @Test("CSV survives commas, quotes and line breaks in fields")
  func csvRoundTrip() throws {
    let rows = [["path", "note"], ["a,b.png", "he said \"no\""], ["c.png", "two\nlines"], ["", "x"]]
    let document = try CSV.parse(CSV.encode(rows))
    #expect([document.header] + document.rows == rows)
  }

  @Test("Excel's first line “sep=;” is the separator and no row; lines are counted with it", arguments: ["\n", "\r\n", "\r"])
  func statedSeparator(end: String) throws {
    let text = ["sep=;", "a;b", "1,5;x", "2;y"].joined(separator: end)
    let table = try CSV.parse(text, separator: nil)
    #expect(table.header == ["a", "b"] && table.rows == [["1,5", "x"], ["2", "y"]])
    var lines = [Int]()
    try CSV.scan(text, separator: .semicolon, columns: { Array($0.indices) }) { line, _ in lines.append(line) }
    #expect(lines == [3, 4])
    // A column of that name, and another separator than the one that was asked for, are what they were.
    #expect(try CSV.parse("sep=x,b\n1,2", separator: nil).header == ["sep=x", "b"])
    #expect(try CSV.parse("sep=;,b\n1,2").header == ["sep=;", "b"])
  }

  @Test(
    "HEIC, AVIF, videos and SVG are called by their names",
    arguments: [
      ("\0\0\0\u{18}ftypheic", "a HEIC picture, as phones take"), ("\0\0\0\u{18}ftypmif1", "a HEIC picture, as phones take"), ("\0\0\0\u{20}ftypavif", "an AVIF picture"),
      ("\0\0\0\u{20}ftypisom", "a video"), ("<?xml version=\"1.0\"?>\n<svg xmlns=\"x\">", "an SVG drawing, which has no pixels"), ("<svg>", "an SVG drawing, which has no pixels"),
      ("<?xml version=\"1.0\"?><Error/>", "an XML document, as a server sends for an error"),
    ])
  func foreignPictures(text: String, name: String) {
    #expect(Array(text.utf8).withUnsafeBytes { ForeignContent($0)?.name } == name)
  }

  @Test("CSV with Windows line ends and no final one reads the same")
  func csvLineEnds() throws {
    let document = try CSV.parse("a,b\r\n1,2\r\n\r\n3,4")
    #expect(document == CSV.Document(header: ["a", "b"], rows: [["1", "2"], ["3", "4"]]))
  }

  @Test(
    "A malformed table is named with its line",
    arguments: [
      ("a,b\n1\n", "Line 2 of the table is not valid CSV: it has 1 fields and the header has 2."),
      ("a\n\"x\n", "Line 2 of the table is not valid CSV: a quote is never closed."),
      ("a\n\"x\"y\n", "Line 2 of the table is not valid CSV: text follows a closing quote."),
      ("", "The table is empty."),
    ])
  func csvErrors(text: String, problem: String) {
    let error = #expect(throws: FoundationsError.self) { try CSV.parse(text) }
    #expect(error?.problem == problem)
  }

  @Test("Canonical JSON sorts keys and writes doubles that read back exactly")
  func canonicalJSON() throws {
    let text = try CanonicalJSON.encodeText(["b": 0.1 + 0.2, "a": 1e-4])
    #expect(text == #"{"a":0.0001,"b":0.30000000000000004}"#)
  }

  @Test(
    "The nearest name is found when one is near",
    arguments: [("learningrate", "learningRate"), ("batchsize", "batchSize"), ("epoch", "epochs"), ("sede", "seed")])
  func nearestNames(name: String, expected: String) {
    #expect(nearest(name, in: ["learningRate", "batchSize", "epochs", "seed"]) == expected)
  }

  @Test("Nothing is suggested when nothing is near")
  func nothingNear() {
    #expect(nearest("optimiser", in: ["threads", "seeds"]) == nil)
    #expect(suggestion(for: "zzz", in: ["threads", "seeds"]) == "Choose one of: threads, seeds.")
  }

  @Test("A long list of names is cut and says how many more there are; one that fits is whole")
  func firstOfMany() {
    #expect(firstFew(["a", "b", "c", "d"]) == "a, b, c and 1 more")
    #expect(firstFew(["a", "b", "c"]) == "a, b, c")
    #expect(firstFew(["a", "b", "c"], atMost: 1) == "a and 2 more")
    #expect(firstFew([]) == "")
  }

  @Test("A table aligns its columns, in text and in Markdown")
  func tables() {
    var table = Table(columns: [.init("task"), .init("random", .right)])
    table.append(["vessels", "71.02 ± 0.31"])
    table.append(["lungs|x", "–"])
    #expect(
      table.rendered() == """
        task           random
        ───────  ────────────
        vessels  71.02 ± 0.31
        lungs|x             –

        """)
    #expect(
      table.markdown() == """
        | task | random |
        |---|---:|
        | vessels | 71.02 ± 0.31 |
        | lungs\\|x | – |

        """)
  }

  @Test("A table read from its file in pieces is the table of its text, plain and gzipped, whatever stands at a piece's end")
  func tableInPieces() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pieces-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("table.csv")
    // More than two pieces of 256 KB; characters of several bytes and quoted line breaks fall on every place of their ends.
    let rows = (0..<9_000).map { "\($0),\"é\n\(String(repeating: "ö", count: $0 % 71))\",last" }
    for (mark, end) in [("", "\n"), ("\u{FEFF}", "")] {
      let text = "number,text,end\n" + rows.joined(separator: "\n") + end
      try Data((mark + text).utf8).write(to: file)
      var expected = [[String]](), found = [[String]](), lines = [Int](), foundLines = [Int]()
      let header = try CSV.scan(text, columns: { _ in [1, 0] }) { line, cells in
        expected.append(cells)
        lines.append(line)
      }
      let foundHeader = try CSV.scan(contentsOf: file, columns: { _ in [1, 0] }) { line, cells in
        found.append(cells)
        foundLines.append(line)
      }
      #expect(found == expected && foundLines == lines && found.count == 9_000 && foundHeader == header)
      #expect(try TextFile.read(file) == text)
    }
    try Data([0x61, 0x0A, 0xFF, 0x0A]).write(to: file)
    let error = #expect(throws: FoundationsError.self) { try CSV.scan(contentsOf: file, columns: { _ in [0] }) { _, _ in } }
    #expect(error == FoundationsError.notText(file))
  }
}
