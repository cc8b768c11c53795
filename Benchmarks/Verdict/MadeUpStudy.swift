import Foundation
import Foundations
import Metrics
import Reports
import RunStore
import Statistics
import Studies

/// Two initializations of one task whose runs are made up, from the true means on: what an image is like, how each initialization and each
/// seed deals with it. Both do so in the same way, so that their true means are equal unless one is shifted.
struct MadeUpStudy {
  enum Kind: Hashable {
    /// Dice with a long lower tail, as segmentations have it.
    case dice
    /// Scores of two overlapping groups; how many images of a hundred have the finding.
    case auroc(prevalence: Int)
    /// The same of several findings, judged by their mean: how many of the images have each.
    case areas(positives: [Int])

    var isDice: Bool { self == .dice }

    /// What a line of it is asked for by.
    var word: String {
      switch self {
      case .dice: "dice"
      case .auroc: "auroc"
      case .areas: "areas"
      }
    }

    /// Few images with a finding beside others with many, where a mean over classes rests on few patients.
    static let imagesOfRareFindings = 120
    static let rareFindings: [Self] = [.areas(positives: [40, 2]), .areas(positives: [40, 30, 2]), .areas(positives: [48, 36, 4]), .areas(positives: [40, 3, 3])]
  }

  let kind: Kind
  let images: Int
  let seeds: Int
  /// How many times as far seeds lie apart as those of the tables of verdicts.
  let seedSpread: Double
  private let outline: StudyOutline
  private let source: [String: Data]
  private let cells: [Cell]

  /// - Parameters:
  ///   - initializations: all alike, but for a shift of the last one.
  ///   - isInRounds: whether the seeds are the most that there may be.
  init(_ kind: Kind, images: Int, seeds: Int, initializations: Int = 2, seedSpread: Double = 1, isInRounds: Bool = false) throws {
    (self.kind, self.images, self.seeds, self.seedSpread) = (kind, images, seeds, seedSpread)
    let task =
      switch kind {
      case .dice: "{kind: binarySegmentation, data: {maskFolders: {training: {images: i, masks: m}}}}"
      case .auroc: "{kind: binaryClassification, data: {manifest: {file: a.csv, labelColumns: [p]}}}"
      case .areas(let positives): "{kind: multiLabelClassification, data: {manifest: {file: a.csv, labelColumns: [\(Self.findings(positives).joined(separator: ", "))]}}}"
      }
    let names = Self.names(initializations), starts = names.map { "\($0): {weights: \($0).pth}" }.joined(separator: ", ")
    let text = "name: made up\nseeds: \(isInRounds ? "{atMost: \(seeds)}" : "\(seeds)")\ninitializations: {\(starts)}\ntasks: {task: \(task)}\n"
    let study = try Study.decode(text, file: URL(fileURLWithPath: "/made-up/study.yaml"))
    let plan = try Plan(study, fingerprints: Fingerprints(data: { $0.name }, weights: { $0 }))
    outline = StudyOutline(plan)
    cells = plan.cells
    var files: [String: Data] = [:]
    for cell in plan.cells {
      guard let record = CellRecord(cell, in: plan) else { continue }
      files["\(cell.relativePath)/cell.json"] = try CanonicalJSON.encodePretty(record)
      files["\(cell.relativePath)/status.json"] = try CanonicalJSON.encodePretty(RunStatus.finished)
      files["\(cell.relativePath)/metrics.json"] = try CanonicalJSON.encodePretty(RunMetrics(entries: [], imageCount: images))
    }
    source = files
  }

  private static func findings(_ positives: [Int]) -> [String] { positives.indices.map { "p\($0)" } }

  private static func names(_ count: Int) -> [String] { ["first"] + (2..<max(2, count)).map { "other\($0)" } + ["second"] }

  /// Every number of one study, from the bytes of its runs as the report reads them.
  ///
  /// - Parameter shift: by how much the second initialization is better, on the scale that the values are made on.
  func numbers(study: Int, shift: Double = 0) throws -> StudyNumbers {
    try StudyNumbers(outline, from: runs(study: study, shift: shift), settings: StudySettings(bootstrap: .never))
  }

  /// How the seeds of one study come about, as `run` asks for them: all of them are made up, and the rounds look at those that they ask for.
  func rounds(study: Int, shift: Double = 0) throws -> SeedRounds {
    guard let rounds = RoundsReader(outline, from: try runs(study: study, shift: shift)).rounds()?.questions.first?.rounds else { throw Pilots.Missing() }
    return rounds
  }

