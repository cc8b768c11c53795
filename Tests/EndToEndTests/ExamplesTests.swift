import Foundation
import Imaging
import Testing

@Suite("Examples at a run's end", .serialized)
struct ExamplesTests {
  private func examples(_ fixture: StudyFixture, _ run: String) throws -> [String: Any] {
    let data = try Data(contentsOf: fixture.url("runs/\(run)/examples/examples.json"))
    return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test("Grad-CAM shows the same positives for every seed; outlines show the best, median and worst image; pictures are small PNGs")
  func pictures() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(SmallStudy.text(), to: "study.yaml")
    let result = try fixture.run("run", "study.yaml", "recipe.maximumSteps=2")
    #expect(result.status == 0 && !result.errors.contains("No examples"), "\(result.errors)")
    var shown: [[String]] = []
    for run in try fixture.runs() {
      let listing = try examples(fixture, run)
      let entries = try #require(listing["examples"] as? [[String: Any]])
      let rows = try fixture.text("runs/\(run)/predictions.csv").split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
      for entry in entries {
        let file = try #require(entry["file"] as? String), id = try #require(entry["id"] as? String)
        let picture = try ImageFile.read(fixture.url("runs/\(run)/examples/\(file)"))
        #expect(picture.width == 32 && picture.height == 32 && picture.channels == 3)
        // Color lies over the gray; Grad-CAM may find no evidence, and then adds none.
        let isColored = (0..<1024).contains { picture[$0 % 32, $0 / 32, 0] != picture[$0 % 32, $0 / 32, 2] }
        #expect(isColored || run.hasPrefix("effusion"), "\(run)/\(file)")
        let row = try #require(rows.first { $0[0] == id })
        if run.hasPrefix("effusion") {
          #expect(row[2] == "1" && entry["className"] as? String == "Effusion")
          // Without test-time augmentation the one view that is shown is the one that was tested.
          let (one, other) = (try #require(entry["probability"] as? Double), try #require(Double(row[3])))
          #expect(abs(one - other) < 1e-5)
        }
      }
      if run.hasPrefix("effusion") {
        #expect(listing["kind"] as? String == "gradCAM" && (1...4).contains(entries.count))
        shown.append(entries.compactMap { $0["id"] as? String })
      } else {
        #expect(listing["kind"] as? String == "outlines")
        #expect(entries.compactMap { $0["rank"] as? String } == ["best", "median", "worst"])
        let dice = entries.compactMap { $0["dice"] as? Double }
        #expect(dice == dice.sorted(by: >) && dice.count == 3)
      }
    }
    #expect(shown.count == 2 && shown[0] == shown[1])
  }

  @Test("With examples: false none are drawn, and the run is the same one")
  func none() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(SmallStudy.text(seeds: "1", tasks: [SmallStudy.effusion], settings: "examples: false"), to: "study.yaml")
    #expect(try fixture.run("run", "study.yaml", "recipe.maximumSteps=1").status == 0)
    let run = try #require(try fixture.runs().first)
    #expect(!FileManager.default.fileExists(atPath: fixture.url("runs/\(run)/examples").path))
    let again = try fixture.run("run", "study.yaml", "recipe.maximumSteps=1", "examples=true")
    #expect(again.errors.contains("Cells: 0 run now, 1 finished before."), "\(again.errors)")
  }
}
