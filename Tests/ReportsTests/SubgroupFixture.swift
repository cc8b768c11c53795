import Foundation
import Foundations
import Metrics
import RunStore
import Studies

@testable import Reports

/// A study with groups in memory: its runs' files and the tables of its groups.
struct SubgroupFixture {
  let plan: Plan
  var files: [String: Data] = [:]

  /// - Parameters:
  ///   - task: one in the words of a study file, with its name.
  ///   - predictions: of an initialization and a seed.
  init(
    _ task: String, seeds: Int, initializations: [String] = ["random", "adapted"], validation: Predictions? = nil,
    _ predictions: (_ initialization: Int, _ seed: Int) -> Predictions
  ) throws {
    let starts = initializations.enumerated().map { "  \($1): {weights: w\($0).pth}" }.joined(separator: "\n")
    let text = "seeds: \(seeds)\ninitializations:\n\(starts)\ntasks:\n  \(task)\n"
    let study = try Study.decode(text, file: URL(fileURLWithPath: "/studies/groups.yaml"))
    plan = try Plan(study, fingerprints: Fingerprints(data: { $0.name }, weights: { $0 }))
    for cell in plan.cells {
      let found = predictions(initializations.firstIndex(of: cell.initialization) ?? 0, cell.seed)
      let place = cell.relativePath, name = URL(fileURLWithPath: place)
      guard let record = CellRecord(cell, in: plan) else { continue }
      files["\(place)/cell.json"] = try CanonicalJSON.encode(record)
      files["\(place)/status.json"] = try CanonicalJSON.encode(RunStatus.finished)
      files["\(place)/metrics.json"] = try CanonicalJSON.encode(RunMetrics(entries: [], imageCount: found.imageCount))
      files["\(place)/predictions.csv"] = Data(try PredictionsFile.text(found, of: name).utf8)
      if let validation { files["\(place)/validation-predictions.csv"] = Data(try PredictionsFile.text(validation, of: name).utf8) }
    }
  }

  mutating func write(_ table: GroupTable, of task: String) { files[GroupTable.path(of: task)] = Data(table.text.utf8) }

  func numbers(bootstrap: BootstrapRule = .never, baseline: String? = nil) throws -> StudyNumbers {
    var settings = StudySettings(bootstrap: bootstrap)
    settings.analysis.baseline = baseline
    return try StudyNumbers(StudyOutline(plan), from: RunArchiveSource(files, name: "memory"), settings: settings)
  }

  func section(bootstrap: BootstrapRule = .never, baseline: String? = nil) throws -> SubgroupsSection? {
    try numbers(bootstrap: bootstrap, baseline: baseline).sections.all.compactMap { $0 as? SubgroupsSection }.first
  }
}
