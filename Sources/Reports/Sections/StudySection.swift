internal import Figures
internal import Foundations
internal import Metrics
internal import RunStore
internal import Studies

/// A part of a study's report that answers one question of its own, such as how well probabilities are calibrated: what it takes from
/// the runs, its numbers, and how they are shown.
///
/// A section is one file (two where it is long) and one line of `StudySections.catalog`. Its numbers are its own `Codable` value, under
/// `sections.<id>` of `numbers.json`; a pack verifies them as all others, so they may depend on nothing but the files that a
/// `RunSource` reads and the settings.
protocol StudySection: Codable, Hashable, Sendable {
  /// What one group of runs contributes, kept when the group's predictions are let go: as little as the section needs.
  associatedtype Part: Sendable

  /// The key in `numbers.json`.
  static var id: String { get }
  /// Called once a group, by one of several threads. Nil where the group has nothing for the section.
  static func part(of group: GroupContents) -> Part?
  /// From the parts of all groups. Nil where there is nothing to say at all.
  static func make(_ parts: [CellGroup.Key: Part], _ context: SectionContext) throws -> Self?

  var title: String { get }
  /// What the section says in words, above its tables and figures.
  var sentences: [String] { get }
  var tables: [ReportTable] { get }
  /// - Parameter order: names in the order of their looks in the study's other figures; empty where there are none.
  func figures(order: [String]) -> [Figure]
  /// What was computed, for the Methods section.
  var methods: String { get }
  /// Whether its words stand before those on the comparisons.
  var opensMethods: Bool { get }
  /// What a reader must know before believing the report, said at its top.
  var remarks: [String] { get }
  /// What belongs to the answer itself, on the first screen; a line each.
  var answers: [String] { get }
}

extension StudySection {
  var sentences: [String] { [] }
  func figures(order: [String]) -> [Figure] { [] }
  var figures: [Figure] { figures(order: []) }
  var remarks: [String] { [] }
  var answers: [String] { [] }
  var opensMethods: Bool { false }
}

/// The finished runs of one task × initialization × fraction, while their predictions are in memory.
struct GroupContents {
  struct Run {
    let cell: Cell
    let predictions: Predictions
    let metrics: RunMetrics
    /// For the run's other files, such as its validation predictions: one, or of a repeat of a cross-validation one a fold.
    let readers: [RunReader]
    /// The answers of its folds; nil for one network.
    let folded: FoldedPredictions?

    /// The metrics that a kind of task is compared by, without some images.
    func metrics(of kind: TaskKind, leavingOut ids: Set<String>) -> RunMetrics? {
      guard let folded else { return predictions.leavingOut(ids).metrics(of: kind) }
      return folded.leavingOut(ids).known?.metrics(of: kind)
    }
  }

  let key: CellGroup.Key
  let task: StudyOutline.Task
  /// In the order of their seeds.
  let runs: [Run]
  /// The same, for what is computed from all of them.
  let seeds: SeedPredictions
  let settings: StudySettings
  /// Groups that are planned in the whole study: what bounds a bootstrap, so that a missing run changes no other number.
  let groupCount: Int
  /// Runs that are planned in this group, whether or not they are finished.
  let plannedCount: Int
  /// The strata of the task's test images; nil where the study groups nothing.
  let groups: Available<TestGroups>?
  /// For files of the study that belong to no run.
  let source: any RunSource
}

/// What is known of the whole study when a section is made.
struct SectionContext {
  let outline: StudyOutline
  let settings: StudySettings
  let groups: [CellGroup]
  let analysis: Analysis
  /// Of each metric of a task's table, how patients move it.
  let evidence: [CellGroup.Key: [MetricName: TaskEvidence.Group]]
  /// Why initializations are shown on a task and never its best, the reference of others or part of a difference, by task and name.
  let exclusions: [String: [String: String]]
  let source: any RunSource

  func exclusions(on task: String) -> [String: String] { exclusions[task] ?? [:] }
}
