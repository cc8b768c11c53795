import Figures
import Foundation
import Foundations
import Metrics
import Statistics
import Studies
import Testing

@testable import Reports

@Suite("Studies whose tasks are judged in units of their own")
struct NumberStudyTests {
  @Test("Of a regression too nothing is said for other patients where the test set has fewer than three", arguments: [2, 3])
  func fewestPatients(count: Int) throws {
    let numbers = try NumberFixture(tasks: ["age"], patients: count).numbers(), task = try #require(numbers.analysis.tasks.first)
    let verdict = numbers.analysis.verdicts[0]
    #expect(task.best.known == "adapted" && task.generalization == (count < 3 ? .seeds : .patientsAndSeeds))
    #expect(task.generalizationReason == (count < 3 ? "the test set has 2 patients, too few to speak of others" : nil))
    #expect(verdict.details.contains("Nothing can be said for other patients: the test set has 2 patients, too few to speak of others.") == (count < 3), "\(verdict)")
    #expect(verdict.statement.contains(" for other patients") == (count == 3), "\(verdict.statement)")
  }

  @Test("One half-width is refused for tasks in several units, with each unit and its tasks; of one unit it is said in which")
  func halfWidths() throws {
    let fixture = try NumberFixture()
    func refusal(_ halfWidth: Double, _ metric: String? = nil) -> String? {
      do {
        _ = try PrecisionPlan(fixture.plan, halfWidth: halfWidth, metric: metric)
        return nil
      } catch { return sentence(for: error) }
    }
    let remedy = " Ask for the tasks of one unit at a time with --task, or name a metric of one unit with --metric."
    #expect(
      refusal(3) == "One half-width cannot serve tasks in several units: ± 3 would be months on age, mm on length and percentage points on sick.\(remedy)", "\(refusal(3) ?? "")")
    #expect(refusal(3, "meanAbsoluteError") == "One half-width cannot serve tasks in several units: ± 3 would be months on age and mm on length.\(remedy)")
    #expect(refusal(3, "AUROC") == nil)

    let alone = try NumberFixture(tasks: ["age"]), age = try PrecisionPlan(alone.plan, halfWidth: 3)
    #expect(age.lines.map(\.unit) == ["months", "months"] && age.lines[0].metricTitle == "Mean absolute error, months")
    #expect(age.terminalText.contains("Patients for ± 3 months") && age.terminalText.contains("Mean absolute error, months"), "\(age.terminalText)")
    let sick = try PrecisionPlan(fixture.plan, halfWidth: 3, metric: "AUROC")
    #expect(sick.lines.map(\.task) == ["sick", "sick"] && sick.terminalText.contains("Patients for ± 3 points") && sick.terminalText.contains("AUROC, %"), "\(sick.terminalText)")
    // The same number means a hundred times more of a share.
    let wide = try PrecisionPlan(fixture.plan, halfWidth: 6, metric: "AUROC")
    #expect(zip(sick.lines, wide.lines).allSatisfy { ($0.patients.known ?? 0) > 2 * ($1.patients.known ?? .max) }, "\(sick.lines) \(wide.lines)")
    #expect(try JSONDecoder().decode(PrecisionPlan.self, from: CanonicalJSON.encode(age)) == age)
  }

  @Test("A metric is asked for by the title that tables print too, and a wrong one is answered with the nearest of either")
  func titles() throws {
    let fixture = try ReportFixture()
    for seed in [1, 2, 3] {
      for start in ["random", "adapted"] {
        try fixture.finish(
          try fixture.cell("vessels", start, seed),
          .segmentation(
            SegmentationPredictions(
              rows: (0..<8).map {
                .init(
                  id: "\($0)", patient: nil, counts: PixelConfusion(truePositives: 400 + 5 * $0 + seed, falsePositives: 50, falseNegatives: 100 - 5 * $0 - seed, trueNegatives: 450)
                )
              })))
      }
    }
    let byName = try PrecisionPlan(fixture.plan, halfWidth: 2, metric: "dicePerImage")
    for title in ["Dice (per image)", "Dice (per image), %", "dice (per image)", "DicePerImage"] {
      #expect(try PrecisionPlan(fixture.plan, halfWidth: 2, metric: title) == byName, "\(title)")
    }
    func refusal(_ metric: String) -> String {
      do {
        _ = try PrecisionPlan(fixture.plan, halfWidth: 2, metric: metric)
        return ""
      } catch { return sentence(for: error) }
    }
    #expect(refusal("Dice (per imag)") == "There is no metric “Dice (per imag)”. Did you mean “Dice (per image)”?")
    #expect(refusal("dicePoled") == "There is no metric “dicePoled”. Did you mean “dicePooled”?")
    #expect(refusal("HD95") == "Several metrics are called “HD95”. Write one of hausdorff95Millimeters, hausdorff95Pixels and hausdorff95.", "\(refusal("HD95"))")
    #expect(refusal("Sensitivity").hasPrefix("Sensitivity is of decisions at a threshold"))
    #expect(refusal("something else altogether").hasPrefix("There is no metric “something else altogether”. Choose one of: "))
  }

  @Test("The sentence on a drop to another test set has the unit of the drop, and says what it is of an error")
  func externalDrop() throws {
    let fixture = try NumberFixture(tasks: ["age"])
    for cell in fixture.plan.cells { try fixture.answerElsewhere(cell) }
    let sentences = try #require(try fixture.numbers().sections.external).sentences
    let fall = try #require(sentences.first { $0.hasPrefix("From the own test set to elsewhere") })
    #expect(
      fall.range(
        of: #"the drops of the 2 initializations are −\d+\.\d{3} to −\d+\.\d{3} months \(of an error, below 0 is a rise\); 2 of 2 drops can be told from 0"#,
        options: .regularExpression) != nil, "\(fall)")
    // One that answered alone has its interval beside it.
    let one = try NumberFixture(tasks: ["age"])
    for cell in one.plan.cells where cell.initialization == "adapted" { try one.answerElsewhere(cell) }
    let alone = try #require(try one.numbers().sections.external).sentences.first { $0.hasPrefix("From the own test set to elsewhere") } ?? ""
    #expect(
      alone.range(
        of: #"the drop of adapted is −\d+\.\d{3} months \(of an error, below 0 is a rise\) \(95 % interval −\d+\.\d{3} to −?\+?\d+\.\d{3}\)\."#, options: .regularExpression)
        != nil, "\(alone)")
  }

  @Test("Where either test set has fewer than three patients no drop is tested, and the table says why")
  func dropOfFewPatients() throws {
    let fixture = try NumberFixture(tasks: ["age"], patients: 2)
    for cell in fixture.plan.cells { try fixture.answerElsewhere(cell) }
    let matrix = try #require(try fixture.numbers().sections.external)
    let drops = matrix.sets[0].rows.map(\.generalized)
    #expect(
      !drops.isEmpty && drops.allSatisfy { $0.p.reason == "the test set has 2 patients, too few to speak of others" && $0.drop.value.known != nil && $0.drop.interval.known == nil }
    )
    #expect(!matrix.sentences.contains { $0.contains("can be told from 0") })
  }
}
