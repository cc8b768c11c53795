import DatasetFixtures
import Foundation
import Foundations
import Studies
import Testing

@testable import Datasets

@Suite("Tables of a manifest")
struct TableTests {
  private func resolve(_ source: ManifestSource, kind: TaskKind = .multiLabelClassification) throws -> DatasetSplits {
    try DatasetResolver.resolve(.manifest(source), kind: kind)
  }

  private func failure(_ source: ManifestSource, kind: TaskKind = .multiLabelClassification) -> String {
    #expect(throws: DatasetsError.self) { try resolve(source, kind: kind) }.map(\.description) ?? ""
  }

  /// Twelve images of one study each, their labels in a table of studies; the files in folders of their patients' first digits.
  private func joined(_ change: (inout ManifestSource) -> Void = { _ in }) throws -> (data: TemporaryData, source: ManifestSource) {
    let data = try TemporaryData()
    try data.touch((0..<12).map { "p\(1000 + $0 * 100)/\(String(1000 + $0 * 100).prefix(2))/i\($0).png" })
    let images = (0..<12).map { "i\($0),s\($0),\(1000 + $0 * 100),\(["train", "validate", "test"][$0 % 3])\n" }
    try data.write("image,study,patient,split\n" + images.joined(), to: "images.csv")
    // Another order, another place of the key, a column that nothing needs.
    let labels = (0..<12).reversed().map { "x,\($0 % 2),s\($0),\($0 % 3 == 0 ? 1 : 0)\n" }
    try data.write("unused,Edema,study,Mass\n" + labels.joined(), to: "labels.csv")
    var source = ManifestSource(
      file: data.path("images.csv"), imageRoot: data.path, pathTemplate: "p{patient}/{patient:2}/{image}.png",
      joins: [TableJoin(file: data.path("labels.csv"), on: ["study"])], labelColumns: ["Mass", "Edema"], patientColumn: "patient",
      splitColumn: "split")
    change(&source)
    return (data, source)
  }

  @Test("A joined table's columns stand beside each row with the same key, and a path is made of columns")
  func join() throws {
    let (data, source) = try joined()
    let splits = try resolve(source)
    #expect(splits.training.map(\.id) == [0, 3, 6, 9].map { "p\(1000 + $0 * 100)/\(10 + $0)/i\($0).png" })
    #expect(splits.training.map(\.labels) == [[1, 0], [1, 1], [1, 0], [1, 1]])
    #expect(splits.validation.map(\.labels) == [[0, 1], [0, 0], [0, 1], [0, 0]])
    _ = data
  }