  private func runs(study: Int, shift: Double) throws -> RunArchiveSource {
    var generator = (SeedPath(study) / "\(kind)" / images / seeds).generator()
    let hasFinding = (0..<images).map { $0 < findings }
    let ofImage = (0..<images).map { _ in generator.normal() }
    let ofFindings = countOfFindings > 1 ? (0..<images * countOfFindings).map { _ in generator.normal() } : []
    let sizes = (0..<images).map { _ in 3000 * exp(0.5 * generator.normal()) }
    var files = source
    for start in outline.initializations.map(\.name) {
      let ofBoth = (0..<images).map { _ in generator.normal() }
      let gain = start == "second" ? shift : 0
      for cell in cells where cell.initialization == start {
        let seed = generator.normal()
        let predictions: Predictions
        switch kind {
        case .dice:
          let rows = (0..<images).map { index -> SegmentationPredictions.Row in
            let value = Self.mean + gain + ofImage[index] + Self.diceOfBoth * ofBoth[index] + Self.diceOfSeed * seedSpread * seed + Self.diceOfRun * generator.normal()
            let size = Int(sizes[index]), hits = Int((sizes[index] / (1 + exp(-value))).rounded())
            return .init(
              id: "\(index)", patient: nil,
              counts: PixelConfusion(truePositives: hits, falsePositives: size - hits, falseNegatives: size - hits, trueNegatives: 50_000))
          }
          predictions = .segmentation(SegmentationPredictions(rows: rows))
        case .auroc:
          let rows = (0..<images).map { index -> ClassificationPredictions.Row in
            let signal = hasFinding[index] ? Self.distance + gain + Self.areaOfSeed * seedSpread * seed : 0
            let value = signal + ofImage[index] + Self.areaOfBoth * ofBoth[index] + Self.areaOfRun * generator.normal()
            return .init(id: "\(index)", patient: nil, targets: [hasFinding[index] ? 1 : 0], probabilities: [1 / (1 + exp(-value))])
          }
          predictions = .classification(ClassificationPredictions(classNames: ["p"], rows: rows))
        case .areas(let positives):
          predictions = areas(positives, gain: gain, seed: seed, ofImage: ofFindings, ofBoth: (SeedPath(study) / "both" / start).generator(), &generator)
        }
        let path = "\(cell.relativePath)/predictions.csv"
        files[path] = Data(try PredictionsFile.text(predictions, of: URL(fileURLWithPath: "/\(path)")).utf8)
      }
    }
    return RunArchiveSource(files, name: "made up")
  }

  private var countOfFindings: Int {
    if case .areas(let positives) = kind { return positives.count }
    return 1
  }

  /// Each finding on images of its own, with scores of its own.
  private func areas(
    _ positives: [Int], gain: Double, seed: Double, ofImage: [Double], ofBoth: SeededGenerator, _ generator: inout SeededGenerator
  ) -> Predictions {
    var ofBoth = ofBoth
    let rows = (0..<images).map { index -> ClassificationPredictions.Row in
      var targets: [Float] = [], scores: [Double] = []
      for finding in positives.indices {
        let has = (index + 37 * finding) % images < positives[finding]
        let signal = has ? Self.distance + gain + Self.areaOfSeed * seedSpread * seed : 0
        let value = signal + ofImage[index * positives.count + finding] + Self.areaOfBoth * ofBoth.normal() + Self.areaOfRun * generator.normal()
        targets.append(has ? 1 : 0)
        scores.append(1 / (1 + exp(-value)))
      }
      return .init(id: "\(index)", patient: nil, targets: targets, probabilities: scores)
    }
    return .classification(ClassificationPredictions(classNames: Self.findings(positives), rows: rows))
  }

  /// About the standard error of a difference with all seeds, on the scale that values are made on.
  var standardError: Double {
    let (n, m) = (Double(seeds), Double(images))
    switch kind {
    case .dice: return (2 * (pow(Self.diceOfSeed * seedSpread, 2) / n + pow(Self.diceOfBoth, 2) / m + pow(Self.diceOfRun, 2) / (m * n))).squareRoot()
    case .auroc, .areas:
      let kinds = 1 / Double(max(1, findings)) + 1 / Double(max(1, images - findings))
      return (2 * (pow(Self.areaOfSeed * seedSpread, 2) / n + (pow(Self.areaOfBoth, 2) + pow(Self.areaOfRun, 2) / n) * kinds)).squareRoot()
    }
  }

  /// Images with the finding, the same number in each study.
  private var findings: Int {
    if case .auroc(let prevalence) = kind { return images * prevalence / 100 }
    return 0
  }

  /// How much better the second initialization truly is, over all patients and seeds.
  func trueDifference(shift: Double) -> Double {
    switch kind {
    case .dice:
      let deviation = (1 + pow(Self.diceOfBoth, 2) + pow(Self.diceOfSeed, 2) + pow(Self.diceOfRun, 2)).squareRoot()
      func expected(_ center: Double) -> Double {
        // Riemann's sum of a smooth function that ends in nothing is exact to many digits.
        let points = stride(from: -9.0, through: 9, by: 0.01)
        return points.reduce(0) { $0 + 0.01 * exp(-$1 * $1 / 2) / (2 * Double.pi).squareRoot() / (1 + exp(-center - deviation * $1)) }
      }
      return expected(Self.mean + shift) - expected(Self.mean)
    case .auroc, .areas:
      let variance = 2 * (1 + pow(Self.areaOfBoth, 2) + pow(Self.areaOfRun, 2)) + pow(Self.areaOfSeed, 2)
      func expected(_ distance: Double) -> Double { 0.5 * erfc(-distance / (2 * variance).squareRoot()) }
      return expected(Self.distance + shift) - expected(Self.distance)
    }
  }

  /// The parts of the variance of the better one's difference, as the report of one study has them.
  ///
  /// - Returns: nil where the report does not have them.
  func parts(study: Int, shift: Double) throws -> TwoLevelDifference? {
    try numbers(study: study, shift: shift).analysis.tasks[0].againstBest?.comparisons.first?.parts
  }

  // On the logit scale of a Dice of about 0.84: the spread of images is 1.
  private static let mean = 1.8, diceOfBoth = 0.35, diceOfSeed = 0.05, diceOfRun = 0.25
  // In units of the spread of images; the AUROC is about 0.75.
  private static let distance = 1.2, areaOfBoth = 0.6, areaOfSeed = 0.1, areaOfRun = 0.4
}
