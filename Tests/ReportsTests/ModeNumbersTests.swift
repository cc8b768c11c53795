import Figures
import Foundation
import Foundations
import Metrics
import RunStore
import Statistics
import Studies
import Testing

@testable import Reports

@Suite("Modes stand beside each other in a report")
struct ModeNumbersTests {
  private static func made(_ modes: String) throws -> (fixture: EvidenceFixture, numbers: StudyNumbers) {
    let fixture = try EvidenceFixture(modes: modes)
    try fixture.finish()
    return (fixture, try fixture.numbers())
  }

  /// One for all tests, which only look at it.
  private static let three = Result { try made("[fullFineTuning, linearProbe, kNN]").numbers }

  @Test("No value is over two modes: each mode's means are those of its own runs, and the first mode's are what they are without the others")
  func apart() throws {
    let numbers = try Self.three.get(), modes = try #require(numbers.furtherModes), fixture = try EvidenceFixture(modes: "[fullFineTuning, linearProbe, kNN]")
    #expect(modes.map(\.mode) == [.linearProbe, .kNN])
    #expect(numbers.outline.cells.count == 12 && numbers.outline.allCells.count == 24 && numbers.allRunCount == 24)
    for mode in modes {
      let table = try #require(mode.analysis.table.tasks.first)
      #expect(mode.analysis.table.tasks.count == 1 && table.name == "chest" && mode.runs.count == 6)
      for cell in table.cells {
        let own = fixture.cells("chest", cell.initialization).filter { $0.mode == mode.mode }
        let values = own.compactMap { fixture.predictions($0).metrics(of: .multiLabelClassification).value(of: .aurocMacro)?.number }
        #expect(values.count == 2 && cell.summary == Summary(values), "\(mode.mode) \(cell.initialization)")
      }
    }
    let before = try Self.made("fullFineTuning").numbers
    #expect(before.analysis == numbers.analysis && before.groups == numbers.groups && before.equivalence == numbers.equivalence)
    let text = String(decoding: try before.json(), as: UTF8.self)
    #expect(before.furtherModes == nil && !text.contains("furtherModes"))
  }

  @Test("Two heads on given weights differ by their patients alone: a spread of 0 over seeds makes nothing certain")
  func patientsAlone() throws {
    let numbers = try Self.three.get(), mode = try #require(numbers.furtherModes?.first), task = try #require(mode.analysis.tasks.first)
    #expect(task.generalization == .patientsAndSeeds && task.best.known == "seen")
    let family = try #require(task.againstBest), given = try #require(family.comparison(with: "imagenet")), parts = try #require(given.parts)
    #expect(parts.seedParts == [0, 0] && parts.patientPart > 0 && abs(parts.degreesOfFreedom / parts.patientDegreesOfFreedom - 1) < 1e-12)
    #expect(given.difference.interval.known.map { $0.upper > $0.lower } == true && given.p.known != nil)
    // Over seeds alone there is nothing to test by.
    let ofSeeds = try #require(mode.analysis.onTheseImages.first?.againstBest?.comparison(with: "imagenet"))
    #expect(ofSeeds.p.known == nil && ofSeeds.isToldApart == nil)
    let random = try #require(family.comparison(with: "random")?.parts)
    #expect(random.seedParts[0] == 0 && random.seedParts[1] > 0)
    #expect(numbers.methods.contains("a standard deviation of 0 over its seeds is no certainty"))
  }

  @Test("Of heads on given weights one seed is enough for other patients; a head on random weights with one seed is not compared")
  func oneSeed() throws {
    let fixture = try EvidenceFixture(seeds: "[1]", modes: "[fullFineTuning, linearProbe]")
    try fixture.finish()
    let one = try fixture.numbers(), task = try #require(one.furtherModes?.first?.analysis.tasks.first), family = try #require(task.againstBest)
    let two = try #require(try Self.three.get().furtherModes?.first?.analysis.tasks.first?.againstBest?.comparison(with: "imagenet"))
    let found = try #require(family.comparison(with: "imagenet"))
    #expect(task.generalization == .patientsAndSeeds && found.p == two.p && found.difference == two.difference)
    #expect(family.comparison(with: "random")?.p.reason == "random: one seed says nothing about other seeds")
    #expect(one.analysis.tasks.first?.generalization == .seeds, "a training with another seed is another")
  }

