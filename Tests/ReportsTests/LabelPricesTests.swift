import Figures
import Foundation
import Foundations
import Metrics
import RunStore
import Studies
import Testing

@testable import Reports

@Suite("Label price in images")
struct LabelPricesTests {
  /// Whose means rise by equal steps with the logarithm of the share, `chest` a step ahead of `imagenet`.
  private func plan() throws -> Plan {
    let text = """
      seeds: 3
      fraction: [0.25, 0.5, 1]
      initializations: {imagenet: {weights: a.pth}, chest: {weights: b.pth}}
      tasks: {t: {kind: binaryClassification, data: {manifest: {file: a.csv, labelColumns: [p]}}}}
      """
    let study = try Study.decode(text, file: URL(fileURLWithPath: "/studies/labels.yaml"))
    return try Plan(study, fingerprints: Fingerprints(data: { $0.name }, weights: { $0 }))
  }

  private func predictions(_ cell: Cell) -> Predictions {
    let step = ["0.25": 0, "0.5": 1, "1": 2][cell.fraction.description] ?? 0
    // Of 60 positives so many stand below the negatives of the other half.
    let wrong = 40 - 8 * (step + (cell.initialization == "chest" ? 1 : 0)) + cell.seed % 3
    return .classification(
      ClassificationPredictions(
        classNames: ["p"],
        rows: (0..<120).map { row in
          let isPositive = row < 60, place = row % 60
          let score = isPositive ? (place < wrong ? 0.2 : 0.8) : 0.5
          return .init(id: "i\(row)", patient: "p\(row)", targets: [isPositive ? 1 : 0], probabilities: [score])
        }))
  }

  private func section(_ split: SplitRecord?) throws -> LabelPrices {
    let plan = try plan()
    var files: [String: Data] = [:]
    for cell in plan.cells {
      let found = predictions(cell), place = cell.relativePath
      guard let record = CellRecord(cell, in: plan) else { continue }
      files["\(place)/cell.json"] = try CanonicalJSON.encode(record)
      files["\(place)/status.json"] = try CanonicalJSON.encode(RunStatus.finished)
      files["\(place)/metrics.json"] = try CanonicalJSON.encode(RunMetrics(entries: [], imageCount: found.imageCount))
      files["\(place)/predictions.csv"] = Data(try PredictionsFile.text(found, of: URL(fileURLWithPath: place)).utf8)
    }
    if let split { files[SplitRecord.path(of: "t")] = try CanonicalJSON.encode(split) }
    var settings = StudySettings(bootstrap: .never)
    settings.analysis.baseline = "imagenet"
    let numbers = try StudyNumbers(StudyOutline(plan), from: RunArchiveSource(files, name: "memory"), settings: settings)
    return try #require(numbers.sections.all.compactMap { $0 as? LabelPrices }.first)
  }

  private func split(_ data: String, subsets: [String: Int]?) -> SplitRecord {
    SplitRecord(
      task: "t", table: "t.csv", sha256: "", data: data, subsets: [:], images: ["training": 2165, "validation": 10, "test": 120], seed: 0, parts: nil,
      origin: nil, subsetImages: subsets)
  }

  @Test("A share stands with its images: as counted where it was trained on, in proportion between two such")
  func counted() throws {
    let section = try section(split("t", subsets: ["0.25": 545, "0.5": 1079]))
    let sentence = try #require(section.sentences.first)
    #expect(sentence.hasPrefix("On t, imagenet with 50 % of the labels (1,079 images; 95 % interval "), "\(sentence)")
    #expect(sentence.contains(" does what chest does with 25 % (545 images)"), "\(sentence)")
    let row = try #require(section.tables.first?.rows.first).map(\.text)
    #expect(row[2] == "25 % (545 images)" && row[4] == "50 % (1,079 images)", "\(row)")
    let counts = try #require(section.tasks[0].trainingImages)
    // A quarter of the way from 1,079 of a half to 2,165 of all.
    #expect(counts.images(at: 0.625) == 1351 && counts.images(at: 1) == 2165 && counts.images(at: 0.125) == 273)
  }

  @Test("Without a split that counts the shares, or with one of other data, the share stands alone")
  func unknown() throws {
    for record in [nil, split("other data", subsets: ["0.25": 545])] {
      let section = try section(record)
      #expect(section.sentences[0].contains(" does what chest does with 25 %") && !section.sentences[0].contains("images"), "\(section.sentences)")
      #expect(section.tasks[0].trainingImages == nil)
    }
    // All are known by an older record, and a share of them in proportion.
    #expect(try section(split("t", subsets: nil)).sentences[0].contains("imagenet with 50 % of the labels (1,083 images; "))
  }
}
