import Foundation
import PublishedCopies
import Testing

@Suite("All data are looked at before any training, once, and what was found stands in plan, report and pack", .serialized)
struct CheckCommandTests {
  private static let recipe = "recipe: {architecture: resnet18, inputSize: 32, batchSize: 4, epochs: 1, augmentation: none, testTimeAugmentation: none}"

  private func picture(_ number: Int, shift: Int = 0) -> Data {
    StoredPNG.gray(
      (0..<32 * 32).map { place in
        let block = UInt64(number * 4096 + place % 32 / 4 * 64 + place / 32 / 4 + 1) &* 0x9E37_79B9_7F4A_7C15
        return UInt8((Int((block ^ block >> 29) >> 32 & 127) + shift) & 255)
      }, width: 32)
  }

  private func write(_ data: Data, to url: URL) throws {
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: url)
  }

  private func study(_ task: String) -> String {
    "name: looked\noutput: runs\nseeds: [1]\ndevice: cpu\nthreads: 1\nexamples: false\n\(Self.recipe)\ninitializations: {random: random}\ntasks:\n  a: \(task)\n"
  }

  private func masks(_ level: (Int, Int) -> Int) throws -> StudyFixture {
    let fixture = try StudyFixture()
    for number in 0..<10 {
      try write(picture(number), to: fixture.url("images/c\(number).png"))
      try write(StoredPNG.gray((0..<32 * 32).map { UInt8(level($0 % 32, $0 / 32)) }, width: 32), to: fixture.url("masks/c\(number).png"))
    }
    try fixture.write(
      study("{kind: binarySegmentation, data: {maskFolders: {training: {images: images, masks: masks}, split: {validation: 0.2, test: 0.2}}}}"), to: "study.yaml")
    return fixture
  }

  @Test("Masks that number three classes are refused by check, plan and run with one sentence and exit code 2; labels settle it")
  func masksOfThreeClasses() throws {
    let fixture = try masks { x, _ in x < 8 ? 1 : x < 16 ? 2 : 0 }
    for command in ["check", "plan", "run"] {
      let refused = try fixture.run(command, "study.yaml")
      #expect(refused.status == 2, "\(command): \(refused.errors)")
      let said = refused.output + refused.errors
      #expect(
        said.contains("[masks.levels]") && said.contains("The masks have 3 levels, and which of them are object cannot be told: 0 (5,120 pixels in 10 of 10 masks)"), "\(said)")
    }
    let json = try fixture.run("check", "study.yaml", "--json")
    let root = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let findings = (root["tasks"] as? [[String: Any]])?.first?["findings"] as? [[String: Any]] ?? []
    #expect(json.status == 2 && findings.contains { $0["code"] as? String == "masks.levels" && $0["severity"] as? String == "refused" && $0["count"] as? Int == 3 })
    #expect(!FileManager.default.fileExists(atPath: fixture.url("runs/a").path))
    let labels = "tasks.a.data.maskFolders.labels={lung: 1, heart: 2}"
    #expect(try fixture.run("check", "study.yaml", labels).status == 0)
    let run = try fixture.run("run", "study.yaml", labels, "tasks.a.data.maskFolders.ignore=3")
    #expect(run.status == 0, "\(run.errors)")
    let again = try fixture.run("check", "study.yaml", "tasks.a.data.maskFolders.labels={lung: 1}")
    #expect(again.status == 2 && again.output.contains("[masks.unexpected]"), "\(again.output)")
  }

  @Test("All masks empty is refused; accepted, it stands in the report as taken as read")
  func accepted() throws {
    let fixture = try masks { _, _ in 0 }
    let refused = try fixture.run("run", "study.yaml")
    #expect(
      refused.status == 2 && refused.errors.contains("All 6 masks of the training part are empty.") && refused.errors.contains("All 2 masks of the test part are empty."),
      "\(refused.errors)")
    let accept = "tasks.a.data.accept=[masks.empty]"
    let unknown = try fixture.run("check", "study.yaml", "tasks.a.data.accept=[masks.emty]")
    #expect(unknown.status == 1 && unknown.errors.contains("accepts the finding “masks.emty”, and there is no such finding. Did you mean “masks.empty”?"), "\(unknown.errors)")
    #expect(try fixture.run("run", "study.yaml", accept).status == 0)
    let report = try fixture.run("report", "study.yaml", accept)
    #expect(report.output.contains("Taken as read by the study (data.accept), a [masks.empty]: All 6 masks of the training part are empty."), "\(report.output) \(report.errors)")
  }

  @Test("Images are opened once: a second look takes what was found, until a file changes; runs on other pixels are named, also by the report")
  func changed() throws {
    let fixture = try StudyFixture()
    for number in 0..<20 { try write(picture(number), to: fixture.url("img/\(number).png")) }
    try fixture.write("path,L,split\n" + (0..<20).map { "\($0).png,\($0 % 2),\($0 < 10 ? "train" : $0 < 14 ? "val" : "test")\n" }.joined(), to: "t.csv")
    try fixture.write(study("{kind: binaryClassification, data: {manifest: {file: t.csv, imageRoot: img, labelColumns: [L], splitColumn: split}}}"), to: "study.yaml")
    #expect(try fixture.run("run", "study.yaml").status == 0)
    let run = try #require(try fixture.runs().first { $0.hasPrefix("a/") })
    #expect(FileManager.default.fileExists(atPath: fixture.url("runs/\(run)/pixels.json").path))
    // Without opening an image it is known that all were decoded.
    let kept = try fixture.run("check", "study.yaml", "--listing")
    #expect(kept.status == 0 && !kept.output.contains("was decoded"), "\(kept.output)")
    try write(picture(15, shift: 90), to: fixture.url("img/15.png"))
    #expect(try fixture.run("check", "study.yaml", "--listing").output.contains("No image of a was decoded."))
    let plan = try fixture.run("plan", "study.yaml", "--no-estimate")
    #expect(plan.status == 0 && plan.errors.contains("The data of a changed since 1 of its runs was made: 15.png."), "\(plan.errors)")
    let report = try fixture.run("report", "study.yaml")
    #expect(report.output.contains("The data of a changed since 1 of 1 run was made: their images have other pixels now"), "\(report.output)")
    // Repairing or changing an image makes no run anew.
    let again = try fixture.run("run", "study.yaml")
    #expect(again.status == 0 && again.errors.contains("1 finished before"))
  }
}
