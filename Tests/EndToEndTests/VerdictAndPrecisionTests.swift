import Foundation
import Foundations
import Phantoms
import Testing

@Suite("A verdict for other patients, and how many there must be")
struct VerdictAndPrecisionTests {
  /// Five test images, two seeds: all masks alike but for one image that `adapted` finds entirely, and a pixel by which seeds differ.
  private func rewrite(_ fixture: StudyFixture) throws {
    for run in try fixture.runs() where run.hasPrefix("lungs/") {
      let path = "runs/\(run)/predictions.csv"
      var table = try CSV.parse(try fixture.text(path))
      let place = try #require(table.header.firstIndex(of: "truePositives"))
      #expect(table.rows.count == 5)
      for row in table.rows.indices {
        // Positives found, too many, missed, and the rest of 1,024 pixels; the structure has 400.
        var counts = [360, 40, 40, 584]
        if row == 0 && run.contains("/adapted/") { counts = [400, 0, 0, 624] }
        if row == 1 && run.contains("seed2") { counts = [361, 40, 39, 584] }
        for (column, count) in counts.enumerated() { table.rows[row][place + column] = String(count) }
      }
      try fixture.write(CSV.encode([table.header] + table.rows), to: path)
      // As a program left it that made no seals.
      try FileManager.default.removeItem(at: fixture.url("runs/\(run)/seal.json"))
      try fixture.write("{\"state\": \"finished\"}\n", to: "runs/\(run)/status.json")
    }
  }

  private func planned(_ fixture: StudyFixture, _ arguments: String...) throws -> [String: Int] {
    let result = try Command.run(["plan", "study.yaml", "--json"] + arguments, in: fixture.folder)
    #expect(result.status == 0, "\(result.errors)")
    let value = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let lines = try #require(value["lines"] as? [[String: Any]])
    return Dictionary(uniqueKeysWithValues: lines.filter { $0["task"] as? String == "lungs" }.map { ($0["initialization"] as? String ?? "", $0["patients"] as? Int ?? -1) })
  }

  @Test("A study of five images of which one differs says that nothing is told apart for other patients; patients for a half-width are the report's")
  func oneImage() throws {
    let fixture = try StudyFixture()
    let counts = PhantomCounts(training: 8, validation: 4, test: 5)
    for kind in [PhantomKind.effusion, .lungs] { try PhantomWriter.write(kind: kind, counts: counts, size: 32, seed: SeedPath(0), to: fixture.url(kind.rawValue)) }
    let before = SmallStudy.effusion.replacingOccurrences(of: "kind:", with: "target: false\n    recipe: {epochs: 1}\n    kind:")
    try fixture.write(
      SmallStudy.text(initializations: ["random: random", "adapted: {trainedOn: effusion, from: random}"], tasks: [before, SmallStudy.lungs]), to: "study.yaml")

    let early = try fixture.run("plan", "study.yaml", "--half-width", "3")
    #expect(early.status == 1 && early.output.isEmpty)
    #expect(
      early.errors == """
        medtransfer: No run of small is finished, so nothing is known of how its results vary over seeds and patients. \
        Run a pilot with “medtransfer run STUDY”, two seeds or more, then plan again.

        """, "\(early.errors)")

    let run = try fixture.run("run", "study.yaml")
    #expect(run.status == 0, "\(run.errors)")
    try rewrite(fixture)
    let report = try fixture.run("report", "study.yaml", "--to", "report", "--bootstrap", "never", "--margin", "3")
    #expect(report.status == 0, "\(report.errors)")
    let page = try fixture.text("report/report.md")
    // A terminal's lines are broken.
    for text in [report.output.split { $0.isWhitespace }.joined(separator: " "), page] {
      #expect(text.contains("cannot be told apart for other patients") && !text.contains("shown to be best"), "\(text)")
      #expect(text.contains("On these test images alone (Student's t-test over seeds, as in 2021): adapted differs from random."), "\(text)")
    }
    // The first thing that the page says of the task.
    let answer = try #require(page.range(of: "cannot be told apart for other patients")), table = try #require(page.range(of: "\n| "))
    #expect(answer.lowerBound < table.lowerBound, "\(page.prefix(2000))")

    let rows = try CSV.parse(try fixture.text("report/tables/seeds-and-patients.csv")).rows.filter { $0[0].hasPrefix("lungs") }
    let ofReport = Dictionary(uniqueKeysWithValues: rows.map { ($0[1], Int(($0.last ?? "").replacingOccurrences(of: ",", with: "")) ?? -2) })
    let own = try planned(fixture, "--half-width", "3")
    #expect(own == ofReport && (own["adapted"] ?? 0) > 5, "\(own) \(ofReport)")
    // Every image has as large a structure, so both Dice need the same, but for how few images are resampled.
    let perImage = try planned(fixture, "--half-width", "3", "--metric", "dicePerImage")
    #expect(abs((perImage["adapted"] ?? 0) - (own["adapted"] ?? 0)) <= 2, "\(perImage) \(own)")
    let narrower = try planned(fixture, "--half-width", "1.5")
    #expect((narrower["adapted"] ?? 0) > 2 * (own["adapted"] ?? 0), "\(narrower) \(own)")
    let shown = try fixture.run("plan", "study.yaml", "--half-width", "3")
    #expect(shown.output.contains("Patients for ± 3") && shown.output.contains("adapted"), "\(shown.output)")

    let unknown = try fixture.run("plan", "study.yaml", "--half-width", "3", "--metric", "dicePoled")
    #expect(unknown.status == 1 && unknown.errors == "medtransfer: There is no metric “dicePoled”. Did you mean “dicePooled”?\n", "\(unknown.errors)")
    let threshold = try fixture.run("plan", "study.yaml", "--half-width", "3", "--metric", "sensitivity")
    #expect(threshold.status == 1 && threshold.errors.hasPrefix("medtransfer: Sensitivity is of decisions at a threshold"), "\(threshold.errors)")
    let none = try fixture.run("plan", "study.yaml", "--half-width", "0")
    #expect(none.status == 1 && none.errors.hasPrefix("medtransfer: A half-width of 0.0 is none. Give --half-width a number above 0"), "\(none.errors)")
    let alone = try fixture.run("plan", "study.yaml", "--metric", "dicePooled")
    #expect(alone.status != 0 && alone.errors.contains("--half-width"), "\(alone.errors)")
  }
}
