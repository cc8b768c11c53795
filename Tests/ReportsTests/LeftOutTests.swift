import Figures
import Foundation
import Foundations
import Metrics
import RunStore
import Statistics
import Studies
import Testing

@testable import Reports

@Suite("What is left out of a verdict is left out everywhere")
struct LeftOutTests {
  @Test("An initialization whose training list has test images is nowhere the best, the reference or a difference, and is marked")
  func everywhere() throws {
    let fixture = try EvidenceFixture(groups: ["Sex"])
    try fixture.finish()
    try fixture.putGroups()
    func decisions(_ numbers: StudyNumbers) throws -> DecisionCurvesSection.OfTask {
      try #require(numbers.sections.all.compactMap { $0 as? DecisionCurvesSection }.first?.tasks.first { $0.task == "chest" })
    }
    // It is the best by far until the list is known.
    let before = try fixture.numbers()
    #expect(try decisions(before).best == "seen" && decisions(before).leftOut == nil)
    try fixture.putList()
    let numbers = try fixture.numbers()
    for label in ["classes-chest", "metrics-chest"] {
      let table = try #require(numbers.tables.first { $0.label == label }), old = try #require(before.tables.first { $0.label == label })
      let column = try #require(table.columns.firstIndex { $0.title == "seen †" })
      #expect(old.rows.contains { $0[column].isBold } && !table.rows.contains { $0[column].isBold }, "\(label)")
      #expect(table.rows.contains { $0.contains(where: \.isBold) })
      #expect(table.notes.contains { $0.hasPrefix("seen † is compared with nothing: 7 of 100 test images are on ") })
    }
    let found = try decisions(numbers), difference = try #require(found.difference.known)
    #expect(found.best == "imagenet" && difference.first == "imagenet" && difference.second == "random" && found.leftOut == ["seen"])
    let benefits = try #require(numbers.tables.first { $0.label == "net-benefit-chest" })
    #expect(benefits.rows.contains { $0[0].text == "seen †" && !$0.contains(where: \.isBold) })
    let curves = try #require(numbers.figures.first { $0.id == "roc-chest" })
    #expect(!curves.title.contains("seen") && curves.title.contains("imagenet"))
    let subgroups = try #require(numbers.sections.all.compactMap { $0 as? SubgroupsSection }.first?.tasks.first)
    #expect(subgroups.reference == "imagenet" && subgroups.leftOut == ["seen"])
    #expect(subgroups.groups.allSatisfy { $0.interactions.allSatisfy { $0.initialization == "random" } })
    #expect(subgroups.groups.allSatisfy { group in group.initializations.first { $0.name == "seen" }?.adjustedGapP.known == nil })
    // On the task that its list is not about it counts as before.
    let vessels = try #require(numbers.tables.first { $0.label == "metrics-vessels" })
    #expect(vessels.columns.contains { $0.title == "seen" })
    #expect(try JSONDecoder().decode(StudyNumbers.self, from: numbers.json()) == numbers)
  }

  @Test("An initialization whose training list has images of another test set is shown there, and left out of its verdict, order and drops")
  func elsewhere() throws {
    let fixture = try ExternalFixture(listed: "imagenet")
    for cell in fixture.cells("findings") { try fixture.answer(cell) }
    let before = try #require(try fixture.numbers().sections.external)
    #expect(before.analysis?.tasks[0].best.known == "imagenet" && before.sets[0].ranks.known?.initializations.count == 3 && before.sets[0].leftOut == nil)
    try fixture.putList()
    let numbers = try fixture.numbers(), matrix = try #require(numbers.sections.external), set = try #require(matrix.sets.first)
    #expect(matrix.analysis?.tasks[0].best.known == "chest" && matrix.analysis?.tasks[0].againstBest?.comparisons.map(\.second) == ["random"])
    #expect(set.ranks.known?.initializations == ["chest", "random"])
    #expect(
      matrix.remarks == ["On elsewhere, imagenet is shown and left out of the comparisons: 4 of 80 test images are on training_images.csv, the list of its training images."],
      "\(matrix.remarks)")
    let sentences = matrix.sentences.joined(separator: " ")
    #expect(sentences.contains("the drops of the 2 initializations") && !sentences.contains("imagenet ("))
    let table = try #require(matrix.tables.first { $0.label == "external" })
    #expect(table.rows.filter { $0[1].text == "imagenet †" }.count == 1 && !table.rows.contains { $0[1].text == "imagenet †" && $0.contains { $0.isBold || $0.isShaded } })
    let classes = try #require(matrix.tables.first { $0.label == "external-classes-findings-elsewhere" })
    let column = try #require(classes.columns.firstIndex { $0.title == "imagenet †" })
    #expect(!classes.rows.contains { $0[column].isBold })
    #expect(try JSONDecoder().decode(StudyNumbers.self, from: numbers.json()) == numbers)
  }

  @Test("A verdict on another test set says that nothing was learned, as one on the own test set does, and drops are counted at the study's level")
  func chanceElsewhere() throws {
    let fixture = try ExternalFixture()
    for cell in fixture.cells("findings") {
      // Elsewhere all answer noise.
      try fixture.answer(cell, fixture.findings(cell, "there", ["Edema", "Mass"], 80, 0))
    }
    var settings = StudySettings(bootstrap: .never)
    settings.analysis.significance = 0.01
    let matrix = try #require(try fixture.numbers(settings).sections.external), analysis = try #require(matrix.analysis)
    let best = try #require(analysis.tasks[0].best.known)
    #expect(analysis.tasks[0].nothingLearned[best]?.kind == .atChance)
    #expect(analysis.verdicts[0].standing == .nothingLearned)
    #expect(matrix.sentences[0].contains("chance"), "\(matrix.sentences)")
    #expect(matrix.sentences.contains { $0.contains("drops can be told from 0 (p < 0.01, not corrected).") }, "\(matrix.sentences)")
  }
}
