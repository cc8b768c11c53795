import Foundation
import Foundations
import Metrics
import RunStore
import Studies

@testable import Reports

/// A study of a bone age in months, a length in millimeters and a finding from two starts, with made-up answers: `adapted` is nearer to the truth.
final class NumberFixture {
  let folder: URL
  let plan: Plan
  private let patients: Int

  /// - Parameters:
  ///   - tasks: those of them that the study has.
  ///   - patients: of the test set, with two images each.
  init(tasks: [String] = ["age", "length", "sick"], patients: Int = 15, seeds: String = "[1, 2, 3]") throws {
    self.patients = patients
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("numbers-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let all = [
      "age": "{kind: regression, data: {manifest: {file: a.csv, numberColumns: [age], unit: months}}}",
      "length": "{kind: regression, data: {manifest: {file: b.csv, numberColumns: [length], unit: mm}}}",
      "sick": "{kind: binaryClassification, data: {manifest: {file: c.csv, labelColumns: [p]}}}",
    ]
    let text = """
      name: bones
      seeds: \(seeds)
      initializations:
        random: random
        adapted: {weights: a.pth}
      tasks:
      \(tasks.map { "  \($0): \(all[$0] ?? "")" }.joined(separator: "\n"))
      """
    let study = try Study.decode(text, file: folder.appendingPathComponent("study.yaml"))
    plan = try Plan(study, fingerprints: Fingerprints(data: { "data of \($0.name)" }, weights: { $0 }))
    for cell in plan.cells {
      guard let record = CellRecord(cell, in: plan) else { continue }
      let directory = RunDirectory(of: cell, in: study.outputDirectory), answers = answers(cell, "own")
      try directory.begin(record)
      try PredictionsFile.write(answers, to: directory.predictionsFile)
      try directory.write(answers.allMetrics(validation: nil))
      try directory.finish(cell)
    }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func answers(_ cell: Cell, _ set: String, error: Double = 0) -> Predictions {
    var ofImages = (SeedPath(3) / cell.task / set).generator(), ofRun = (SeedPath(cell.seed) / cell.task / cell.initialization / set).generator()
    let quality = cell.initialization == "adapted" ? 1.0 : 2
    if cell.task == "sick" {
      return .classification(
        ClassificationPredictions(
          classNames: ["p"],
          rows: (0..<2 * patients).map { row in
            .init(
              id: "\(set)-\(row)", patient: "\(set)-\(row / 2)", targets: [row / 2 % 3 == 0 ? 1 : 0],
              probabilities: [0.1 + (row / 2 % 3 == 0 ? 0.4 : 0.2 * quality) * ofImages.uniform() + 0.2 * ofRun.uniform()])
          }))
    }
    return .numbers(
      NumberPredictions(
        names: [cell.task], unit: cell.task == "age" ? "months" : "mm",
        rows: (0..<2 * patients).map { row in
          let truth = 100 + 40 * ofImages.normal()
          return .init(id: "\(set)-\(row)", patient: "\(set)-\(row / 2)", truths: [truth], values: [truth + quality * (6 + error + 2 * ofImages.normal() + ofRun.normal())])
        }))
  }

  /// As `evaluate` stores what runs say of other images, on which they err by more.
  func answerElsewhere(_ cell: Cell) throws {
    let answers = answers(cell, "there", error: 3)
    _ = try RunDirectory(of: cell, in: plan.study.outputDirectory).external(task: "elsewhere", part: "test").write(answers) { digest in
      ExternalEvaluation(
        task: "elsewhere", part: "test", run: cell.identity, data: "data of elsewhere", classes: [.init(ofRun: cell.task, ofTestSet: cell.task)], classesOfRunLeftOut: [],
        classesOfTestSetLeftOut: [], overlap: [], leavesOverlapOut: false, imageCount: answers.imageCount, unusable: [], predictions: digest)
    }
  }

  func numbers() throws -> StudyNumbers {
    try StudyNumbers(StudyOutline(plan), from: RunFolderSource(plan.study.outputDirectory), settings: StudySettings(bootstrap: .never))
  }
}
