import DatasetFixtures
import Foundation
import Foundations
import Imaging
import Studies
import Testing

@testable import Datasets

/// Tables as spreadsheets and other programs write them.
@Suite("Forms of tables")
struct TableFormsTests {
  private static let rows = [["path", "L", "patient"]] + (0..<20).map { ["i\($0).png", "\($0 % 2)", "p\($0 / 2)"] }

  private func data(_ rows: [[String]] = rows, separator: String = ",", _ encode: (String) -> Data = { Data($0.utf8) }) throws -> (data: TemporaryData, source: ManifestSource) {
    let data = try TemporaryData()
    try data.touch((0..<20).map { "img/i\($0).png" })
    let text = rows.map { $0.joined(separator: separator) + "\r\n" }.joined()
    try encode(text).write(to: data.url.appendingPathComponent("t.csv"))
    return (data, ManifestSource(file: data.path("t.csv"), imageRoot: data.path("img"), labelColumns: ["L"], patientColumn: "patient"))
  }

  private func resolve(_ source: ManifestSource) throws -> DatasetSplits { try DatasetResolver.resolve(.manifest(source), kind: .binaryClassification) }

  private func plainFingerprint() throws -> String {
    let made = try data()
    return try withExtendedLifetime(made.data) { try resolve(made.source).fingerprint }
  }

  private func failure(_ source: ManifestSource) -> String {
    #expect(throws: DatasetsError.self) { try resolve(source) }.map(\.description) ?? ""
  }

  @Test("Vertical bars that nothing else divides, lines that end in carriage returns alone, and blanks around paths make no difference either")
  func furtherSeparators() throws {
    let expected = try plainFingerprint()
    let bars = try data(separator: "|")
    #expect(try resolve(bars.source).fingerprint == expected)
    let returns = try data { Data($0.replacingOccurrences(of: "\r\n", with: "\r").utf8) }
    #expect(try resolve(returns.source).fingerprint == expected)
    let blanks = try data(Self.rows.map { [$0[0] == "path" ? "path" : " \($0[0]) ", $0[1], $0[2]] })
    #expect(try resolve(blanks.source).fingerprint == expected)
    let letters = try data(Self.rows.map { [$0[0], $0[1] == "0" ? "N" : $0[1] == "1" ? "y" : $0[1], $0[2]] })
    #expect(try resolve(letters.source).fingerprint == expected)
    // Names listed in a cell are no columns.
    let listed = try CSV.parse("path,names\na,x|y|z\n", separator: nil)
    #expect(listed.rows == [["a", "x|y|z"]])
  }

  @Test("Words and signs that stand for an unknown patient are no patient", arguments: ["-", "?", "unknown", "N.A.", "missing", "--"])
  func unknownPatients(word: String) throws {
    let made = try data(Self.rows.enumerated().map { [$1[0], $1[1], $0 > 15 ? word : $1[2]] })
    #expect(failure(made.source).hasPrefix("5 rows of t.csv name no patient, first line 17, which says “\(word)”."))
  }

  @Test(
    "Paths that are spelled as on another machine are told with what to write",
    arguments: [
      ("img\\%@", "Write / for \\ in the table's paths."), ("data/%@", "Name under `removedPathPrefixes` what stands before the files' names, or correct `imageRoot`."),
      ("%@.PNG", "Write the endings in the table in small letters, as the files have them."),
      ("C:\\data\\%@", "Write / for \\ in the table's paths, and take what stands before the files' names out of them."),
      ("/%@", "Set `removedPathPrefixes` to what stands before the part below `imageRoot`: the table names files by their place on another machine."),
      ("'%@'", "Take the quotation marks out of the table's paths."),
    ])
  func spelling(form: String, remedy: String) throws {
    let made = try data(
      Self.rows.map { row in
        if row[0] == "path" { return row }
        return [form.hasSuffix("PNG") ? row[0].replacingOccurrences(of: ".png", with: ".PNG") : form.replacingOccurrences(of: "%@", with: row[0]), row[1], row[2]]
      })
    var source = made.source
    if form.hasPrefix("img") { source.imageRoot = made.data.url.path }
    #expect(failure(source).hasSuffix(remedy), "\(failure(source))")
  }

