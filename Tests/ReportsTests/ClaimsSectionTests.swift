import Figures
import Foundation
import Foundations
import Metrics
import RunStore
import Statistics
import Studies
import Testing

@testable import Reports

@Suite("Claims of superiority in a study")
struct ClaimsSectionTests {
  private func section(_ fixture: ReportFixture) throws -> ClaimsSection {
    let numbers = try StudyNumbers(
      StudyOutline(fixture.plan), from: RunFolderSource(fixture.study.outputDirectory), settings: StudySettings(bootstrap: .never))
    return try #require(numbers.sections.all.compactMap { $0 as? ClaimsSection }.first)
  }

  private func masks(_ shares: [Int]) -> Predictions {
    .segmentation(
      SegmentationPredictions(
        rows: shares.enumerated().map { row, found in
          .init(
            id: "\(row).png", patient: nil,
            counts: PixelConfusion(truePositives: found, falsePositives: 0, falseNegatives: 100 - found, trueNegatives: 900))
        }))
  }

  private func decisions(_ right: [Bool], _ classes: [String] = ["p"], patients: Int? = nil) -> Predictions {
    .classification(
      ClassificationPredictions(
        classNames: classes,
        rows: (0..<right.count / classes.count).map { row in
          .init(
            id: "\(row).png", patient: patients.map { "p\(row % $0)" }, targets: classes.indices.map { (row + $0) % 2 == 0 ? 1 : 0 },
            probabilities: classes.indices.map { index in
              let isPositive = (row + index) % 2 == 0
              return right[row * classes.count + index] == isPositive ? 0.9 - 0.0001 * Double(row) : 0.1 + 0.0001 * Double(row)
            })
        }))
  }

  private func finish(_ fixture: ReportFixture, _ cell: Cell, _ predictions: Predictions, validation: Predictions?) throws {
    try fixture.finish(cell, predictions)
    if let validation { try PredictionsFile.write(validation, to: fixture.directory(cell).validationPredictionsFile) }
  }

