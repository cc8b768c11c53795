internal import Foundations
public import Metrics
public import RunStore
public import Statistics
public import Studies

/// Every number of a study's report, computed from the predictions of its runs and nothing else: no image, no weights, no network
/// library. The same predictions give the same bytes, wherever they are read from.
///
/// `numbers.json` of a report is this value; Documentation/report.md explains its keys.
public struct StudyNumbers: Codable, Hashable, Sendable {
  /// A run that counts.
  public struct Run: Codable, Hashable, Sendable {
    public let task: String
    public let initialization: String
    public let seed: Int
    public let fraction: TrainingFraction
    public let identity: String
    public let imageCount: Int
    public let metrics: [RunMetrics.Entry]
  }

  /// Whether two initializations are shown to differ by no more than the margin.
  public struct EquivalenceTest: Codable, Hashable, Sendable {
    public let task: String
    public let metric: MetricName
    public let first: String
    public let second: String
    /// For other seeds and other patients where the comparison is; else Welch's, of seeds on the same test images.
    public let generalization: Generalization
    public let test: Equivalence
  }

  /// The tasks with a smaller part of their training images.
  public struct FractionAnalysis: Codable, Hashable, Sendable {
    public let fraction: TrainingFraction
    public let analysis: Analysis
  }

  /// What numbers of this shape are called; raised when a key comes, goes or changes its meaning, so that an old file is
  /// not taken for a changed one.
  public static let currentFormat = "medtransfer.numbers/7"

  public let format: String
  public let outline: StudyOutline
  public let settings: StudySettings
  /// The finished runs that can be read, in the order of the plan.
  public let runs: [Run]
  /// One for each task and initialization with planned runs.
  public let groups: [CellGroup]
  /// Means, tests, verdicts' grounds, ranks: each task with its first metrics, from the most training images that are planned.
  public let analysis: Analysis
  /// The same for each smaller amount of training images, from the largest on.
  public let smallerFractions: [FractionAnalysis]
  /// The other modes of the tasks, each analyzed for itself in the same way; nil where there are none.
  public let furtherModes: [ModeNumbers]?
  /// How the seeds came about where they were added round by round; nil where all are run.
  public let rounds: StudyRounds?
  /// Of the best of each task with each other, on the task's first metric.
  public let equivalence: [EquivalenceTest]
  /// What answers further questions, each with numbers of its own.
  public let sections: StudySections

  /// Reads the runs from a source and computes.
  ///
  /// - Throws: `ReportsError` where the baseline is no initialization of the study. A run that cannot be read does not count and is
  ///   no error.
  public init(_ outline: StudyOutline, from source: any RunSource, settings: StudySettings = StudySettings()) throws {
    try self.init(outline, StudyReading(outline, from: source, depth: .everything(settings)), settings, from: source)
  }

  init(_ outline: StudyOutline, _ reading: StudyReading, _ settings: StudySettings, from source: any RunSource) throws {
    var settings = settings
    settings.analysis.baseline = settings.analysis.baseline ?? outline.standardBaseline
    format = Self.currentFormat
    self.outline = outline
    self.settings = settings
    runs = reading.countedRuns
    groups = reading.groups
    let rounds = RoundsReader(outline, from: source).rounds()
    self.rounds = rounds
    let lists = TrainingListFindings(outline, source)
    let exclusions = Dictionary(uniqueKeysWithValues: outline.tasks.map { ($0.name, lists.exclusions($0)) })
    (analysis, smallerFractions) = try reading.analyses(outline, settings, exclusions, rounds)
    let analysis = analysis, table = analysis.table
    let modes = try reading.furtherModes.map {
      try ModeNumbers($0.mode, outline.alone($0.mode), $0.reading, settings, first: (reading, outline, analysis), rounds: rounds, from: source)
    }
    furtherModes = modes.isEmpty ? nil : modes
    var seen: Set<String> = []
    equivalence = zip(table.tasks, analysis.tasks).flatMap { values, task -> [EquivalenceTest] in
      guard seen.insert(values.name).inserted, let best = task.best.known.flatMap(values.cell), let kind = outline.kind(of: values.name),
        // The margin is in percentage points.
        values.scale == nil
      else { return [] }
      return values.compared.filter { $0.initialization != best.initialization }.map { other in
        let parts = task.againstBest?.comparison(with: other.initialization)?.parts
        let (margin, level) = (settings.equivalenceMargin, settings.analysis.significance)
        return EquivalenceTest(
          task: values.name, metric: kind.tableMetrics[0], first: best.initialization, second: other.initialization,
          generalization: parts == nil ? .seeds : .patientsAndSeeds,
          test: parts?.equivalence(margin: margin, significance: level)
            ?? .welch(best.summary, other.summary, margin: margin, significance: level))
      }
    }
    sections = try StudySections(
      reading.parts,
      SectionContext(
        outline: outline, settings: settings, groups: reading.groups, analysis: analysis, evidence: reading.evidence,
        exclusions: exclusions, source: source))
  }

