import DatasetFixtures
import Foundation
import Foundations
import Studies
import Testing

@testable import Datasets

@Suite("Strata of images from a manifest's columns")
struct ImageGroupsTests {
  private func groups(_ table: String, _ columns: [GroupColumn], change: (inout ManifestSource) -> Void = { _ in }) throws -> ImageGroups {
    let data = try TemporaryData()
    try data.write(table, to: "t.csv")
    var source = ManifestSource(file: data.path("t.csv"), imageRoot: data.path, labelColumns: ["Mass"], groupColumns: columns)
    change(&source)
    return try #require(try ImageGroups.read(.manifest(source)))
  }

  private func failure(_ table: String, _ columns: [GroupColumn]) -> String {
    #expect(throws: DatasetsError.self) { try groups(table, columns) }.map(\.description) ?? ""
  }

  /// The stratum of one value.
  private func stratum(_ values: [String], _ group: GroupColumn) -> String? { StratumRule(group).stratum(of: values) }

  @Test(
    "Ages as tables write them fall in their bands, a lower bound included, the last upper one too",
    arguments: [
      ("0", "0 to <40"), ("39.9", "0 to <40"), ("40", "40 to <65"), ("058Y", "40 to <65"), ("120", "65 to 120"), ("011M", "0 to <40"), ("005D", "0 to <40"),
      ("480M", "40 to <65"), (" 72 ", "65 to 120"), ("414", "outside 0 to 120"), ("-1", "outside 0 to 120"), ("", "unknown"), ("NA", "unknown"),
      ("nan", "unknown"), ("Unknown", "unknown"), ("None", "unknown"),
    ])
  func ages(value: String, expected: String) { #expect(stratum([value], GroupColumn("Age", bands: GroupColumn.ages)) == expected) }

  @Test("What is neither a number nor missing has no band", arguments: ["old", "58X", "Y", "5 8", "inf"])
  func illegible(value: String) { #expect(stratum([value], GroupColumn("Age", bands: GroupColumn.ages)) == nil) }

  @Test(
    "Years are counted between days, and between years where one of both is but a year",
    arguments: [
      ("20140915", "1954.0", "40 to <65"), ("20140915", "1975", "0 to <40"), ("20140915", "1974", "40 to <65"), ("2014-09-15", "1974-09-16", "0 to <40"),
      ("2014-09-15", "1974-09-15", "40 to <65"), ("20140915.0", "", "unknown"),
    ])
  func years(end: String, start: String, expected: String) {
    #expect(stratum([end, start], GroupColumn("Day", yearsSince: "Birth", bands: GroupColumn.ages)) == expected)
  }

  @Test("Days that are none are told", arguments: [("20141315", "1954"), ("yesterday", "1954"), ("20140915", "54")])
  func noDays(end: String, start: String) {
    #expect(stratum([end, start], GroupColumn("Day", yearsSince: "Birth", bands: GroupColumn.ages)) == nil)
  }

  @Test("Each image has one stratum a group, under the id of its sample")
  func reading() throws {
    let table = "path,Sex,Age,Mass\nold/1.png,F,058Y,1\nold/2.png, M ,,0\nold/3.png,,7,0\n"
    let found = try groups(table, [GroupColumn("Sex"), GroupColumn("Age", name: "Years", bands: GroupColumn.ages)]) { $0.removedPathPrefixes = ["old/"] }
    #expect(found.names == ["Sex", "Years"] && found.remarks.isEmpty)
    #expect(found.strata(of: "1.png") == ["F", "40 to <65"])
    #expect(found.strata(of: "2.png") == ["M", "unknown"])
    #expect(found.strata(of: "3.png") == ["unknown", "0 to <40"])
    #expect(found.strata(of: "4.png") == nil)
  }

  @Test("Columns of a joined table group too, and a row without a partner can stay, of unknown group")
  func joined() throws {
    let data = try TemporaryData()
    try data.touch(["1.png", "2.png", "3.png", "4.png"])
    try data.write("path,subject,Mass,split\n1.png,7,1,train\n2.png,8,0,train\n3.png,9,0,val\n4.png,7,1,test\n", to: "t.csv")
    try data.write("subject,gender\n7,F\n8,M\n", to: "patients.csv")
    var source = ManifestSource(
      file: data.path("t.csv"), imageRoot: data.path, joins: [TableJoin(file: data.path("patients.csv"), on: ["subject"], unmatched: .leaveEmpty)],
      labelColumns: ["Mass"], splitColumn: "split", groupColumns: [GroupColumn("gender")])
    let found = try #require(try ImageGroups.read(.manifest(source)))
    #expect(["1.png", "2.png", "3.png"].map { found.strata(of: $0) } == [["F"], ["M"], ["unknown"]])
    let joined = try DatasetResolver.resolve(.manifest(source), kind: .binaryClassification)
    (source.joins, source.groupColumns) = ([], [])
    #expect(try DatasetResolver.resolve(.manifest(source), kind: .binaryClassification).fingerprint == joined.fingerprint)
  }

  @Test("A table of run lengths is grouped by its rows of an image, which must agree")
  func runLengths() throws {
    let table = "ImageId, EncodedPixels,Sex\na,1 2,F\na,9 2,F\nb,-1,M\n"
    func change(_ source: inout ManifestSource) {
      (source.labelColumns, source.pathColumn, source.rleColumn, source.rleFormat) = ([], "ImageId", "EncodedPixels", .relativePairs)
    }
    let found = try groups(table, [GroupColumn("Sex")], change: change)
    #expect(found.strata(of: "a") == ["F"] && found.strata(of: "b") == ["M"])
    let error = #expect(throws: DatasetsError.self) { try groups(table.replacing("a,9 2,F", with: "a,9 2,M"), [GroupColumn("Sex")], change: change) }
    #expect(error?.description == "The rows of 1 image in t.csv are of different groups: a. Give all rows of an image the same values.")
  }

  @Test("A column that is not there is named with the nearest one, and all that is wrong is said at once")
  func faults() throws {
    let table = "path,Sex,Age,Mass\n1.png,F,old,1\n2.png,M,young,0\n"
    #expect(failure(table, [GroupColumn("Sx")]) == "The table t.csv has no column “Sx” for the group “Sx”. Did you mean “Sex”?")
    #expect(
      failure(table, [GroupColumn("Gender"), GroupColumn("Age", bands: GroupColumn.ages)])
        == "The table t.csv has no column “Gender” for the group “Gender”. Choose one of: path, Sex, Age, Mass. "
        + "2 rows of t.csv have no number for the group “Age”; the first is “old” in line 2. "
        + "Correct the column, leave it empty where nothing is known, or name other groups under groupColumns ([] for none). Correct all of these.")
  }

  @Test("A column of names is no group")
  func tooManyStrata() {
    let table = "path,patient,Mass\n" + (0..<30).map { "\($0).png,p\($0),1\n" }.joined()
    #expect(
      failure(table, [GroupColumn("patient")])
        == "The group “patient” has 30 strata, and at most 20 are told apart. Name a column with fewer values, or bands, such as \"patient:0-40-65-120\".")
  }

  @Test("A cut copy of a published table may lack a column: its images are then unknown, and that is said")
  func absent() throws {
    let found = try groups("path,Sex,Mass\n1.png,F,1\n", [GroupColumn("Sex", mayBeAbsent: true), GroupColumn("View Position", name: "View", mayBeAbsent: true)])
    #expect(found.strata(of: "1.png") == ["F", "unknown"])
    #expect(found.remarks == ["The table t.csv has no column “View Position”, so its images are of the stratum “unknown” there."])
  }
}
