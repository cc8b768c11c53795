import Foundation
import Testing

@Suite("Few shots, through the command", .serialized)
struct FewShotTests {
  private struct Probe: Decodable {
    struct FewShot: Decodable {
      struct Shots: Decodable {
        let images: Int
        let auroc: [Double?]
        let accuracy: [Double?]
      }
      let ofPredictions: Int
      let shots: [Shots]
    }
    let mode: String
    let dependsOnSeed: Bool
    let fewShot: FewShot?
  }

  @Test("mode: fewShot is runs of their own with 100 supports of each size, a table and a figure by images a class, and a pack that is computed again")
  func study() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(
      SmallStudy.text(initializations: ["one: random", "two: random"], tasks: [SmallStudy.effusion + "\n    recipe: {mode: [kNN, fewShot]}\n"]), to: "study.yaml")
    let run = try fixture.run("run", "study.yaml")
    #expect(run.status == 0 && run.errors.contains("Cells: 8 run now."), "\(run.errors)")
    let row = try #require(run.output.split(separator: "\n").first { $0.hasPrefix("effusion ") && $0.contains("few shots") })
    #expect(row.components(separatedBy: "(n = 2)").count == 3, "\(row)")

    let runs = try fixture.runs().filter { $0.contains("-fewShot-") }
    #expect(runs.count == 4)
    for run in runs {
      let probe = try JSONDecoder().decode(Probe.self, from: Data(try fixture.text("runs/\(run)/probe.json").utf8)), few = try #require(probe.fewShot)
      // Twelve training images, half of them with an effusion or so: sizes that each class has images for, and no larger ones.
      #expect(probe.mode == "fewShot")
      #expect(probe.dependsOnSeed)
      let sizes = few.shots.map(\.images)
      #expect(sizes.starts(with: [1, 2]), "\(sizes)")
      #expect(few.ofPredictions == sizes.last)
      for shots in few.shots {
        let known = shots.auroc.compactMap(\.self)
        #expect(shots.auroc.count == 100)
        #expect(shots.accuracy.count == 100)
        #expect(known.count == 100)
        #expect(known.allSatisfy { $0 >= 0 && $0 <= 1 })
      }
      // Supports of one image differ, so their answers do.
      let ofOne = few.shots[0].auroc.compactMap(\.self)
      #expect(Set(ofOne).count > 1)
      // The predictions are of the first support of the largest size.
      let metrics = try fixture.text("runs/\(run)/metrics.json")
      let first = try #require(few.shots.last?.auroc.first ?? nil)
      let number = first == first.rounded() ? "\(Int(first))" : "\(first)"
      #expect(metrics.contains("\"value\" : \(number)"), "\(number)")
    }
    #expect(run.errors.contains("training images with or without it, so supports have"), "\(run.errors)")

    let report = try fixture.run("report", "study.yaml", "--bootstrap", "never")
    #expect(report.status == 0 && report.output.contains("Few shots, effusion"), "\(report.output)\(report.errors)")
    let table = try fixture.text("runs/report/tables/results-few-shots.csv").split(separator: "\n")
    #expect(table.count == 1 + 2 * 3, "\(table)")
    #expect(table[1].hasPrefix("effusion,1,AUROC,"))
    #expect(table[2].hasPrefix("effusion,1,Accuracy,"))
    #expect(FileManager.default.fileExists(atPath: fixture.url("runs/report/figures/few-shots.json").path))
    #expect(try fixture.text("runs/report/methods.txt").contains("Few shots draw their supports by the seed"))
    let pack = try fixture.run("pack", "study.yaml", "--to", "pack.tar.gz", "--bootstrap", "never")
    #expect(pack.status == 0, "\(pack.errors)")
    let verified = try fixture.run("verify", "pack", "pack.tar.gz")
    #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
  }
}
