import Foundation
import PublishedCopies
import Testing

@Suite("Images that runs are asked about are looked at before", .serialized)
struct EvaluateCheckTests {
  private func write(_ data: Data, to url: URL) throws {
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: url)
  }

  @Test(
    "Masks whose levels nobody can tell are refused with the key and answered nothing; once the study says it they are asked about, and what only a training needs is not asked for"
  )
  func masks() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(SmallStudy.text(seeds: "1", tasks: [SmallStudy.lungs]), to: "study.yaml")
    #expect(try fixture.run("run", "study.yaml", "recipe.maximumSteps=1").status == 0)
    // Another hospital numbers its masks 0, 1 and 2; without 0 and 2 told apart they would all be empty.
    for number in 0..<10 {
      let image = (0..<32 * 32).map { UInt8(($0 * (number + 5) + $0 / 32 * 7) % 251) }, mask = (0..<32 * 32).map { UInt8($0 % 32 < 8 ? 1 : $0 % 32 < 14 ? 2 : 0) }
      try write(StoredPNG.gray(image, width: 32), to: fixture.url("other/images/c\(number).png"))
      try write(StoredPNG.gray(mask, width: 32), to: fixture.url("other/masks/c\(number).png"))
    }
    func other(_ more: String) -> String {
      """
      name: other
      tasks:
        hospital:
          kind: binarySegmentation
          data: {maskFolders: {training: {images: other/images, masks: other/masks}, split: {validation: 0.2, test: 0.4}\(more)}}

      """
    }
    try fixture.write(other(""), to: "other.yaml")
    func evaluate() throws -> Command.Result {
      try Command.run(["evaluate", "study.yaml", "recipe.maximumSteps=1", "--task", "lungs", "--on", "hospital", "--from", "other.yaml", "--part", "all"], in: fixture.folder)
    }
    let refused = try evaluate(), run = try #require(try fixture.runs().first)
    #expect(refused.status == 2 && refused.output.isEmpty)
    #expect(refused.errors.contains("hospital [masks.levels]: The masks have 3 levels, and which of them are object cannot be told: "), "\(refused.errors)")
    #expect(refused.errors.contains("Say it under tasks.hospital.data.maskFolders: labels: {object: [1, 2]}"), "\(refused.errors)")
    #expect(!FileManager.default.fileExists(atPath: fixture.url("runs/\(run)/external").path))
    let checked = try fixture.run("check", "other.yaml")
    #expect(checked.status == 2 && checked.output.contains("[masks.levels]"), "\(checked.errors)")
    try fixture.write(other(", labels: {lung: [1, 2]}"), to: "other.yaml")
    let asked = try evaluate()
    #expect(asked.status == 0 && asked.output.contains("lungs: 8 images; hospital (all): 10 images."), "\(asked.errors)")
    #expect(asked.errors.contains("evaluated"))
  }

  @Test("A test set whose own training part has one label alone is asked about all the same")
  func oneSided() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(SmallStudy.text(seeds: "1", tasks: [SmallStudy.effusion]), to: "study.yaml")
    #expect(try fixture.run("run", "study.yaml", "recipe.maximumSteps=1").status == 0)
    var rows = "path,Effusion,split\n"
    for number in 0..<20 {
      try write(StoredPNG.gray((0..<32 * 32).map { UInt8(($0 * (number + 5) + $0 / 32 * 7) % 251) }, width: 32), to: fixture.url("other/c\(number).png"))
      rows += "c\(number).png,\(number < 6 ? 0 : number % 2),\(number < 6 ? "train" : number < 8 ? "val" : "test")\n"
    }
    try fixture.write(rows, to: "other.csv")
    try fixture.write(
      "name: other\ntasks:\n  hospital:\n    kind: binaryClassification\n    data: {manifest: {file: other.csv, imageRoot: other, labelColumns: [Effusion], splitColumn: split}}\n",
      to: "other.yaml")
    let asked = try fixture.run("evaluate", "study.yaml", "recipe.maximumSteps=1", "--task", "effusion", "--on", "hospital", "--from", "other.yaml")
    #expect(asked.status == 0 && asked.output.contains("effusion: 8 images; hospital: 12 images."), "\(asked.errors)")
  }
}
