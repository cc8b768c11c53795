import Foundation
import Foundations
import Metrics
import RunStore
import Studies

/// What a made-up study is like.
///
/// Scores are normal: a positive image's are higher by a distance that gives the wanted AUROC. Given the class, the scores of two
/// initializations are correlated by 0.7 and those of two seeds of one by 0.85; each seed has a distance of its own (standard deviation
/// 0.03, that of an AUROC 0.008). 30 % of the images are positive.
struct Scenario {
  let title: String
  var images = 2000
  var seeds = 3
  var initializations = 2
  /// How many of ten blocks of patients each stratum has.
  var shares = [5, 5]
  var imagesOfPatient = 1
  /// The AUROC of both initializations in each stratum: what a stratum is like by itself.
  var auroc = [0.80, 0.80]
  /// How much more the first initialization has in the first stratum.
  var planted = 0.0
  /// The share of positive images in each stratum.
  var prevalence = [0.3, 0.3]
  var isSegmentation = false
}

/// Studies of one scenario, each in memory as a run folder would hold it.
struct MadeUpStudy {
  let plan: Plan
  private let scenario: Scenario
  private let stratumOfImage: [Int]
  private let fixed: [String: Data]

  init(_ scenario: Scenario) throws {
    self.scenario = scenario
    let data = scenario.isSegmentation ? "maskColumn: mask" : "labelColumns: [Edema]"
    let kind = scenario.isSegmentation ? "binarySegmentation" : "binaryClassification"
    let starts = (0..<scenario.initializations).map { "  start\($0): {weights: w\($0).pth}\n" }.joined()
    let text = """
      seeds: \(scenario.seeds)
      initializations:
      \(starts)
      tasks:
        made-up: {kind: \(kind), data: {manifest: {file: a.csv, \(data), groupColumns: [Stratum]}}}
      """
    let study = try Study.decode(text, file: URL(fileURLWithPath: "/made-up/study.yaml"))
    plan = try Plan(study, fingerprints: Fingerprints(data: { $0.name }, weights: { $0 }))
    let blocks = scenario.shares.enumerated().flatMap { Array(repeating: $0, count: $1) }
    stratumOfImage = (0..<scenario.images).map { blocks[$0 / scenario.imagesOfPatient % blocks.count] }
    var files: [String: Data] = [:]
    for cell in plan.cells {
      guard let record = CellRecord(cell, in: plan) else { continue }
      files["\(cell.relativePath)/cell.json"] = try CanonicalJSON.encode(record)
      files["\(cell.relativePath)/status.json"] = try CanonicalJSON.encode(RunStatus.finished)
      files["\(cell.relativePath)/metrics.json"] = try CanonicalJSON.encode(RunMetrics(entries: [], imageCount: scenario.images))
    }
    let table = GroupTable(
      names: ["Stratum"],
      rows: stratumOfImage.enumerated().map { .init(id: "\($0).png", split: "test", strata: [String(UnicodeScalar(UInt8(ascii: "A") + UInt8($1)))]) })
    files[GroupTable.path(of: "made-up")] = Data(table.text.utf8)
    fixed = files
  }

  /// The files of study number `number`.
  func source(_ number: Int) throws -> RunArchiveSource {
    var generator = (SeedPath(number) / scenario.title).generator(), files = fixed
    let images = 0..<scenario.images
    let truths = images.map { generator.uniform() < scenario.prevalence[stratumOfImage[$0]] }
    let shared = effects(0.7, &generator)
    for initialization in 0..<scenario.initializations {
      let own = effects(0.15, &generator)
      for seed in 1...scenario.seeds {
        let shift = 0.03 * generator.normal(), noise = effects(0.15, &generator)
        let difficulty = images.map { shared[$0] + own[$0] + noise[$0] }
        let predictions = scenario.isSegmentation ? masks(initialization, difficulty, shift) : findings(initialization, truths, difficulty, shift)
        guard let cell = plan.cells.first(where: { $0.initialization == "start\(initialization)" && $0.seed == seed }) else { continue }
        let path = "\(cell.relativePath)/predictions.csv"
        files[path] = Data(try PredictionsFile.text(predictions, of: URL(fileURLWithPath: path)).utf8)
      }
    }
    return RunArchiveSource(files, name: "made up")
  }

  /// One normal number an image; half of its variance is the patient's where a patient has several.
  private func effects(_ variance: Double, _ generator: inout SeededGenerator) -> [Double] {
    let ofPatient = scenario.imagesOfPatient > 1 ? 0.5 : 0
    var current = 0.0
    return (0..<scenario.images).map { image in
      if image % scenario.imagesOfPatient == 0 { current = generator.normal() }
      return variance.squareRoot() * (ofPatient.squareRoot() * current + (1 - ofPatient).squareRoot() * generator.normal())
    }
  }

  private func advantage(_ initialization: Int, _ stratum: Int) -> Double {
    scenario.auroc[stratum] + (initialization == 0 && stratum == 0 ? scenario.planted : 0)
  }

  private func findings(_ initialization: Int, _ truths: [Bool], _ difficulty: [Double], _ shift: Double) -> Predictions {
    let distances = scenario.shares.indices.map { 2.0.squareRoot() * Self.quantile(advantage(initialization, $0)) + shift }
    return .classification(
      ClassificationPredictions(
        classNames: ["Edema"],
        rows: truths.indices.map { image in
          let score = (truths[image] ? distances[stratumOfImage[image]] : 0) + difficulty[image]
          return .init(
            id: "\(image).png", patient: "p\(image / scenario.imagesOfPatient)", targets: [truths[image] ? 1 : 0],
            probabilities: [1 / (1 + exp(1 - score))])
        }))
  }

  /// Masks whose Dice is near the stratum's value, with a standard deviation of 0.1 over images.
  private func masks(_ initialization: Int, _ difficulty: [Double], _ shift: Double) -> Predictions {
    .segmentation(
      SegmentationPredictions(
        rows: difficulty.indices.map { image in
          let dice = min(0.99, max(0.05, advantage(initialization, stratumOfImage[image]) + 0.1 * difficulty[image] + 0.1 * shift))
          let hits = Int((1000 * dice).rounded())
          return .init(
            id: "\(image).png", patient: "p\(image / scenario.imagesOfPatient)",
            counts: PixelConfusion(truePositives: hits, falsePositives: 1000 - hits, falseNegatives: 1000 - hits, trueNegatives: 10_000))
        }))
  }

  /// Φ⁻¹ by bisection.
  private static func quantile(_ share: Double) -> Double {
    var (low, high) = (-8.0, 8.0)
    for _ in 0..<80 {
      let middle = (low + high) / 2
      if 0.5 * erfc(-middle / 2.0.squareRoot()) < share { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
