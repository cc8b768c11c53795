import Foundation
import Testing

@Suite("A study of fractions", .serialized)
struct FractionStudyTests {
  @Test("Each fraction is trained, tested on the same images and shown in a row of its own")
  func fractions() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(
      SmallStudy.text(seeds: "1", initializations: ["random: random"], tasks: [SmallStudy.effusion], settings: "fraction: [0.6, 1]"),
      to: "study.yaml")

    let plan = try fixture.run("plan", "study.yaml", "--no-estimate")
    #expect(plan.status == 0, "\(plan.errors)")
    #expect(plan.output.contains("Training images") && plan.output.contains("60 %") && plan.output.contains("100 %"))
    #expect(plan.errors.contains("effusion at 60 %: 8 of 12 training images."))

    #expect(try fixture.run("run", "study.yaml", "--fraction", "0.6").status == 0)
    let half = try #require(try fixture.runs().first)
    #expect(try half.hasPrefix("effusion/random/seed1-fraction-0.6-") && fixture.runs().count == 1)
    let run = try fixture.run("run", "study.yaml")
    #expect(run.status == 0 && run.errors.contains("1 run now, 1 finished before"), "\(run.errors)")
    let whole = try #require(try fixture.runs().first { $0 != half })

    // 8 images in batches of 4 are two steps an epoch, 12 are three; the images tested are the same.
    func steps(_ run: String) throws -> Int { try fixture.text("runs/\(run)/history.jsonl").components(separatedBy: "\"step\"").count - 1 }
    #expect(try steps(half) == 4 && steps(whole) == 6)
    func tested(_ run: String) throws -> [String] {
      try fixture.text("runs/\(run)/predictions.csv").split(separator: "\n").map { String($0.split(separator: ",")[0]) }
    }
    #expect(try tested(half) == tested(whole))

    let rows = run.output.split(separator: "\n").filter { $0.hasPrefix("effusion") }.map { $0.split(separator: " ", omittingEmptySubsequences: true) }
    #expect(rows.map { $0[1] + " " + $0[2] } == ["60 %", "100 %"])
    let report = try fixture.run("report", "study.yaml")
    #expect(report.status == 0, "\(report.errors)")
    let status = try fixture.run("status", "study.yaml")
    #expect(status.output.contains("60 %") && status.output.contains("2 runs: 2 finished."))
    let cell = try fixture.text("runs/\(half)/cell.json")
    #expect(cell.contains("\"fraction\" : 0.6"))
    #expect(try !fixture.text("runs/\(whole)/cell.json").contains("fraction"))
  }

  @Test("A subset that is too small is refused before anything runs")
  func tooSmall() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(SmallStudy.text(seeds: "1", tasks: [SmallStudy.effusion]), to: "study.yaml")
    let result = try fixture.run("run", "study.yaml", "fraction=0.01")
    #expect(result.status == 1)
    #expect(
      result.errors == """
        medtransfer: The study cannot be planned: The data of the task “effusion” at 1 %: 1 % of 12 training images, by whole patients, is none. \
        Use a larger `fraction`; a training needs at least 2 images.

        """)
    #expect(!FileManager.default.fileExists(atPath: fixture.url("runs").path))
    let word = try fixture.run("run", "study.yaml", "--fraction", "10%")
    #expect(word.status != 0 && word.errors.contains("“10%” is no fraction. Write 10 % of the training images as 0.1."))
  }
}