  @Test("Rows without a partner are an error or left out, and a partner that is there twice is told")
  func partners() throws {
    let (data, source) = try joined()
    let text = try String(contentsOf: data.url.appendingPathComponent("labels.csv"), encoding: .utf8)
    try data.write(text.replacingOccurrences(of: "s3,", with: "s33,"), to: "labels.csv")
    #expect(
      failure(source)
        == "1 of 12 rows of images.csv have nothing in labels.csv with the same study, first line 5. Complete the table, or set `unmatched: leaveOut` to pass over such rows."
    )
    var lenient = source
    lenient.joins[0].unmatched = .leaveOut
    #expect(try resolve(lenient).training.count == 3)
    try data.write(text + "y,0,s4,0\n", to: "labels.csv")
    #expect(failure(source) == "Line 14 of labels.csv is the second one of study s4. Join by columns that tell its rows apart.")
    lenient.joins[0].file = data.path("other.csv")
    #expect(failure(lenient).hasPrefix("There is no table at \(data.path)/other.csv, whose columns images.csv needs."))
  }

  @Test("Only rows with one of the kept values count; a value that no row has is told with those there are")
  func keep() throws {
    let (data, source) = try joined { $0.keep = [RowFilter("Edema", ["0"])] }
    #expect(try resolve(source).all.count == 6)
    var none = source
    none.keep = [RowFilter("split", ["training"])]
    #expect(failure(none) == "No row of images.csv has training in its column “split”. Choose among: test, train and validate.")
    none.keep = [RowFilter("View", ["PA"])]
    #expect(failure(none).hasPrefix("The table images.csv has no column “View”."))
    _ = data
  }

  @Test("Several rows of an image: more than half of those that know it decide, or one is enough, or they are an error")
  func repeatedRows() throws {
    let data = try TemporaryData()
    try data.touch((0..<3).map { "\($0).png" })
    let votes = [["1", "1", "0"], ["1", "0", ""], ["", "", "0"]]
    let rows = (0..<3).flatMap { image in votes[image].map { "\(image).png,\($0),\(["train", "val", "test"][image])\n" } }
    try data.write("path,Mass,split\n" + rows.joined(), to: "t.csv")
    var source = ManifestSource(
      file: data.path("t.csv"), imageRoot: data.path, repeatedRows: .majority, labelColumns: ["Mass"], splitColumn: "split")
    // Of two that disagree neither is more than half.
    #expect(try resolve(source).all.map(\.labels) == [[1], [0], [0]])
    source.repeatedRows = .any
    #expect(try resolve(source).all.map(\.labels) == [[1], [1], [0]])
    source.repeatedRows = .error
    #expect(failure(source).hasPrefix("3 images are in t.csv more than once: 0.png, 1.png and 2.png."))
    source.repeatedRows = .majority
    try data.write("path,Mass,split\n" + rows.joined() + "0.png,1,test\n", to: "t.csv")
    #expect(failure(source) == "The rows of 0.png in t.csv name different patients or parts. Give all rows of an image the same patient and part.")
  }

  @Test("Lists without a header: words with spaces between, or commas, under the names that are given")
  func headerless() throws {
    let data = try TemporaryData()
    try data.touch((0..<3).map { "a/\($0).png" } + (0..<3).map { "b/\($0).png" })
    let lines = (0..<3).flatMap { ["a/\($0).png \(["train", "val", "test"][$0])", "b/\($0).png\t\(["train", "val", "test"][$0]) "] }
    try data.write(lines.joined(separator: "\r\n") + "\n\n", to: "list.txt")
    var source = ManifestSource(
      file: data.path("list.txt"), imageRoot: data.path, columns: ["path", "split"], columnSeparator: .space, labelListColumn: "path",
      labelPattern: "^([a-z])/", labels: ["a", "b"], splitColumn: "split")
    let splits = try resolve(source, kind: .multiclassClassification)
    #expect(splits.training.map(\.labels) == [[1, 0], [0, 1]] && splits.all.count == 6)
    try data.write(lines.map { $0.split(whereSeparator: \.isWhitespace).joined(separator: ",") + "\n" }.joined(), to: "list.csv")
    source.file = data.path("list.csv")
    source.columnSeparator = .comma
    #expect(try resolve(source, kind: .multiclassClassification).fingerprint == splits.fingerprint)
    source.columns = ["path", "split", "more"]
    source.columnSeparator = .space
    source.file = data.path("list.txt")
    #expect(failure(source) == "Line 1 of list.txt has 2 words, and the columns are path, split and more. Name as many `columns` as a line has words.")
  }

  @Test(
    "Python's lists of names",
    arguments: [
      ("['mass', 'pleural effusion']", ["mass", "pleural effusion"]), ("[]", []), ("", []), ("nan", []), ("[' mass ', \"Kerley's lines\"]", ["mass", "Kerley's lines"]),
      (#"['it\'s']"#, ["it's"]),
    ])
  func python(cell: String, names: [String]) { #expect(LabelReader.pythonNames(in: cell) == names) }

  @Test("A path template is text and columns; what cannot be one is refused")
  func templates() throws {
    let template = try #require(PathTemplate("a/{b:2}{c}.png"))
    #expect(template.pieces == [.text("a/"), .column("b", length: 2), .column("c", length: nil), .text(".png")])
    for text in ["a", "{a", "a}", "{}", "{a:0}", "{a:x}", "{a{b}}", "{a}}"] { #expect(PathTemplate(text) == nil, "\(text)") }
  }
}
