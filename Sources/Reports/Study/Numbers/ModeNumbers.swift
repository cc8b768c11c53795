internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
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
  /// Of each task, whether the initializations stand in the order that they have in the mode that verdicts are of.
  let orders: [Order]
  /// What labels are worth in this mode; nil where no task has several amounts of training images.
  let labelPrices: LabelPrices?

  /// The order of the initializations on one task, in the first mode (`own`) and in this one (`other`).
  struct Order: Codable, Hashable, Sendable {
    let task: String
    let ranks: Available<RankAgreement>
  }

  /// - Parameters:
  ///   - outline: of this mode alone.
  ///   - first: the reading and the analysis of the mode that verdicts are of.
  ///   - rounds: of all modes; nil where all seeds are run.
  init(
    _ mode: StudyOutline.Mode, _ outline: StudyOutline, _ reading: StudyReading, _ settings: StudySettings,
    first: (reading: StudyReading, outline: StudyOutline, analysis: Analysis), rounds: StudyRounds?, from source: any RunSource
  ) throws {
    self.mode = mode.mode
    (runs, groups) = (reading.countedRuns, reading.groups)
    let lists = TrainingListFindings(outline, source)
    let exclusions = Dictionary(uniqueKeysWithValues: outline.tasks.map { ($0.name, lists.exclusions($0)) })
    (analysis, smallerFractions) = try reading.analyses(outline, settings, exclusions, rounds)
    let own = Order.Side(first.outline, first.reading, first.analysis), other = Order.Side(outline, reading, analysis)
    orders = outline.tasks.map { Order($0, own, other) }
    labelPrices = try LabelPrices.make(
      [:],
      SectionContext(
        outline: outline, settings: settings, groups: reading.groups, analysis: analysis, evidence: reading.evidence, exclusions: exclusions, source: source))
  }

  /// One verdict for each task, of its first metric.
  var verdictTasks: [Int] {
    var seen: Set<String> = []
    return analysis.table.tasks.indices.filter { seen.insert(analysis.table.tasks[$0].name).inserted }
  }
}

extension ModeNumbers.Order {
  /// What one mode says of the order.
  struct Side {
    private let outline: StudyOutline
    private let reading: StudyReading
    private let analysis: Analysis

    init(_ outline: StudyOutline, _ reading: StudyReading, _ analysis: Analysis) {
      (self.outline, self.reading, self.analysis) = (outline, reading, analysis)
    }

    /// The initializations that are compared on a task, from its most training images.
    func compared(_ task: String) -> [String] {
      analysis.table.tasks.first { $0.name == task }.map { $0.compared.map(\.initialization) } ?? []
    }

    /// By seed, with what other patients would change.
    func values(_ task: String, _ initialization: String, _ metric: MetricName) -> (bySeed: [Int: Double], group: Available<SeedsAndPatients>) {
      guard let fraction = outline.tasks.first(where: { $0.name == task })?.largestFraction else { return ([:], .notAvailable(reason: "no run is planned")) }
      let key = CellGroup.Key(task: task, initialization: initialization, fraction: fraction)
      let found = reading.runs.filter { CellGroup.Key($0.cell) == key }.compactMap { run in
        run.metrics?.value(of: metric)?.number.map { (run.cell.seed, $0) }
      }
      return (
        Dictionary(found, uniquingKeysWith: { first, _ in first }),
        reading.evidence[key]?[metric]?.seeds ?? .notAvailable(reason: "no run is finished")
      )
    }
  }

  init(_ task: StudyOutline.Task, _ own: Side, _ other: Side) {
    let metric = task.kind.tableMetrics[0], both = Set(other.compared(task.name))
    let candidates = own.compared(task.name).filter(both.contains).map { name -> RankAgreement.Candidate in
      let (first, second) = (own.values(task.name, name, metric), other.values(task.name, name, metric))
      // A lucky seed may be lucky in both modes: those that both have stand side by side. The patients of both modes are the same people,
      // and the draws take them for different ones, which makes the bounds of all differences together rather too wide.
      let seeds = Set(first.bySeed.keys).intersection(second.bySeed.keys).sorted()
      return RankAgreement.Candidate(
        name: name, own: seeds.compactMap { first.bySeed[$0] }, other: seeds.compactMap { second.bySeed[$0] }, ownGroup: first.group,
        otherGroup: second.group)
    }
    self.task = task.name
    ranks = RankAgreement.make(candidates, direction: metric.direction, need: "with finished runs in both modes")
  }
}
