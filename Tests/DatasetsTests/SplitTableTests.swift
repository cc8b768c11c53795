import DatasetFixtures
import Foundation
import Foundations
import Studies
import Testing

@testable import Datasets

@Suite("A split as a table")
struct SplitTableTests {
  /// Two folders of classes without a test part, so that parts are carved.
  private func source(_ data: TemporaryData) throws -> ClassFolderSource {
    for patient in 0..<20 {
      try data.touch((0...patient % 3).map { "train/\(patient % 2 == 0 ? "SICK" : "WELL")/p\(patient)-\($0).png" })
    }
    return ClassFolderSource(training: data.path("train"), positive: "SICK", patientPattern: #"(p\d+)-"#)
  }

  @Test("A table read back gives the same data set and the same bytes, whatever rule carved it")
  func roundTrip() throws {
    let data = try TemporaryData()
    var source = try source(data)
    source.split.seed = 4
    let first = try DatasetResolver.resolve(.classFolders(source), kind: .binaryClassification)
    let table = SplitTable(first, seed: 4)
    try data.write(table.csv, to: "split.csv")
    // The file stands above what another rule would carve.
    source.split = SplitRule(validation: 0.4, test: 0.3, seed: 4, file: data.path("split.csv"))
    let second = try DatasetResolver.resolve(.classFolders(source), kind: .binaryClassification)
    #expect(second == first && second.fingerprint == first.fingerprint)
    #expect(SplitTable(second, seed: 4) == table)
    #expect(table.sha256 == Digest.sha256Hex(of: table.csv))
    source.split.file = nil
    #expect(try DatasetResolver.resolve(.classFolders(source), kind: .binaryClassification).fingerprint != first.fingerprint)
  }

  @Test("The table of a manifest is a manifest itself, of the same fingerprint")
  func manifest() throws {
    let data = try TemporaryData()
    let names = (0..<30).map { "images/\($0).png" }
    try data.touch(names)
    let rows = names.enumerated().map { [$1, $0 % 3 == 0 ? "1" : "0", $0 % 5 == 0 ? "" : "1", "p\($0 / 2)"] }
    try data.write(CSV.encode([["path", "Edema", "Mass", "patient"]] + rows), to: "table.csv")
    var source = ManifestSource(
      file: data.path("table.csv"), imageRoot: data.path, labelColumns: ["Edema", "Mass"], patientColumn: "patient")
    let first = try DatasetResolver.resolve(.manifest(source), kind: .multiLabelClassification)
    let table = SplitTable(first, seed: 0)
    #expect(table.csv.hasPrefix("path,patient,split,fraction,Edema,Mass\nimages/"))
    try data.write(table.csv, to: "split.csv")
    source.file = data.path("split.csv")
    source.splitColumn = "split"
    #expect(try DatasetResolver.resolve(.manifest(source), kind: .multiLabelClassification).fingerprint == first.fingerprint)
  }

  @Test("The column fraction says exactly which images a fraction keeps", arguments: 0..<6)
  func fractions(seed: Int) throws {
    let data = try TemporaryData()
    let splits = try DatasetResolver.resolve(.classFolders(source(data)), kind: .binaryClassification)
    let rows = try CSV.parse(SplitTable(splits, seed: seed).csv).rows
    for value in [0.3, 0.5, 0.75] {
      let kept = try splits.keeping(try #require(TrainingFraction(value)), seed: seed).training.map(\.id)
      #expect(rows.filter { Double($0[3]).map { $0 <= value } ?? false }.map { $0[0] } == kept)
    }
    #expect(rows.allSatisfy { ($0[2] == "training") == !$0[3].isEmpty })
  }

  @Test("A table that is not of this data set is refused with what differs")
  func refusals() throws {
    let data = try TemporaryData()
    var source = try source(data)
    source.split.file = data.path("split.csv")
    func sentence(_ csv: String?) throws -> String {
      if let csv { try data.write(csv, to: "split.csv") }
      do {
        _ = try DatasetResolver.resolve(.classFolders(source), kind: .binaryClassification)
        return ""
      } catch let error as DatasetsError {
        return error.description
      }
    }
    #expect(
      try sentence(nil)
        == "There is no split file at \(data.path("split.csv")). Correct `file` under `split`, or write one with: medtransfer tasks split.")
    #expect(
      try sentence("path,split\na.png,train\na.png,test\n")
        == "The split file split.csv names 1 image twice: a.png. Give every image one row.")
    #expect(
      try sentence("path,split\na.png,rest\n")
        == "Line 2 of split.csv belongs to a part “rest”, which is none. Did you mean “test”?")
    let mismatch = try sentence("path,split\na.png,train\n")
    #expect(
      mismatch.hasPrefix("The split file split.csv has no row for 39 images of the data: training/SICK/p0-0.png, ")
        && mismatch.contains(", and names 1 image that the data do not have: a.png. "), "\(mismatch)")
  }
}
