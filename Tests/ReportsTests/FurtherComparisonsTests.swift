import Figures
import Foundation
import Foundations
import Metrics
import RunStore
import Studies
import Testing

@testable import Reports
@testable import Statistics

@Suite("Further metrics compared")
struct FurtherComparisonsTests {
  private func section(_ numbers: StudyNumbers) throws -> FurtherComparisons {
    try #require(numbers.sections.all.compactMap { $0 as? FurtherComparisons }.first)
  }

  private func masks(_ rows: [PixelConfusion]) -> Predictions {
    .segmentation(SegmentationPredictions(rows: rows.enumerated().map { .init(id: "\($0).png", patient: "p\($0 / 2)", counts: $1) }))
  }

  @Test("A difference of a metric of rows is that of Obuchowski, Rockette and Hillis over the patients' own sums, written out here")
  func byHand() throws {
    let fixture = try ReportFixture(seeds: "[1, 2, 3]")
    func rows(_ start: String, _ seed: Int) -> [PixelConfusion] {
      var ofRun = (SeedPath(seed) / start).generator(), ofImages = SeedPath(9).generator()
      return (0..<12).map { _ in
        let shared = Int(30 * ofImages.uniform()), hits = (start == "adapted" ? 70 : 55) - shared + Int(12 * ofRun.uniform())
        return PixelConfusion(truePositives: hits, falsePositives: 20 + shared / 2, falseNegatives: 100 - hits, trueNegatives: 800)
      }
    }
    for cell in fixture.plan.cells where cell.task == "vessels" { try fixture.finish(cell, masks(rows(cell.initialization, cell.seed))) }
    let numbers = try StudyNumbers(StudyOutline(fixture.plan), from: RunFolderSource(fixture.study.outputDirectory), settings: StudySettings(bootstrap: .never))
    let task = try #require(try section(numbers).tasks.first { $0.task == "vessels" })
    #expect(task.best == "adapted")
    let found = try #require(task.differences.first { $0.metric.rawValue == "iouPerImage" })
    #expect(found.other == "random")
    // The mean over images of each run, and of each patient (two images) how far the sum is from it, for both starts.
    func value(_ counts: PixelConfusion) -> Double { Double(counts.truePositives) / Double(counts.truePositives + counts.falsePositives + counts.falseNegatives) }
    var means: [String: [Double]] = [:], moved: [String: [[Double]]] = [:]
    for start in ["adapted", "random"] {
      for seed in 1...3 {
        let values = rows(start, seed).map(value), mean = values.reduce(0, +) / 12
        means[start, default: []].append(mean)
        let sums = (0..<6).map { patient in values[2 * patient] + values[2 * patient + 1] - 2 * mean }
        moved[start, default: []].append(sums.map { (6.0 / 5).squareRoot() * $0 / 12 })
      }
    }
    func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    func summary(_ start: String) -> (mean: Double, square: Double, covariance: Double, average: [Double]) {
      let values = means[start] ?? [], all = moved[start] ?? [], mean = values.reduce(0, +) / 3
      let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2
      let pairs = [(0, 1), (0, 2), (1, 2)].map { product(all[$0.0], all[$0.1]) }
      let average = (0..<6).map { place in all.reduce(0) { $0 + $1[place] } / 3 }
      return (mean, square, pairs.reduce(0, +) / 3, average)
    }
    let a = summary("adapted"), b = summary("random")
    let patients = max(0, a.covariance + b.covariance - 2 * product(a.average, b.average))
    let variance = a.square / 3 + b.square / 3 + patients
    let degrees = variance * variance / (pow(a.square / 3, 2) / 2 + pow(b.square / 3, 2) / 2 + patients * patients / 5)
    let half = try StudentT.halfWidth(level: 0.95, degreesOfFreedom: degrees) * variance.squareRoot()
    let interval = try #require(found.estimate.interval.known)
    #expect(abs((found.estimate.value.known ?? 0) - (a.mean - b.mean)) < 1e-12)
    #expect(abs(interval.lower - (a.mean - b.mean - half)) < 1e-10 && abs(interval.upper - (a.mean - b.mean + half)) < 1e-10)
  }

  @Test("Holm corrects over all differences of a task; what has no better direction and what lacks a value is no part of it, and what stands alone is left out")
  func corrected() throws {
    let fixture = try EvidenceFixture(seeds: "[1, 2, 3]", groups: ["Sex"])
    try fixture.finish()
    try fixture.putGroups()
    let numbers = try fixture.numbers(), chest = try #require(try section(numbers).tasks.first { $0.task == "chest" })
    let others = Set(chest.differences.map(\.other)), metrics = Set(chest.differences.map(\.metric))
    #expect(chest.best == "seen" && others == ["imagenet", "random"] && metrics.count > 5)
    #expect(!metrics.contains(.aurocMacro) && metrics.allSatisfy { if case .toward = $0.direction { false } else { true } })
    let tested = chest.differences.filter { $0.p.known != nil }
    #expect(chest.testedCount == tested.count && tested.count > 5)
    let expected = AdjustedFamily(chest.differences.map(\.p), correction: .holm).p
    #expect(chest.differences.map(\.adjustedP) == expected)
    #expect(chest.differences.allSatisfy { $0.p.known == nil || ($0.adjustedP.known ?? 0) >= ($0.p.known ?? 2) })
    // The difference is that of the means in the table beside it.
    for difference in tested {
      func mean(_ start: String) -> Double { numbers.group(task: "chest", initialization: start)?.metric(difference.metric)?.summary.mean.known ?? .nan }
      #expect(abs((difference.estimate.value.known ?? .nan) - (mean("seen") - mean(difference.other))) < 1e-12, "\(difference.metric)")
    }
    let table = try #require(numbers.tables.first { $0.label == "further-differences-chest" })
    #expect(table.columns.map(\.title) == ["Metric", "less imagenet", "less random"] && table.rows.count == metrics.count)
    try fixture.putList()
    let left = try #require(try section(fixture.numbers()).tasks.first { $0.task == "chest" })
    #expect(left.best == "imagenet" && Set(left.differences.map(\.other)) == ["random"])
    #expect(try JSONDecoder().decode(StudyNumbers.self, from: numbers.json()) == numbers)
  }

