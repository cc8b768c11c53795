import Figures
import Foundation
import Foundations
import Metrics
import RunStore
import Statistics
import Studies
import Testing

@testable import Reports

/// A study of made-up masks whose label price is known in closed form: with the share p of the labels `baseline` has the Dice 0.8 + 0.04·ln p, a
/// straight line in ln p, and another initialization with the share f that of `baseline` with another share.
@Suite("The label price of a study") struct LabelPriceSectionTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("labels-\(UUID().uuidString)", isDirectory: true)

  private static func curve(_ share: Double) -> Double { 0.8 + 0.04 * log(share) }

  /// Of two seeds, to both sides of the mean.
  private static let luck = 0.002

  /// - Parameter worth: of each initialization but the baseline, how many times its labels the baseline needs.
  private func numbers(_ worth: [String: Double], seeds: String = "[1, 2]") throws -> StudyNumbers {
    defer { try? FileManager.default.removeItem(at: folder) }
    let starts = ["baseline"] + worth.keys.sorted()
    let text = """
      name: labels
      seeds: \(seeds)
      fraction: [0.1, 0.2, 0.5, 1]
      initializations: {\(starts.map { "\($0): {weights: \($0).pth}" }.joined(separator: ", "))}
      tasks:
        vessels: {kind: binarySegmentation, data: {maskFolders: {training: {images: i, masks: m}}}}
      """
    let study = try Study.decode(text, file: folder.appendingPathComponent("study.yaml"))
    let plan = try Plan(study, fingerprints: Fingerprints(data: { $0.name }, weights: { $0 }))
    for cell in plan.cells {
      guard let record = CellRecord(cell, in: plan) else { continue }
      let directory = RunDirectory(of: cell, in: study.outputDirectory), share = cell.fraction.value * (worth[cell.initialization] ?? 1)
      let mean = Self.curve(share) + (cell.seed == 1 ? 1 : -1) * Self.luck
      try directory.begin(record)
      let predictions = Self.masks((0..<6).map { mean + 0.01 * (Double($0) - 2.5) })
      try PredictionsFile.write(predictions, to: directory.predictionsFile)
      try directory.write(predictions.allMetrics(validation: nil))
      try directory.write(RunStatus.finished)
    }
    return try StudyNumbers(StudyOutline(plan), from: RunFolderSource(study.outputDirectory), settings: StudySettings(bootstrap: .never))
  }

  /// Structures of five million pixels, so that Dice is what is wanted to a ten-millionth, and its pooled value the mean.
  private static func masks(_ dice: [Double]) -> Predictions {
    .segmentation(
      SegmentationPredictions(
        rows: dice.enumerated().map { index, value in
          let size = 5_000_000, hits = Int((Double(size) * value).rounded())
          return .init(
            id: "\(index).png", patient: nil,
            counts: PixelConfusion(truePositives: hits, falsePositives: size - hits, falseNegatives: size - hits, trueNegatives: size))
        }))
  }

  private func section(_ numbers: StudyNumbers) throws -> LabelPrices {
    try #require(numbers.sections.all.compactMap { $0 as? LabelPrices }.first)
  }

  private func price(_ section: LabelPrices, _ name: String, at fraction: Double) throws -> LabelPrice {
    try #require(section.tasks.first?.results.first { $0.initialization == name && $0.fraction.value == fraction }).price
  }

  @Test("What is worth 2.5 times its labels has that price at every share, and the interval ends where the t-test of the line begins to reject")
  func known() throws {
    let section = try self.section(numbers(["better": 2.5]))
    #expect(section.tasks.map(\.baseline) == ["baseline"] && section.withoutPrice.isEmpty)
    for fraction in [0.1, 0.2] {
      guard case .at(let found) = try price(section, "better", at: fraction).price else {
        Issue.record("no price at \(fraction)")
        continue
      }
      #expect(abs(found / (2.5 * fraction) - 1) < 1e-4)
    }
    // With half of its labels it does more than the baseline with all.
    #expect(try price(section, "better", at: 0.5).price == .notReached && price(section, "better", at: 1).price == .notReached)
    let bounds = try #require(try price(section, "better", at: 0.1).interval.known), pieces = [[0.1, 0.2], [0.2, 0.5], [0.5, 1]]
    for reach in [bounds.lower, bounds.upper] {
      guard case .at(let end) = reach, let piece = pieces.last(where: { $0[0] <= end }) else {
        Issue.record("an open end")
        continue
      }
      // The mean of the other and those of both shares about the end vary by luck², each with one degree of freedom.
      let weight = log(end / piece[0]) / log(piece[1] / piece[0]), parts = [1, (1 - weight) * (1 - weight), weight * weight]
      let variance = parts.reduce(0, +), degrees = variance * variance / parts.reduce(0) { $0 + $1 * $1 }
      let t = 0.04 * abs(log(end / 0.25)) / (Self.luck * variance.squareRoot())
      let p = 2 * (try #require(StudentT(degreesOfFreedom: degrees).upperTail(t).known))
      #expect(abs(p - 0.05) < 1e-3, "\(end): p = \(p)")
    }
  }

  @Test("The sentence, the table and the figure say the same; twice as many labels of the others are worth none")
  func words() throws {
    let section = try self.section(numbers(["better": 2.5, "worse": 0.5]))
    let sentence = try #require(section.sentences.first)
    #expect(sentence.hasPrefix("On vessels, baseline with 25 % of the labels (95 % interval ") && sentence.hasSuffix(") does what better does with 10 %."), "\(sentence)")
    let table = try #require(section.tables.first), rows = table.rows.map { $0.map(\.text) }
    #expect(rows.count == 8 && rows.first.map { Array($0.prefix(5)) } == ["vessels", "better", "10 %", "74.45", "25 %"], "\(rows)")
    // With a fifth of the labels `worse` does what the baseline does with a tenth; with a tenth less than was measured.
    #expect(rows.filter { $0[1] == "worse" }.map { $0[4] } == ["less than 10 %", "10 %", "25 %", "50 %"], "\(rows)")
    #expect(section.figures.map(\.id) == ["label-price"])
    #expect(section.methods.contains("isotonic regression"))
  }

  @Test("One seed has prices and no interval, and says why")
  func oneSeed() throws {
    let section = try self.section(numbers(["better": 2.5], seeds: "[1]"))
    #expect(try price(section, "better", at: 0.1).interval.reason == "one seed says nothing about other seeds")
    #expect(section.sentences == ["On vessels, baseline with 25 % of the labels does what better does with 10 %; without interval: one seed says nothing about other seeds."])
  }
}
