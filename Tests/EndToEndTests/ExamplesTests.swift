import Foundation
import Imaging
import Testing

@Suite("Examples at a run's end", .serialized)
struct ExamplesTests {
  private func examples(_ fixture: StudyFixture, _ run: String) throws -> [String: Any] {
    let data = try Data(contentsOf: fixture.url("runs/\(run)/examples/examples.json"))
    return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test("Every seed shows the same images, by Grad-CAM or with outlines, whatever it learned; pictures are small PNGs")
  func pictures() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(SmallStudy.text(), to: "study.yaml")
    let result = try fixture.run("run", "study.yaml", "recipe.maximumSteps=2")
    #expect(result.status == 0 && !result.errors.contains("No examples"), "\(result.errors)")
    var shown: [String: [[String]]] = [:]
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
        #expect(isColored || entry["remark"] as? String == "no heat: nothing in the last feature map speaks for it", "\(run)/\(file)")
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
      } else {
        #expect(listing["kind"] as? String == "outlines" && entries.count == 4)
        #expect(entries.allSatisfy { $0["rank"] == nil && $0["dice"] is Double })
      }
      shown[String(run.prefix { $0 != "/" }), default: []].append(entries.compactMap { $0["id"] as? String })
    }
    #expect(shown.count == 2 && shown.values.allSatisfy { $0.count == 2 && $0[0] == $0[1] })
  }

  /// Dice of every test image, from a run's predictions.
  private func dice(_ fixture: StudyFixture, _ run: String) throws -> [String: Double] {
    let lines = try fixture.text("runs/\(run)/predictions.csv").split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    let places = try ["truePositives", "falsePositives", "falseNegatives"].map { try #require(lines[0].firstIndex(of: $0)) }
    return Dictionary(
      uniqueKeysWithValues: lines.dropFirst().map { fields in
        let counts = places.map { Double(fields[$0]) ?? .nan }
        return (fields[0], 2 * counts[0] / (2 * counts[0] + counts[1] + counts[2]))
      })
  }

  @Test("Once all runs of a task have ended, best, median, worst and most disputed image are drawn, the same for every initialization")
  func sameForAll() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    let starts = ["random: random", "warm: {trainedOn: effusion, from: random}"]
    try fixture.write(SmallStudy.text(initializations: starts), to: "study.yaml")
    let place = "runs/pictures/lungs"
    // While a run of the task may still come nothing is chosen.
    let first = try fixture.run("run", "study.yaml", "recipe.maximumSteps=2", "--seed", "1")
    #expect(first.status == 0 && !FileManager.default.fileExists(atPath: fixture.url(place).path), "\(first.errors)")
    let second = try fixture.run("run", "study.yaml", "recipe.maximumSteps=2")
    #expect(second.status == 0, "\(second.errors)")
    let record = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: fixture.url("\(place)/pictures.json"))) as? [String: Any])
    let subjects = try #require(record["subjects"] as? [[String: Any]]), rows = try #require(record["rows"] as? [[String: Any]])
    #expect(rows.compactMap { $0["initialization"] as? String } == ["random", "warm"])
    // By hand, from the predictions of all four runs.
    let runs = try fixture.runs()
    let means = try ["random", "warm"].map { name in
      let all = try runs.filter { $0.hasPrefix("lungs/\(name)/") }.map { try dice(fixture, $0) }
      #expect(all.count == 2)
      return all[0].mapValues { $0 }.merging(all[1]) { ($0 + $1) / 2 }
    }
    let both = means[0].merging(means[1]) { ($0 + $1) / 2 }
    func subject(_ role: String) throws -> String {
      try #require(subjects.first { ($0["roles"] as? [String])?.contains(role) == true }?["id"] as? String)
    }
    func value(_ role: String, _ values: [String: Double]) throws -> Double { try #require(values[subject(role)]) }
    #expect(try abs(value("best", both) - #require(both.values.max())) < 1e-12)
    #expect(try abs(value("worst", both) - #require(both.values.min())) < 1e-12)
    #expect(try abs(value("median", both) - both.values.sorted(by: >)[both.count / 2]) < 1e-12)
    let ranges = means[0].merging(means[1]) { abs($0 - $1) }
    #expect(try abs(value("disagreement", ranges) - #require(ranges.values.max())) < 1e-12)
    let files = subjects.compactMap { $0["file"] as? String } + rows.flatMap { ($0["pictures"] as? [[String: Any]] ?? []).compactMap { $0["file"] as? String } }
    #expect(files.count == subjects.count * 3 && Set(files).count == files.count)
    for file in files { #expect(try ImageFile.read(fixture.url("\(place)/\(file)")).width == 32) }
    // Nothing is drawn again; a picture that was lost is, with the same bytes.
    let lost = fixture.url("\(place)/\(try #require(files.last))"), bytes = try Data(contentsOf: lost)
    try FileManager.default.removeItem(at: lost)
    #expect(try fixture.run("run", "study.yaml", "recipe.maximumSteps=2").status == 0)
    #expect(try Data(contentsOf: lost) == bytes)
    // The report shows them.
    #expect(try fixture.run("report", "study.yaml", "recipe.maximumSteps=2", "--to", "report").status == 0)
    #expect(try fixture.text("report/figures/examples-lungs.tex").contains("Best: "))
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

  @Test("A file in place of the pictures' folder goes aside, is told, and the run has its pictures")
  func fileInTheirPlace() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(SmallStudy.text(seeds: "1", tasks: [SmallStudy.effusion]), to: "study.yaml")
    let listing = try fixture.run("plan", "study.yaml", "recipe.maximumSteps=1", "--no-estimate", "--json").output
    let run = String(try #require(listing.firstMatch(of: /effusion\/[a-z]+\/seed1-[0-9a-f]{12}/)).0)
    try fixture.write("", to: "runs/\(run)/examples")
    let made = try fixture.run("run", "study.yaml", "recipe.maximumSteps=1")
    #expect(made.status == 0 && made.errors.contains("Cells: 1 run now.") && made.errors.contains("Its examples was a file, which is .aside-1-examples now."), "\(made.errors)")
    #expect(FileManager.default.fileExists(atPath: fixture.url("runs/\(run)/examples/examples.json").path))
  }
}