  @Test("One image of five that one of two equal networks finds entirely is no claim: false with a probability of 0.19")
  func oneImage() throws {
    let fixture = try ReportFixture(seeds: "[1, 2]")
    for seed in [1, 2] {
      let base = [82, 82, 82, 82, 81 + seed]
      try fixture.finish(fixture.cell("vessels", "random", seed), masks(base))
      try fixture.finish(fixture.cell("vessels", "adapted", seed), masks([100] + base.dropFirst()))
    }
    let section = try section(fixture)
    let claim = try #require(section.claims.first)
    #expect(section.claims.count == 1 && claim.better == "adapted" && claim.other == "random" && claim.imageCount == 5)
    let p = try #require(claim.probability.known)
    #expect(abs(p - 0.18695) < 1e-5)
    #expect(
      section.sentences == [
        "Of 1 claim that the best of a task is better than another, 1 is false with a probability above 5 %: adapted over random on vessels (0.19)."
      ])
    let row = try #require(section.tables.first?.rows.first)
    #expect(row.map(\.text).prefix(3) == ["vessels", "adapted has a higher mean Dice than random", "92.15 and 90.17"] && row[3].isShaded)
    #expect(row[3].text == "0.19" && row[5].text == "correlation −0.22")
    #expect(
      section.methods
        == "The probability that the best of a task is in truth no better than another was computed after Christodoulou et al. (2025): for mean Dice by Student's t of the images' differences, averaged over seeds and taken together by patient."
    )
  }

  @Test("Of decisions it is the closed form of the paper from how often both are right, averaged over all pairs of seeds")
  func decisionsOfSeeds() throws {
    let fixture = try ReportFixture(seeds: "[1, 2]"), count = 60
    // Wrong on the images of a number of residues; the seeds of one are wrong on different ones.
    func right(_ wrong: Set<Int>) -> [Bool] { (0..<count).map { !wrong.contains($0 % 20) } }
    let runs = ["adapted": [right([0]), right([1])], "random": [right([0, 2, 5]), right([1, 2, 6])]]
    for (name, seeds) in runs {
      for (index, seed) in seeds.enumerated() {
        try finish(fixture, fixture.cell("sick", name, index + 1), decisions(seed), validation: decisions(right([])))
      }
    }
    let claim = try #require(try section(fixture).claims.first), basis = try #require(claim.basis.known)
    #expect(claim.better == "adapted" && basis.measure == .accuracy && basis.unitCount == 60 && basis.effectiveCount == 60)
    // By hand: every image of twenty, over the four pairs of seeds.
    let a = runs["adapted"] ?? [], b = runs["random"] ?? []
    var both = 0, onlyA = 0, onlyB = 0
    for one in a {
      for other in b {
        for (x, y) in zip(one, other) {
          both += x && y ? 1 : 0
          onlyA += x && !y ? 1 : 0
          onlyB += !x && y ? 1 : 0
        }
      }
    }
    #expect(abs(basis.better - 0.95) < 1e-12 && abs(basis.other - 0.85) < 1e-12)
    #expect(abs((basis.agreement.known ?? 0) - Double(both) / 240) < 1e-12)
    let expected = try #require(Beta(Double(onlyA) / 4 + 1, Double(onlyB) / 4 + 1).lowerTail(0.5).known), p = try #require(claim.probability.known)
    #expect(abs(p - expected) < 1e-12)
  }

  @Test("Decisions on the images of one patient count as many as their design effect leaves, and the table says so")
  func patients() throws {
    let fixture = try ReportFixture(seeds: "[1, 2]"), count = 60
    // Thirty patients of two images, which are right or wrong together.
    func right(_ wrong: Set<Int>) -> [Bool] { (0..<count).map { !wrong.contains($0 % 30) } }
    for seed in [1, 2] {
      for (name, wrong) in [("adapted", [0]), ("random", [1, 2, 3])] as [(String, Set<Int>)] {
        try finish(
          fixture, fixture.cell("sick", name, seed), decisions(right(wrong), patients: 30), validation: decisions(right([])))
      }
    }
    let section = try section(fixture), claim = try #require(section.claims.first)
    #expect(claim.patientCount == 30 && claim.imageCount == 60)
    #expect(try #require(claim.basis.known?.effectiveCount) < 31)
    #expect(section.tables[0].rows[0][5].text == "both right 86.67 %; 30 patients; worth 29")
  }

  @Test("The comparisons have the probability beside each test of the best, and no claim is made of a tie, of what did not train, or of what is not ahead")
  func claimsThatAreMade() throws {
    func made(_ values: (String, Int) -> [Int]) throws -> (claims: [ClaimsSection.Claim], numbers: StudyNumbers) {
      let fixture = try ReportFixture(seeds: "[1, 2]")
      for cell in fixture.plan.cells where cell.task == "vessels" { try fixture.finish(cell, masks(values(cell.initialization, cell.seed))) }
      let numbers = try StudyNumbers(
        StudyOutline(fixture.plan), from: RunFolderSource(fixture.study.outputDirectory), settings: StudySettings(bootstrap: .never))
      return (numbers.sections.all.compactMap { $0 as? ClaimsSection }.first?.claims ?? [], numbers)
    }
    let found = try made { name, seed in [82, 84, 80, 70 + seed].map { name == "adapted" ? $0 + 9 : $0 } }
    #expect(found.claims.count == 1)
    let table = try #require(found.numbers.tables.first { $0.label == "comparisons" })
    let column = try #require(table.columns.firstIndex { $0.title == "P(false)" })
    let rows = table.rows.filter { $0[0].text.hasPrefix("vessels") }
    // The claim is of the images' mean Dice and stands beside the task's first metric alone.
    #expect(rows[0][column].text == pText(found.claims[0].probability) && rows[0][1].text.hasPrefix("adapted (best)"))
    #expect(rows.dropFirst().allSatisfy { $0[column].text.isEmpty })
    #expect(try made { _, seed in [82, 84, 80, 70 + seed] }.claims.isEmpty)
    // The structure is a tenth of the image: marking all of it gives 0.18.
    #expect(try made { name, seed in [6, 7, 8, 3 + seed].map { name == "adapted" ? $0 + 1 : $0 } }.claims.isEmpty)
  }

  @Test("Without validation predictions there is no decision, and the reason stands in the table")
  func noThreshold() throws {
    let fixture = try ReportFixture(seeds: "[1, 2]"), all = (0..<20).map { $0 % 7 != 0 }
    for (number, name) in ["adapted", "random"].enumerated() {
      for seed in [1, 2] { try fixture.finish(fixture.cell("sick", name, seed), decisions(all.map { $0 || number == 0 })) }
    }
    let section = try section(fixture), reason = "a run has no validation predictions, on which a threshold could be fixed"
    #expect(section.claims.first?.probability.reason == reason && section.tables[0].rows[0][3].note == reason && section.methods == "")
    #expect(section.sentences == ["Of no claim that the best of a task is better than another could the probability of being false be computed."])
  }
}
