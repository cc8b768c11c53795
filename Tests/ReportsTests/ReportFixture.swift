import Foundation
import Foundations
import Metrics
import Reports
import RunStore
import Studies

/// A study with runs in a folder that is removed with it.
final class ReportFixture {
  let folder: URL
  let study: Study
  let plan: Plan

  init(seeds: String = "[1, 2, 3]") throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("reports-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let text = """
      name: eyes and chests
      seeds: \(seeds)
      initializations:
        random: random
        adapted: {trainedOn: findings, from: random}
      tasks:
        findings: {kind: multiLabelClassification, data: {manifest: {file: a.csv, labelColumns: [Edema, Mass]}}}
        sick: {kind: binaryClassification, data: {classFolders: {training: t, positive: p}}}
        vessels: {kind: binarySegmentation, data: {maskFolders: {training: {images: i, masks: m}}}}
      """
    study = try Study.decode(text, file: folder.appendingPathComponent("study.yaml"))
    plan = try Plan(study, fingerprints: Fingerprints(data: { $0.name }, weights: { $0 }))
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func cell(_ task: String, _ initialization: String, _ seed: Int) throws -> Cell {
    guard let cell = plan.cells.first(where: { $0.task == task && $0.initialization == initialization && $0.seed == seed }) else {
      throw NotPlanned()
    }
    return cell
  }

  struct NotPlanned: Error {}

  func directory(_ cell: Cell) -> RunDirectory { RunDirectory(of: cell, in: study.outputDirectory) }

  func begin(_ cell: Cell) throws -> RunDirectory {
    guard let record = CellRecord(cell, in: plan) else { throw NotPlanned() }
    let directory = directory(cell)
    try directory.begin(record)
    try directory.write(RunStatus.running)
    return directory
  }

  func finish(_ cell: Cell, _ predictions: Predictions) throws {
    let directory = try begin(cell)
    try PredictionsFile.write(predictions, to: directory.predictionsFile)
    // What the run said then is not what counts: these numbers are wrong on purpose.
    try directory.write(RunMetrics(entries: [], imageCount: predictions.imageCount))
    try directory.finish(cell)
  }

  /// One positive and `negatives` negatives of which `above` have the higher score: AUROC = 1 − above / negatives.
  func ranking(_ classNames: [String], above: Int, of negatives: Int) -> Predictions {
    let rows = (0...negatives).map { index in
      let probability = index == 0 ? 0.5 : (index <= above ? 0.75 : 0.25)
      return ClassificationPredictions.Row(
        id: "\(index).png", patient: nil, targets: classNames.map { _ in index == 0 ? 1 : 0 },
        probabilities: classNames.map { _ in probability })
    }
    return .classification(ClassificationPredictions(classNames: classNames, rows: rows))
  }
}
