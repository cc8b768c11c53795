internal import Figures
internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
internal import Studies

/// Whether acting on what a network says does more good than acting on all images or on none, by what a false alarm costs; and how far the best
/// initialization is apart from another there, for other seeds and other patients.
struct DecisionCurvesSection: StudySection {
  static let id = "decisionCurves"

  /// The curves of a group, means over its seeds.
  struct Part: Sendable {
    let runs: CountedRuns
    let classes: [OfClass]
  }

  /// Of one class, over the seeds of one initialization.
  struct OfClass: Codable, Hashable, Sendable {
    let name: String
    /// The mean over the seeds at each threshold.
    let netBenefits: [Double]
    let treatAll: [Double]
    let prevalence: Double
  }

  struct OfInitialization: Codable, Hashable, Sendable {
    let initialization: String
    let seedCount: Int
    /// The mean over the classes; of one class that class.
    let netBenefits: [Double]
    let classes: [OfClass]
  }

  struct Bounds: Codable, Hashable, Sendable {
    let lower: Double
    let upper: Double
  }

  /// The mean over the classes of the first less that of the second, at each threshold.
  struct Difference: Codable, Hashable, Sendable {
    let first: String
    let second: String
    let values: [Double]
    /// The 95 % interval at each threshold for itself, for other seeds and other patients.
    let intervals: [Available<Bounds>]
  }

  struct OfTask: Codable, Hashable, Sendable {
    let task: String
    /// The mean over the classes.
    let treatAll: [Double]
    let initializations: [OfInitialization]
    /// Of the best initialization and the baseline; where that is the best, the second best.
    let difference: Available<Difference>
    let note: [String]
    /// By the task's first metric.
    let best: String?
    /// Initializations that are shown and compared with nothing; nil for none.
    let leftOut: [String]?

    var marked: MarkedNames { MarkedNames(leftOut ?? []) }
  }

  let thresholds: [Double]
  let tasks: [OfTask]
  /// Names in the order of their looks.
  let lookOrder: [String]

  static func part(of group: GroupContents) -> Part? {
    guard let runs = CountedRuns(group) else { return nil }
    let seeds = group.runs.compactMap { run -> ClassificationPredictions? in
      if case .classification(let all) = run.predictions { return all }
      return nil
    }
    guard let names = seeds.first?.classNames, seeds.allSatisfy({ $0.classNames == names }) else { return nil }
    let curves = seeds.map { $0.columns.map { DecisionCurve.make(probabilities: $0.probabilities, targets: $0.targets).known } }
    let classes = names.enumerated().compactMap { place, name -> OfClass? in
      // A class without a positive image, or with what is no probability, has none in any run, since the test set is the same.
      let known = curves.compactMap { $0[place] }
      guard let first = known.first, known.count == curves.count else { return nil }
      return OfClass(
        name: name, netBenefits: Self.mean(known.map(\.netBenefits)), treatAll: first.treatAll, prevalence: first.prevalence)
    }
    return classes.isEmpty ? nil : Part(runs: runs, classes: classes)
  }

  static func make(_ parts: [CellGroup.Key: Part], _ context: SectionContext) throws -> DecisionCurvesSection? {
    @Sendable func part(_ task: StudyOutline.Task, _ name: String) -> Part? { parts[.init(task: task.name, initialization: name, fraction: task.largestFraction)] }
    let tasks = context.outline.tasks.filter { task in context.shown(task).names.contains { part(task, $0) != nil } }
    let differences = try concurrentMap(tasks.count) { index in
      Result { try difference(tasks[index], context.shown(tasks[index]), context) { part(tasks[index], $0) } }
    }.map { try $0.get() }
    let found = zip(tasks, differences).compactMap { task, difference -> OfTask? in
      let shown = context.shown(task)
      let all = shown.names.compactMap { name in
        part(task, name).map { part in
          OfInitialization(
            initialization: name, seedCount: part.runs.cells.count, netBenefits: Self.mean(part.classes.map(\.netBenefits)), classes: part.classes)
        }
      }
      guard let first = all.first else { return nil }
      return OfTask(
        task: task.name, treatAll: Self.mean(first.classes.map(\.treatAll)), initializations: all, difference: difference, note: shown.note,
        best: shown.best, leftOut: context.leftOut(of: all.map(\.initialization), on: task))
    }
    return found.isEmpty
      ? nil : DecisionCurvesSection(thresholds: DecisionCurve.standardThresholds, tasks: found, lookOrder: context.lookOrder)
  }

  private static func mean(_ lines: [[Double]]) -> [Double] {
    guard let first = lines.first else { return [] }
    return first.indices.map { place in lines.reduce(0) { $0 + $1[place] } / Double(lines.count) }
  }

