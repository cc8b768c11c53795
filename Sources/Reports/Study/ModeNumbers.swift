internal import Foundations
internal import RunStore
public import Studies

/// The numbers of a mode that is not the one that verdicts are of: its runs by themselves, so that a linear probe is compared with linear
/// probes and no mean is over two modes.
public struct ModeNumbers: Codable, Hashable, Sendable {
  public let mode: FineTuningMode
  /// The finished runs that can be read, in the order of the plan.
  public let runs: [StudyNumbers.Run]
  public let groups: [CellGroup]
  public let analysis: Analysis
  public let smallerFractions: [StudyNumbers.FractionAnalysis]

  /// - Parameter outline: of this mode alone.
  init(
    _ mode: StudyOutline.Mode, _ outline: StudyOutline, _ reading: StudyReading, _ settings: StudySettings, from source: any RunSource
  ) throws {
    self.mode = mode.mode
    (runs, groups) = (reading.countedRuns, reading.groups)
    let lists = TrainingListFindings(outline, source)
    let exclusions = Dictionary(uniqueKeysWithValues: outline.tasks.map { ($0.name, lists.exclusions($0)) })
    (analysis, smallerFractions) = try reading.analyses(outline, settings, exclusions)
  }

  /// One verdict for each task, of its first metric.
  var verdictTasks: [Int] {
    var seen: Set<String> = []
    return analysis.table.tasks.indices.filter { seen.insert(analysis.table.tasks[$0].name).inserted }
  }
}
