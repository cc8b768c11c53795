import Foundation
import RunStore
import Studies
import Testing

@Suite("Precision that is left to the machine, and estimates from what is known")
struct FastestPrecisionTests {
  private struct Cell: Decodable {
    struct Configuration: Decodable { let recipe: Recipe }
    let configuration: Configuration
  }

  private func precisions(_ fixture: StudyFixture) throws -> Set<Precision> {
    Set(
      try fixture.runs(in: "runs").map { run in
        try JSONDecoder().decode(Cell.self, from: Data(contentsOf: fixture.url("runs/\(run)/cell.json"))).configuration.recipe.precision
      })
  }

  private func study(_ fixture: StudyFixture) throws {
    try SmallStudy.draw(into: fixture)
    let text = SmallStudy.text(seeds: "1", tasks: [SmallStudy.effusion])
    try fixture.write(text.replacingOccurrences(of: "testTimeAugmentation: none}", with: "testTimeAugmentation: none, precision: fastest}"), to: "study.yaml")
  }

  @Test("The first run measures, takes the fastest and keeps it; every verb then reads by it, and runs that say it by name are the same runs")
  func settled() throws {
    let fixture = try StudyFixture()
    try study(fixture)
    let plan = try fixture.run("plan", "study.yaml")
    #expect(plan.status == 0 && plan.errors.contains("It is settled when the study is run."), "\(plan.errors)")
    #expect(!FileManager.default.fileExists(atPath: fixture.url("runs/precisions").path))

    let first = try fixture.run("run", "study.yaml")
    #expect(first.status == 0 && first.errors.contains("effusion computes in"), "\(first.errors)")
    let record = try #require(try PrecisionRecord.read(task: "effusion", from: fixture.url("runs")))
    // Of one recipe more images a second in training means fewer seconds, unless evaluation outweighs it, which so few images cannot.
    #expect(record.measured.contains { $0.precision == record.precision } && record.measured.contains { $0.precision == .float32 })
    #expect(try precisions(fixture) == [record.precision])

    let status = try fixture.run("status", "study.yaml", "--json")
    #expect(status.status == 0 && status.output.contains("finished"), "\(status.errors)")
    let named = try fixture.run("run", "study.yaml", "recipe.precision=\(record.precision.rawValue)")
    #expect(named.status == 0 && named.errors.contains("0 run now, 1 finished before"), "\(named.errors)")
  }

  @Test("What another machine settled holds here too, and a damaged record is refused")
  func another() throws {
    let fixture = try StudyFixture()
    try study(fixture)
    let record = PrecisionRecord(precision: .float64, processor: "another", measured: [])
    _ = try record.keep(task: "effusion", in: fixture.url("runs"))
    let run = try fixture.run("run", "study.yaml")
    #expect(run.status == 0 && !run.errors.contains("computes in"), "\(run.errors)")
    #expect(try precisions(fixture) == [.float64])

    try fixture.write("{", to: "runs/precisions/effusion.json")
    let damaged = try fixture.run("run", "study.yaml")
    #expect(damaged.status == 1 && damaged.errors.contains("precisions/effusion.json"), "\(damaged.errors)")
  }

  @Test("A second plan measures nothing, and once a run has ended here the time of the others is known by it")
  func estimates() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    let lone = SmallStudy.recipe.replacingOccurrences(of: "batchSize: 4", with: "batchSize: 5")
    try fixture.write(
      SmallStudy.text(seeds: "2", tasks: [SmallStudy.effusion]).replacingOccurrences(of: SmallStudy.recipe, with: lone), to: "study.yaml")
    #expect(try fixture.run("plan", "study.yaml").output.contains("steps, just now"))
    #expect(try fixture.run("plan", "study.yaml").output.contains("steps, kept"))
    #expect(try fixture.run("run", "study.yaml", "--seed", "1").status == 0)
    let plan = try fixture.run("plan", "study.yaml")
    #expect(plan.status == 0 && plan.output.contains("a run that ended"), "\(plan.output)\(plan.errors)")
    let anew = try fixture.run("plan", "study.yaml", "--measure", "--json")
    #expect(anew.status == 0 && anew.output.contains("\"choices\""), "\(anew.errors)")
  }
}