  /// - Parameter fraction: nil for the most training images that are planned.
  public func group(task: String, initialization: String, fraction: TrainingFraction? = nil) -> CellGroup? {
    let wanted = fraction ?? outline.tasks.first { $0.name == task }?.largestFraction
    return groups.first { $0.task == task && $0.initialization == initialization && $0.fraction == wanted }
  }
}

extension StudyReading {
  /// The finished runs that can be read, in the order of the plan.
  var countedRuns: [StudyNumbers.Run] {
    runs.compactMap { run in
      run.metrics.map {
        StudyNumbers.Run(
          task: run.cell.task, initialization: run.cell.initialization, seed: run.cell.seed, fraction: run.cell.fraction,
          identity: run.cell.identity, imageCount: $0.imageCount, metrics: $0.entries)
      }
    }
  }

  /// Of each task's most training images, and of each smaller amount from the largest on.
  func analyses(
    _ outline: StudyOutline, _ settings: StudySettings, _ exclusions: [String: [String: String]], _ rounds: StudyRounds?
  ) throws -> (largest: Analysis, smaller: [StudyNumbers.FractionAnalysis]) {
    func analyzed(_ fraction: (StudyOutline.Task) -> TrainingFraction?) throws -> Analysis {
      try Analysis(
        ResultTable(outline, runs, fraction: fraction, exclusions: exclusions), settings.analysis,
        evidence: evidence(outline, fraction: fraction, rounds))
    }
    let smaller = Set(outline.tasks.flatMap { task in task.fractions.filter { $0 != task.largestFraction } })
    return (
      try analyzed { $0.largestFraction },
      try smaller.sorted { $0.value > $1.value }.map { fraction in
        StudyNumbers.FractionAnalysis(
          fraction: fraction,
          analysis: try analyzed { $0.fractions.contains(fraction) && $0.largestFraction != fraction ? fraction : nil })
      }
    )
  }

  /// Beside the table of the same fraction: one a task and metric.
  func evidence(_ outline: StudyOutline, fraction: (StudyOutline.Task) -> TrainingFraction?, _ rounds: StudyRounds? = nil) -> [TaskEvidence] {
    outline.tasks.flatMap { task -> [TaskEvidence] in
      guard let fraction = fraction(task) else { return [] }
      return task.kind.tableMetrics.map { metric in
        TaskEvidence(
          groups: Dictionary(
            uniqueKeysWithValues: outline.initializations.compactMap { start in
              evidence[.init(task: task.name, initialization: start.name, fraction: fraction)]?[metric].map { (start.name, $0) }
            }),
          rounds: rounds?.questions.first { question in
            question.metric == metric && outline.cells.contains { question.isOf($0) && $0.task == task.name && $0.fraction == fraction }
          }?.rounds)
      }
    }
  }
}

extension StudyOutline {
  func kind(of task: String) -> TaskKind? { tasks.first { $0.name == task }?.kind }
}

extension ResultTable {
  /// Each task with the metrics that are rows of its table; a pair that is not applicable has no cell.
  ///
  /// - Parameters:
  ///   - fraction: which of a task's fractions is meant; nil leaves the task out.
  ///   - exclusions: why initializations are shown alone, by task and name.
  init(
    _ outline: StudyOutline, _ runs: [StudyReading.Run], fraction: (StudyOutline.Task) -> TrainingFraction?,
    exclusions: [String: [String: String]] = [:]
  ) {
    var byPlace: [CellGroup.Key: [StudyReading.Run]] = [:]
    for run in runs { byPlace[CellGroup.Key(run.cell), default: []].append(run) }
    let tasks = outline.tasks.flatMap { task -> [Task] in
      guard let fraction = fraction(task) else { return [] }
      return task.kind.tableMetrics.map { metric in
        let cells = outline.initializations.compactMap { initialization -> Cell? in
          guard let found = byPlace[.init(task: task.name, initialization: initialization.name, fraction: fraction)] else { return nil }
          let values = found.compactMap { run in
            run.metrics?.value(of: metric)?.number.map { ResultTable.Run("seed \(run.cell.seed)", $0) }
          }
          return Cell(
            initialization.name, runs: values, gapCount: found.count - values.count, exclusion: exclusions[task.name]?[initialization.name])
        }
        let isBounded = metric.range.lowerBound.isFinite && metric.range.upperBound.isFinite
        return Task(
          task.name, metric: task.title(of: metric), higherIsBetter: metric.direction == .higher, range: isBounded ? metric.range : nil,
          scale: task.ownScale(of: metric), cells: cells)
      }
    }
    self.init(initializations: outline.initializations.map(\.name), tasks: tasks, scale: .percent)
  }
}