  var title: String { "Decision curves" }

  var methods: String {
    let several = tasks.contains { $0.initializations.contains { $0.classes.count > 1 } } ? ", the mean over the classes that have positive images" : ""
    let banded =
      tasks.contains { $0.difference.known?.intervals.contains { $0.known != nil } == true }
      ? " The difference of two curves has, at each threshold for itself, the 95 % interval of Obuchowski and Rockette for other seeds and other patients." : ""
    return "Net benefit (Vickers and Elkin 2006) is TP/n − FP/n·t/(1 − t) at the thresholds t = 0.01, 0.02 … 0.99, the mean over the seeds\(several).\(banded)"
  }
}

extension DecisionCurvesSection {
  /// Of the best initialization and the baseline, or the second best, from the predictions of their runs, read again.
  private static func difference(
    _ task: StudyOutline.Task, _ shown: ShownInitializations, _ context: SectionContext, _ part: (String) -> Part?
  ) throws -> Available<Difference> {
    let left = context.exclusions(on: task.name)
    guard let first = shown.best,
      let other = context.settings.analysis.baseline.flatMap({ $0 != first && left[$0] == nil && part($0) != nil ? $0 : nil }) ?? shown.second
    else { return .notAvailable(reason: "there are no two initializations to compare") }
    guard let parts = [part(first), part(other)] as? [Part], parts[0].classes.map(\.name) == parts[1].classes.map(\.name) else {
      return .notAvailable(reason: "the two were not tested on the same classes")
    }
    let names = parts[0].classes.map(\.name)
    let lines = parts.map { mean($0.classes.map(\.netBenefits)) }, values = zip(lines[0], lines[1]).map(-)
    let ofFirst = try levels(parts[0].runs, names, from: context.source), ofOther = try levels(parts[1].runs, names, from: context.source)
    let intervals = values.indices.map { place -> Available<Bounds> in
      let one = ofFirst.flatMap { $0[place] }, two = ofOther.flatMap { $0[place] }
      let difference = one.flatMap { one in two.flatMap { TwoLevelDifference.make(one, $0) } }
      return difference.flatMap { $0.test().effect.interval }.map { Bounds(lower: $0.lower, upper: $0.upper) }
    }
    return .value(Difference(first: first, second: other, values: values, intervals: intervals))
  }

  /// Of one initialization the net benefit at each threshold over its seeds, and how patients move it.
  private static func levels(
    _ runs: CountedRuns, _ names: [String], from source: any RunSource
  ) throws -> Available<[Available<SeedsAndPatients>]> {
    var values: [[Double]] = [], deviations: [[PatientDeviations]] = []
    for place in runs.cells.indices {
      guard let all = try runs.predictions(at: place, from: source) else { return .notAvailable(reason: "the run is of another kind") }
      switch seedCurve(all.keeping(classes: names)) {
      case .notAvailable(let reason): return .notAvailable(reason: reason)
      case .value(let seed):
        values.append(seed.values)
        deviations.append(seed.deviations)
      }
    }
    return .value(
      DecisionCurve.standardThresholds.indices.map { place in
        SeedsAndPatients.make(values: values.map { $0[place] }, deviations: deviations.map { $0[place] })
      })
  }

  /// The net benefit of one run is a mean over its rows at each threshold: of y − (1 − y)·t/(1 − t) where p ≥ t, else of 0.
  private static func seedCurve(_ all: ClassificationPredictions) -> Available<(values: [Double], deviations: [PatientDeviations])> {
    let patients = Predictions.classification(all).patients, thresholds = DecisionCurve.standardThresholds
    var lines: [[Double]] = [], ofClasses: [[PatientDeviations]] = []
    for column in all.columns {
      let known = column.targets.indices.filter { !column.targets[$0].isNaN }
      let contributions = thresholds.map { threshold -> [Double] in
        let price = DecisionCurve.odds(threshold)
        return column.targets.indices.map { row in
          column.probabilities[row] < threshold ? 0 : (column.targets[row] == 1 ? 1 : -price)
        }
      }
      switch PatientDeviations.ofMeans(contributions, patients: patients, rows: known) {
      case .notAvailable(let reason): return .notAvailable(reason: reason)
      case .value(let found): ofClasses.append(found)
      }
      lines.append(contributions.map { values in known.reduce(0) { $0 + values[$1] } / Double(known.count) })
    }
    var deviations: [PatientDeviations] = []
    for place in thresholds.indices {
      switch PatientDeviations.mean(of: ofClasses.map { $0[place] }) {
      case .notAvailable(let reason): return .notAvailable(reason: reason)
      case .value(let found): deviations.append(found)
      }
    }
    return .value((mean(lines), deviations))
  }
}