  @Test("Names in a list that are no class are told with their rows, and before them those that look like one; what may be none is then an error alone")
  func otherNames() throws {
    func remarks(_ name: String, others: [String]? = nil) throws -> [SourceRemark] {
      let cells = ["Edema|Effusion", "No Finding", "Edema", "Effusion", name]
      let made = try data([["path", "f", "patient"]] + (0..<20).map { ["i\($0).png", cells[$0 % 5], "p\($0 / 2)"] })
      let source = ManifestSource(
        file: made.source.file, imageRoot: made.source.imageRoot, labelListColumn: "f", labels: ["Edema", "Effusion"], otherLabels: others, patientColumn: "patient")
      return try DatasetResolver.resolve(.manifest(source), kind: .multiLabelClassification).remarks
    }
    // Capitals, blanks, another separator, a Cyrillic letter, a mark that is not seen.
    for name in ["edema", "EDEMA ", "Ede ma", "Edema;Effusion", "Edem\u{430}", "Edema\u{AD}"] {
      let found = try remarks(name), shown = name.trimmingCharacters(in: .whitespaces)
      #expect(found.map(\.isWarning) == [true, false], "\(name): \(found)")
      #expect(found.first?.words == "In 4 rows of t.csv the column “f” lists what is no class and looks like one, such as “\(shown)” for “Edema”: “\(shown)” (4 rows).", "\(found)")
      #expect(found.last?.words == "2 names in the column “f” of t.csv are no class: “\(min(shown, "No Finding"))” (4 rows), “\(max(shown, "No Finding"))” (4 rows).", "\(found)")
    }
    for name in ["Hernia", "no Edema", "Edema of the lung"] { #expect(try remarks(name).map(\.isWarning) == [false], "\(name)") }
    #expect(try remarks("Edema", others: ["No Finding"]).isEmpty)
  }

  @Test("Images of one name in several folders that are not the same are told, and copies of one are not")
  func severalFolders() throws {
    let made = try data()
    try made.data.write("another", to: "more/i3.png")
    // As long as the other, and not the same.
    try made.data.write("img/i5.pnG", to: "more/i5.png")
    try FileManager.default.copyItem(atPath: made.data.path("img/i7.png"), toPath: made.data.path("more/i7.png"))
    var source = made.source
    #expect(try resolve(source).remarks.isEmpty)
    source.imageFolders = [made.data.path("more")]
    let root = URL(fileURLWithPath: made.data.path("img")).path, more = URL(fileURLWithPath: made.data.path("more")).path
    #expect(
      try resolve(source).remarks.map(\.words) == [
        "2 images of t.csv are in several folders, and not the same there: i3.png, i5.png; what is read lies in \(root), and not in \(more)."
      ])
    try made.data.touch(["root/x"])
    (source.imageRoot, source.imageFolders) = (made.data.path("root"), [made.data.path("img"), made.data.path("more")])
    #expect(try resolve(source).remarks.map(\.isWarning) == [true])
  }

  @Test("A table whose accents are written in Unicode's other way than the files' is told so")
  func accents() throws {
    let made = try data(Self.rows.map { row in row[0] == "path" ? row : ["Bild\u{E9}-" + row[0], row[1], row[2]] })
    for row in Self.rows.dropFirst() {
      try FileManager.default.copyItem(atPath: made.source.imageRoot + "/" + row[0], toPath: made.source.imageRoot + "/Bilde\u{301}-" + row[0])
    }
    #expect(failure(made.source).contains("rename the files, as with `convmv -f utf8 -t utf8 --nfc`."), "\(failure(made.source))")
  }

  @Test("A table that is another thing, or nothing, is called so")
  func foreignTables() throws {
    for (text, words) in [
      ("<!DOCTYPE html><html></html>", "is an HTML page, as a server sends for a login or an error"),
      ("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n", "is a Git LFS pointer, not the file itself"), ("\n \n", "The table t.csv is empty."),
    ] {
      let made = try data { _ in Data(text.utf8) }
      let failure = #expect(throws: (any Error).self) { try resolve(made.source) }, error = failure as? any RemediedError
      #expect(error?.problem.contains(words) == true, "\(error.map { "\($0)" } ?? "none")")
    }
  }