  @Test("How well a mode foretells the order is Kendall's τ of the two orders, with what it can be")
  func orders() throws {
    let numbers = try Self.three.get(), mode = try #require(numbers.furtherModes?.first), order = try #require(mode.orders.first)
    let ranks = try #require(order.ranks.known)
    #expect(order.task == "chest" && ranks.initializations == ["imagenet", "seen", "random"])
    func means(_ analysis: Analysis) -> [Double] { analysis.table.tasks[0].cells.compactMap(\.summary.mean.known) }
    #expect(ranks.own == means(numbers.analysis) && ranks.other == means(mode.analysis))
    #expect(ranks.tau.known == 1 && ranks.bestOnOwn == ["seen"] && ranks.bestOnOther == ["seen"])
    let interval = try #require(ranks.interval.known)
    #expect(interval.upper == 1 && interval.lower <= 1 && interval.lower >= -1)
    let table = try #require(numbers.tables.first { $0.label == "mode-orders" })
    #expect(table.rows.count == 2)
    #expect(numbers.figures.contains { $0.id == "mode-orders" })
    #expect(Set(numbers.tables.map(\.label)).count == numbers.tables.count)
  }

  @Test("Labels have a price in each mode, of that mode's own means")
  func prices() throws {
    let fixture = try EvidenceFixture(modes: "[fullFineTuning, linearProbe]", fractions: "[0.5, 1]")
    try fixture.finish()
    let numbers = try fixture.numbers(), mode = try #require(numbers.furtherModes?.first), price = try #require(mode.labelPrices?.tasks.first)
    #expect(price.task == "chest" && price.baseline == "imagenet" && price.results.map(\.initialization) == ["seen", "seen", "random", "random"])
    for (fraction, mean) in zip(price.fractions, price.means) {
      let group = try #require(mode.groups.first { $0.initialization == "imagenet" && $0.fraction == fraction })
      #expect(group.metric(.aurocMacro)?.summary.mean.known == mean)
    }
    let first = try #require(numbers.sections.all.compactMap { $0 as? LabelPrices }.first?.tasks.first { $0.task == "chest" })
    #expect(first.means != price.means)
    #expect(numbers.tables.contains { $0.label == "label-price-linearProbe" } && Set(numbers.tables.map(\.label)).count == numbers.tables.count)
    guard let modes = numbers.furtherModes else { return }
    let paragraphs = numbers.section(of: modes).blocks.compactMap { if case .paragraph(let text) = $0 { text } else { nil } }
    #expect(paragraphs.contains { $0.hasPrefix("Linear probe: On chest, ") }, "\(paragraphs)")
    #expect(try JSONDecoder().decode(StudyNumbers.self, from: numbers.json()) == numbers)
    #expect(try Self.three.get().furtherModes?.allSatisfy { $0.labelPrices == nil } == true)
  }

  @Test("Numbers with modes come back from their JSON, with the cells of each")
  func json() throws {
    let numbers = try Self.three.get(), read = try JSONDecoder().decode(StudyNumbers.self, from: numbers.json())
    #expect(read == numbers && read.outline.furtherModes?.map(\.cells.count) == [6, 6])
  }

  @Test("Where the first mode is a head, its words say that no network was trained, and the table of settings leaves the training out")
  func headFirst() throws {
    let numbers = try Self.made("[kNN, fullFineTuning]").numbers
    #expect(numbers.furtherModes?.map(\.mode) == [.fullFineTuning])
    let words = numbers.methods
    #expect(
      words.contains(
        "On chest the features of a resnet50 as it starts were taken at 224 × 224 pixels, one view an image (float32), and the nearest neighbors answered from them; no network was trained. Seeds: 1, 2."
      ), "\(words)")
    let section = try #require(numbers.sections.all.compactMap { $0 as? DataAndTraining }.first),
      recipe = try #require(section.tasks.first { $0.task == "chest" }?.recipes.first?.recipe.values)
    #expect(recipe["mode"] == "kNN" && recipe["optimizer"] == nil && recipe["epochs"] == nil && recipe["inputSize"] == "224")
  }
}
