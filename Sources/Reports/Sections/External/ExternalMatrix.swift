internal import Figures
internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
internal import Studies

/// Trained on A, tested on B, C …: how far results fall on other test sets, whether the order of the initializations stays, and which is
/// best there for other patients.
public struct ExternalMatrix: StudySection {
  static let id = "external"

  /// In the order of the tasks, then by the test set's name.
  let sets: [ExternalSet]
  /// The comparisons on the other test sets, made as those on the own ones; nil where nothing could be compared.
  let analysis: Analysis?
  let remarks: [String]

  static func part(of group: GroupContents) -> ExternalParts? { ExternalParts(group) }

  var title: String { "External validation" }
}

/// One task's runs on one other test set.
struct ExternalSet: Codable, Hashable, Sendable {
  /// What was matched and what was left out, as the records of the answers say.
  struct Matching: Codable, Hashable, Sendable {
    let classes: [ExternalEvaluation.ClassPair]
    let classesOfRunLeftOut: [String]
    let classesOfTestSetLeftOut: [String]
    /// Images that a run was trained or chosen on: the most of any run.
    let overlapCount: Int
    let leavesOverlapOut: Bool
    /// Images that could not be read: the most of any run.
    let unusableCount: Int

    init(_ records: [ExternalEvaluation]) {
      classes = records.first?.classes ?? []
      classesOfRunLeftOut = records.first?.classesOfRunLeftOut ?? []
      classesOfTestSetLeftOut = records.first?.classesOfTestSetLeftOut ?? []
      overlapCount = records.map(\.overlap.count).max() ?? 0
      leavesOverlapOut = records.allSatisfy { $0.overlap.isEmpty || $0.leavesOverlapOut }
      unusableCount = records.map(\.unusable.count).max() ?? 0
    }

    init(_ all: [Matching]) {
      classes = all.first?.classes ?? []
      classesOfRunLeftOut = all.first?.classesOfRunLeftOut ?? []
      classesOfTestSetLeftOut = all.first?.classesOfTestSetLeftOut ?? []
      overlapCount = all.map(\.overlapCount).max() ?? 0
      leavesOverlapOut = all.allSatisfy(\.leavesOverlapOut)
      unusableCount = all.map(\.unusableCount).max() ?? 0
    }
  }

  /// The task that the runs were trained on.
  let task: String
  /// The task whose images were asked about, and `test` or `all` of them.
  let onTask: String
  let part: String
  /// What the numbers of a regression are counted in; nil for none and for all else.
  let unit: String?
  let matching: Matching
  /// Finished runs of the task that answered, and all that are finished.
  let answeredCount: Int
  let finishedCount: Int
  /// Every metric of every group that answered, as `evaluate` computes it.
  let rows: [ExternalReport.Row]
  /// Initializations and fractions that were asked about other images or classes than most: shown, and not compared.
  let asked: [CellGroup.Key]
  /// Whether the initializations stand in the same order on both sets, by the first metric, with the most training images.
  let ranks: Available<RankAgreement>
  /// Initializations that were trained on images of this test set, with the reason: shown, and compared with nothing here. Nil for none.
  let leftOut: [String: String]?
  /// Those that were trained on images of the own test set, which are no measure of a drop either; nil for none.
  let leftOutOnOwn: [String: String]?

  /// Names as they stand in tables and figures.
  var marked: MarkedNames { MarkedNames(Array((leftOut ?? [:]).keys) + Array((leftOutOnOwn ?? [:]).keys)) }

  /// `B`, or `B (all)`.
  var testSet: String { part == "test" ? onTask : "\(onTask) (\(part))" }
}