  @Test("Semicolons, tabs, UTF-16 in either order and byte order marks make no difference to a data set's fingerprint")
  func separators() throws {
    let expected = try plainFingerprint()
    func same(_ made: (data: TemporaryData, source: ManifestSource), _ comment: Comment) throws {
      #expect(try resolve(made.source).fingerprint == expected, comment)
    }
    try same(data(separator: ";"), "semicolon")
    try same(data(separator: "\t"), "tab")
    try same(data(separator: ";") { Data([0xEF, 0xBB, 0xBF]) + Data($0.utf8) }, "mark")
    for isBig in [false, true] {
      try same(
        data(separator: "\t") { text in
          Data(("\u{FEFF}" + text).utf16.flatMap { isBig ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0 & 255), UInt8($0 >> 8)] })
        }, "UTF-16, big endian: \(isBig)")
    }
    // A separator that is named counts, whatever the first line shows.
    let semicolons = try data(separator: ";")
    var named = semicolons.source
    named.columnSeparator = .comma
    #expect(failure(named).contains("has no column “path”"))
    _ = semicolons.data
  }

  @Test("True, yes, 1.0 and a decimal comma are labels, and other numbers are none")
  func labels() throws {
    let expected = try plainFingerprint()
    for (absent, present) in [("False", "True"), ("no", "YES"), ("0.0", "1.0"), ("\"0,0\"", "\"1,0\"")] {
      let rows = Self.rows.map { $0[1] == "0" ? [$0[0], absent, $0[2]] : $0[1] == "1" ? [$0[0], present, $0[2]] : $0 }
      let made = try data(rows)
      #expect(try resolve(made.source).fingerprint == expected, "\(present)")
      _ = made.data
    }
    let wrong = try data(Self.rows.map { $0[1] == "1" ? [$0[0], "maybe", $0[2]] : $0 })
    #expect(failure(wrong.source).contains("maybe"))
  }

  @Test("Rows of separators alone are passed over, and lines keep their numbers")
  func blankRows() throws {
    let made = try data([Self.rows[0], ["", "", ""], [" ", "", ""]] + Self.rows[1...] + [["", "", ""]])
    #expect(try resolve(made.source).fingerprint == plainFingerprint())
    let wrong = try data([Self.rows[0], ["", "", ""], ["i0.png", "7", "p0"]] + Self.rows[2...])
    #expect(failure(wrong.source).contains("line 3"))
  }

  @Test("Two columns of one name are refused where that column is read, and nowhere else")
  func repeatedColumn() throws {
    let twice = try data(Self.rows.map { $0[0] == "path" ? ["path", "L", "L"] : $0 })
    var source = twice.source
    source.patientColumn = nil
    #expect(failure(source) == "The table t.csv has 2 columns “L”, and nothing says which is meant. Rename or remove the others in the table.")
    let other = try data(Self.rows.map { $0[0] == "path" ? $0 + ["", ""] : $0 + ["x", "y"] })
    #expect(try resolve(other.source).all.count == 20)
  }

  @Test("A patient with blanks around is that patient; the words of programs for nothing are no patient", arguments: ["nan", "NA", "None", "", " "])
  func patients(word: String) throws {
    let spaced = try data(Self.rows.map { $0[0].hasSuffix("1.png") ? [$0[0], $0[1], $0[2] + " "] : $0 })
    #expect(try resolve(spaced.source).fingerprint == plainFingerprint())
    let unknown = try data(Self.rows.map { $0[2] == "p3" ? [$0[0], $0[1], word] : $0 })
    let what = word.allSatisfy(\.isWhitespace) ? "" : ", which says “\(word)”"
    #expect(
      failure(unknown.source) == "2 rows of t.csv name no patient, first line 8\(what). Fill the column in, or leave `patientColumn` out if every image is of another patient.")
  }

  @Test("Absolute paths below the root make the ids of relative ones, others are taken as they are, and lost ones are told what to do")
  func absolutePaths() throws {
    let plain = try data()
    let place = plain.data.path("img")
    let below = Self.rows.map { $0[0] == "path" ? $0 : [place + "/" + $0[0], $0[1], $0[2]] }
    try plain.data.write(below.map { $0.joined(separator: ",") + "\n" }.joined(), to: "absolute.csv")
    var source = plain.source
    let expected = try resolve(source).fingerprint
    source.file = plain.data.path("absolute.csv")
    #expect(try resolve(source).fingerprint == expected)
    // Another root: the files are where the table says.
    source.imageRoot = plain.data.path
    try plain.data.touch(["other/x.png"])
    source.imageRoot = plain.data.path("other")
    let elsewhere = try resolve(source)
    #expect(elsewhere.all.map(\.id).sorted().first == place + "/i0.png")
    #expect(elsewhere.all.allSatisfy { FileManager.default.fileExists(atPath: $0.image.files[0].path) })
    try plain.data.write(below.map { $0.joined(separator: ",").replacingOccurrences(of: place, with: "/nowhere") + "\n" }.joined(), to: "lost.csv")
    source.file = plain.data.path("lost.csv")
    #expect(failure(source).contains("Set `removedPathPrefixes`"))
  }

  @Test("Pictures choose frame, orientation and range of every sample, which changes the fingerprint; the default changes nothing")
  func pictures() throws {
    let made = try data()
    let plain = try resolve(made.source)
    func chosen(_ choices: PictureChoices) throws -> DatasetSplits {
      try DatasetResolver.resolve(.manifest(made.source), kind: .binaryClassification, pictures: choices)
    }
    #expect(try chosen(PictureChoices()).fingerprint == plain.fingerprint)
    let all = try chosen(PictureChoices(frame: 2, orientation: .asStored, range: [0, 4095]))
    let image = try #require(all.training.first).image
    #expect(image.planes.map(\.selection) == [.frame(1)] && image.orientation == .asStored && image.window?.width == 4095)
    let each = try [PictureChoices(frame: 2), PictureChoices(orientation: .asStored), PictureChoices(range: [0, 4095])].map { try chosen($0).fingerprint }
    #expect(Set(each + [plain.fingerprint]).count == 4)
  }
}
