import Foundation
import Studies
import Testing

@Suite("Groups of a manifest's images")
struct GroupColumnTests {
  private static let text = """
    initializations: {random: random}
    tasks:
      findings:
        kind: binaryClassification
        data: {manifest: {file: a.csv, labelColumns: [Mass]}}
    """

  private func columns(_ override: String) throws -> [GroupColumn] {
    try StudyText.decode(Self.text, ["tasks.findings.data.manifest.groupColumns=\(override)"]).tasks[0].data.groupColumns
  }

  private func sentences(_ override: String) -> [String] {
    let prefix = "override tasks.findings.data.manifest.groupColumns=\(override): "
    return StudyText.violations(Self.text, ["tasks.findings.data.manifest.groupColumns=\(override)"]).map {
      $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : $0
    }
  }

  @Test("A column, a column with bands, and one that is spelled out")
  func reading() throws {
    #expect(
      try columns(#"[Sex, "Age:0-40-65-120", {column: "Study:Day", name: Years, yearsSince: Birth, bands: [-1, 0.5, 2]}]"#) == [
        GroupColumn("Sex"), GroupColumn("Age", bands: [0, 40, 65, 120]),
        GroupColumn("Study:Day", name: "Years", yearsSince: "Birth", bands: [-1, 0.5, 2]),
      ])
    #expect(try columns("[]").isEmpty)
  }

  @Test("All that is wrong with groups is said at once, each with a remedy")
  func violations() {
    #expect(
      sentences(#"["Age:0-40-x", "BMI:30-18", Sex, {column: SEX}, {colunm: View, column: View, yearsSince: Birth}]"#) == [
        #"The bands of the group “Age:0-40-x” cannot be read. Write a column, a colon and rising bounds with hyphens between them, such as "Age:0-40-65-120"; a column with a colon in its name is written {column: "Age:0-40-x"}."#,
        "There is no key “colunm” in tasks.findings.data.manifest.groupColumns. Did you mean “column”?",
        #"The bounds 30, 18 of the group “BMI” make no two bands. Give three bounds or more, such as "Age:0-40-65-120"."#,
        "The bounds 30, 18 of the group “BMI” do not rise. Write each once, the lowest first.",
        "The group “View” counts years and has no bands, so that each year would be a stratum. Add bands, such as [0, 40, 65, 120].",
        "Groups repeat the name “SEX”, “Sex”. Name each once, or give one another name: {column: SEX, name: …}.",
      ])
    #expect(sentences("Sex") == ["tasks.findings.data.manifest.groupColumns is “Sex”, not a list. Write it in brackets, such as [a, b]."])
  }

  @Test(
    "A source without a table of images refuses groups in words of its own",
    arguments: [
      ("binarySegmentation", "maskFolders: {training: {images: i, masks: m}, groupColumns: [Sex]}", "maskFolders", "it has no table with a row an image"),
      ("binaryClassification", "classFolders: {training: t, positive: p, groupColumns: [Sex]}", "classFolders", "it has no table with a row an image"),
      ("binaryClassification", "sliceTable: {file: t.csv, labelColumns: [PE], groupColumns: [Sex]}", "sliceTable", "groups are read from a manifest's table alone"),
    ])
  func refused(kind: String, data: String, source: String, reason: String) {
    let text = "initializations: {random: random}\ntasks:\n  t:\n    kind: \(kind)\n    data: {\(data)}\n"
    #expect(
      StudyText.violations(text) == [
        "line 5: tasks.t.data.\(source) cannot have groupColumns: \(reason). Remove the key, or give the images as a manifest with a column for each group."
      ])
  }

  @Test("Groups are no part of a run's identity")
  func identity() throws {
    let plain = try Plan(StudyText.decode(Self.text), fingerprints: namedFingerprints)
    let grouped = try Plan(StudyText.decode(Self.text, ["tasks.findings.data.manifest.groupColumns=[Sex]"]), fingerprints: namedFingerprints)
    #expect(!grouped.study.tasks[0].data.groupColumns.isEmpty && plain.cells == grouped.cells)
  }

  @Test("Published tables that have them are grouped by sex, age and view, and a copy of one may take the groups away")
  func builtIn() throws {
    func groups(_ name: String) throws -> [GroupColumn] { try BuiltInTaskCatalog.named(name).data.groupColumns }
    #expect(try groups("DXC14").map(\.column) == ["Patient Gender", "Patient Age", "View Position"])
    #expect(try groups("DXC5").map(\.name) == ["Sex", "Age", "View", "AP/PA"])
    #expect(try groups("MIMIC-CXR").map(\.column) == ["ViewPosition"])
    #expect(try groups("PadChest").map(\.columns) == [["PatientSex_DICOM"], ["StudyDate_DICOM", "PatientBirth"], ["Projection"]])
    let text = """
      initializations: {random: random}
      tasks:
        NIH: {builtIn: DXC14, root: /data, data: {manifest: {groupColumns: []}}}
      """
    #expect(try StudyText.decode(text).tasks[0].data.groupColumns.isEmpty)
  }

  @Test("Bands come in their order, other strata by their letters, and what is not compared at the end")
  func order() {
    #expect(
      StratumNames.ordered(["unknown", "100 to 120", "9 to <40", "outside 9 to 120", "40 to <100"])
        == ["9 to <40", "40 to <100", "100 to 120", "outside 9 to 120", "unknown"])
    #expect(StratumNames.ordered(["PA", "AP", "unknown"]) == ["AP", "PA", "unknown"])
    #expect(StratumNames.isCompared("outside hospital") && !StratumNames.isCompared("outside 0 to 120") && !StratumNames.isCompared("unknown"))
  }
}