  @Test("Distances over other images are neither compared nor bold: a network that finds nothing in the hardest images is not the better one")
  func distancesOfOtherImages() throws {
    func said(missed: Int) throws -> (difference: FurtherComparisons.Difference?, cell: ReportTable.Cell?) {
      let fixture = try ReportFixture(seeds: "[1, 2]")
      for cell in fixture.plan.cells where cell.task == "vessels" {
        let isGood = cell.initialization == "adapted"
        try fixture.finish(
          cell,
          .segmentation(
            SegmentationPredictions(
              rows: (0..<24).map { row in
                let isMissed = !isGood && row < missed, hits = isMissed ? 0 : isGood ? 80 + row % 5 : 60 + (row + cell.seed) % 7
                return .init(
                  id: "\(row).png", patient: nil, counts: PixelConfusion(truePositives: hits, falsePositives: 10, falseNegatives: 100 - hits, trueNegatives: 800),
                  outline: OutlineAgreement(
                    hausdorff95: isMissed ? nil : isGood ? 5 + Double(row % 3) : 4 + Double((row + cell.seed) % 3), normalizedSurfaceDistance: isMissed ? 0 : 0.9))
              })))
      }
      let numbers = try StudyNumbers(StudyOutline(fixture.plan), from: RunFolderSource(fixture.study.outputDirectory), settings: StudySettings(bootstrap: .never))
      let task = numbers.sections.all.compactMap { $0 as? FurtherComparisons }.first?.tasks.first { $0.task == "vessels" }
      let table = numbers.tables.first { $0.label == "metrics-vessels" }, column = table?.columns.firstIndex { $0.title == "random" } ?? 0
      return (
        task?.differences.first { $0.metric.rawValue == "hausdorff95Pixels" },
        table?.rows.first { $0[0].text.hasPrefix("HD95") }?[column]
      )
    }
    let whole = try said(missed: 0), less = try said(missed: 8)
    #expect(whole.difference?.p.known != nil && whole.cell?.isBold == true)
    #expect(less.difference?.p.reason == "not every run has it of the same images, and means over other images are not compared")
    #expect(less.cell?.isBold == false && less.cell?.note?.hasPrefix("At most 8 images of a run have no such value") == true)
  }

  @Test("Where nothing was learned, where the best are tied, and for seeds alone, no other is held against a best")
  func noBest() throws {
    func tasks(_ hits: (String) -> Int, _ generalization: Generalization = .patientsAndSeeds) throws -> [String] {
      let fixture = try ReportFixture(seeds: "[1, 2]")
      for cell in fixture.plan.cells where cell.task == "vessels" {
        try fixture.finish(
          cell,
          masks(
            (0..<12).map { row in
              let base = hits(cell.initialization), found = base == 70 ? base + (row + cell.seed) % 3 : base + (row * base + cell.seed) % 7
              return PixelConfusion(truePositives: found, falsePositives: 10, falseNegatives: 100 - found, trueNegatives: 800)
            }))
      }
      var settings = StudySettings(bootstrap: .never)
      settings.analysis.generalization = generalization
      let numbers = try StudyNumbers(StudyOutline(fixture.plan), from: RunFolderSource(fixture.study.outputDirectory), settings: settings)
      return numbers.sections.all.compactMap { $0 as? FurtherComparisons }.first?.tasks.map(\.task) ?? []
    }
    let apart = { (name: String) in name == "adapted" ? 80 : 60 }
    #expect(try tasks(apart) == ["vessels"])
    #expect(try tasks { _ in 70 } == [])
    #expect(try tasks { $0 == "adapted" ? 6 : 3 } == [])
    #expect(try tasks(apart, .seeds) == [])
  }

  @Test("Metrics that are computed anew without each patient are compared where a bootstrap is made, and say why where none is")
  func anew() throws {
    let fixture = try EvidenceFixture(seeds: "[1, 2, 3]")
    try fixture.finish()
    func differences(_ rule: BootstrapRule) throws -> [FurtherComparisons.Difference] {
      let numbers = try StudyNumbers(StudyOutline(fixture.plan), from: RunFolderSource(fixture.output), settings: StudySettings(bootstrap: rule))
      return try #require(try section(numbers).tasks.first { $0.task == "chest" }).differences
    }
    let with = try differences(.always), without = try differences(.never)
    let anew = with.filter { $0.metric.interval.isResampled && $0.metric.interval != .percentiles && $0.p.known != nil }
    #expect(!anew.isEmpty)
    for one in anew {
      let same = try #require(without.first { $0.metric == one.metric && $0.other == one.other })
      #expect(same.p.reason?.contains("no bootstrap was asked for") == true)
    }
    for one in with where !one.metric.interval.isResampled {
      #expect(without.first { $0.metric == one.metric && $0.other == one.other }?.estimate == one.estimate)
    }
  }
}
