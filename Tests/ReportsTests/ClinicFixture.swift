import Foundation
import Foundations
import Metrics
import RunStore
import Statistics
import Studies

@testable import Reports

/// A study of findings, one finding and grades, with made-up probabilities: chest is the best and too extreme, imagenet is calibrated, random
/// nearly chance.
final class ClinicFixture {
  let folder: URL
  let plan: Plan
  static let images = 120

  init(
    seeds: String = "[1, 2, 3]", starts: [String] = ["imagenet", "chest", "random"], hasValidation: Bool = true, images: Int = images,
    gradesKind: TaskKind = .multiclassClassification
  ) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("clinic-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let text = """
      name: clinic
      seeds: \(seeds)
      initializations:
      \(starts.map { "  \($0): \($0 == "random" ? "random" : "{weights: \($0).pth}")" }.joined(separator: "\n"))
      tasks:
        findings: {kind: multiLabelClassification, data: {manifest: {file: a.csv, labelColumns: [Edema, Mass]}}}
        sick: {kind: binaryClassification, data: {manifest: {file: b.csv, labelColumns: [p]}}}
        grades: {kind: \(gradesKind), data: {manifest: {file: c.csv, labelColumns: [none, mild, severe]}}}
      """
    let study = try Study.decode(text, file: folder.appendingPathComponent("study.yaml"))
    plan = try Plan(study, fingerprints: Fingerprints(data: { $0.name }, weights: { $0 }))
    for cell in plan.cells {
      guard let record = CellRecord(cell, in: plan) else { continue }
      let directory = RunDirectory(of: cell, in: study.outputDirectory)
      let areOrdered = cell.task == "grades" && gradesKind.hasOrderedClasses, test = Self.answers(cell, part: "test", images, areOrdered: areOrdered)
      try directory.begin(record)
      try PredictionsFile.write(.classification(test), to: directory.predictionsFile)
      if hasValidation {
        try PredictionsFile.write(.classification(Self.answers(cell, part: "validation", images, areOrdered: areOrdered)), to: directory.validationPredictionsFile)
      }
      try directory.write(Predictions.classification(test).allMetrics(validation: nil))
      try directory.finish(cell)
    }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  var source: RunFolderSource { RunFolderSource(plan.study.outputDirectory) }

  func numbers(_ settings: StudySettings = StudySettings(bootstrap: .never)) throws -> StudyNumbers {
    try StudyNumbers(StudyOutline(plan), from: source, settings: settings)
  }

  func cell(_ task: String, _ start: String, _ seed: Int) throws -> Cell {
    guard let cell = plan.cells.first(where: { $0.task == task && $0.initialization == start && $0.seed == seed }) else { throw NotPlanned() }
    return cell
  }

  struct NotPlanned: Error {}

  /// Two images a patient; the logit of a finding is its truth's sign times the start's skill, with noise, times how extreme the start is.
  static func answers(_ cell: Cell, part: String, _ count: Int = images, areOrdered: Bool = false) -> ClassificationPredictions {
    let skill = ["imagenet": 1.0, "chest": 1.5, "random": 0.3][cell.initialization] ?? (0.4 + 0.1 * Double(cell.initialization.utf8.last.map { Int($0) % 10 } ?? 0))
    let extreme = cell.initialization == "chest" ? 2.5 : 1
    var truths = (SeedPath(1) / cell.task / part).generator(), noise = (SeedPath(cell.seed) / cell.task / cell.initialization / part).generator()
    func logit(_ isSo: Bool) -> Double { extreme * ((isSo ? skill : -skill) + 1.2 * noise.normal()) }
    let names = ["findings": ["Edema", "Mass"], "sick": ["p"], "grades": ["none", "mild", "severe"]][cell.task] ?? []
    let rows = (0..<count).map { index -> ClassificationPredictions.Row in
      var targets = names.map { _ in Float(truths.uniform() < 0.35 ? 1 : 0) }
      var probabilities = targets.map { 1 / (1 + exp(-logit($0 == 1))) }
      if cell.task == "grades" {
        let truth = truths.integer(below: 3)
        targets = (0..<3).map { $0 == truth ? 1 : 0 }
        let weights = (0..<3).map { exp(logit($0 == truth) - 0.4 * abs(Double($0 - truth))) }, sum = weights.reduce(0, +)
        probabilities = weights.map { $0 / sum }
      } else if index == 7, names.count > 1 {
        targets[1] = .nan
      }
      return .init(id: "\(part)-\(index)", patient: "\(part)-\(index / 2)", targets: targets, probabilities: probabilities)
    }
    return ClassificationPredictions(classNames: names, areOrdered: areOrdered, rows: rows)
  }
}
