internal import Figures
internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
internal import Studies

/// How often each decision was right and wrong, in counts: 2 × 2 for each class at its threshold, K × K where classes exclude each other.
///
/// Counts are of one run, not sums or means over seeds: so they are whole, add up to the test set, and are what one network would do.
struct ConfusionTables: StudySection {
  static let id = "confusionTables"

  /// A share of the decisions with its interval over patients.
  struct Share: Codable, Hashable, Sendable {
    let value: MetricValue
    let interval: Available<Interval>
    /// Why the interval is not to be relied on; nil where nothing is known against it.
    let warning: String?
  }

  struct OfClass: Codable, Hashable, Sendable {
    let name: String
    /// Fixed on the validation set; a probability of so much or more is called positive.
    let threshold: MetricValue
    let counts: Available<BinaryConfusion>
    let sensitivity: Share
    let specificity: Share
    let positivePredictiveValue: Share
    let negativePredictiveValue: Share
  }

  struct OfRun: Codable, Hashable, Sendable {
    let initialization: String
    let seed: Int
    let classes: [OfClass]
    /// `[truth][decision]`, each image taken for its most probable class; nil where classes do not exclude each other.
    let table: MulticlassConfusion?
  }

  struct OfTask: Codable, Hashable, Sendable {
    let task: String
    let classNames: [String]
    let runs: [OfRun]
    /// The task's first metric, by whose median the runs are chosen.
    let metric: String
    let note: [String]
  }

  let tasks: [OfTask]

  static func part(of group: GroupContents) -> CountedRuns? { CountedRuns(group) }

  static func make(_ parts: [CellGroup.Key: CountedRuns], _ context: SectionContext) throws -> ConfusionTables? {
    let tasks = try context.ofMedianRuns(parts, OfRun.init).compactMap { found -> OfTask? in
      guard found.values.contains(where: \.hasCounts) else { return nil }
      return OfTask(
        task: found.task.name, classNames: found.values[0].classes.map(\.name), runs: found.values,
        metric: found.task.kind.title(of: found.task.kind.tableMetrics[0]), note: found.note)
    }
    return tasks.isEmpty ? nil : ConfusionTables(tasks: tasks)
  }

  var title: String { "Confusion tables" }

  var sentences: [String] {
    [
      "The counts of an initialization are those of one run, so that they are whole and add up to the test set: \(medianRunWords(tasks.map(\.metric))). "
        + "What other seeds would bring is under “Further metrics”."
    ]
  }

  var methods: String {
    let exclusive =
      tasks.contains { $0.runs.contains { $0.table != nil } }
      ? ", and for classes that exclude each other each image counted for its most probable class" : ""
    return "Confusion tables count the decisions of one run an initialization, \(medianRunWords(tasks.map(\.metric))): each class at its threshold from the "
      + "validation set\(exclusive). Sensitivity, specificity and predictive values have Wilson's 95 % intervals for other patients, rows of one patient "
      + "counting for as many as they are worth (design effect)."
  }
}

extension ConfusionTables.OfRun {
  init(_ run: MedianPredictions) {
    initialization = run.initialization
    seed = run.seed
    let thresholds = DecisionThresholds.make(validation: run.validation), patients = run.patients
    classes = zip(run.test.classNames, run.test.columns).map { name, column in
      let threshold =
        switch thresholds {
        case .value(let found): found.threshold(of: name)
        case .notAvailable(let reason): MetricValue.undefined(reason: reason)
        }
      return ConfusionTables.OfClass(name, threshold, column.probabilities, column.targets, patients)
    }
    table = MulticlassConfusion(run.test)
  }

  var hasCounts: Bool { table != nil || classes.contains { $0.counts.known != nil } }
}

extension ConfusionTables.OfClass {
  fileprivate init(_ name: String, _ threshold: MetricValue, _ probabilities: [Double], _ targets: [Float], _ patients: [String]) {
    let counts = threshold.available.map { BinaryConfusion(scores: probabilities, targets: targets, threshold: $0) }
    func share(_ value: (BinaryConfusion) -> MetricValue, among rows: (Bool, Bool) -> Bool) -> ConfusionTables.Share {
      let found = MetricValue(counts.flatMap { value($0).available })
      guard found.reason == nil, let threshold = threshold.number else {
        return ConfusionTables.Share(value: found, interval: .notAvailable(reason: found.reason ?? ""), warning: nil)
      }
      let wanted = targets.indices.filter { !targets[$0].isNaN && rows(probabilities[$0] >= threshold, targets[$0] == 1) }
      let isRight = wanted.map { (probabilities[$0] >= threshold) == (targets[$0] == 1) }, ofWanted = wanted.map { patients[$0] }
      return ConfusionTables.Share(
        value: found, interval: Proportion.interval(isRight, patients: ofWanted), warning: IntervalWarning.ofShare(isRight, patients: ofWanted))
    }
    self.init(
      name: name, threshold: threshold, counts: counts, sensitivity: share(\.sensitivity) { $1 }, specificity: share(\.specificity) { !$1 },
      positivePredictiveValue: share(\.precision) { called, _ in called },
      negativePredictiveValue: share(\.negativePredictiveValue) { called, _ in !called })
  }
}

extension ConfusionTables {
  var tables: [ReportTable] { tasks.flatMap { task in [counts(task), shares(task), classes(task)].compactMap(\.self) } }

  /// 2 × 2: a row each class and initialization.
  private func counts(_ task: OfTask) -> ReportTable? {
    table(
      task, title: "Decisions on \(task.task)", label: "decisions-\(task.task)",
      caption: "Of \(medianRunWords([task.metric])): images by truth and decision, each class at its threshold from the validation set.",
      columns: ["Threshold", "True positive", "False negative", "False positive", "True negative"]
    ) { one in
      let counts = one.counts.known
      func count(_ value: (BinaryConfusion) -> Int) -> ReportTable.Cell { .init(counts.map { grouped(value($0)) } ?? "n/a") }
      return [
        .init(one.threshold.number.map { fixed($0, 3) } ?? "n/a", note: one.threshold.reason.map { "No threshold: \($0)." }),
        count(\.truePositives), count(\.falseNegatives), count(\.falsePositives), count(\.trueNegatives),
      ]
    }
  }

  private func shares(_ task: OfTask) -> ReportTable? {
    table(
      task, title: "Shares of the decisions on \(task.task)", label: "shares-\(task.task)",
      caption: "Of the same runs and thresholds, in %, with Wilson's 95 % interval for other patients. Predictive values hold where the finding is as common "
        + "as here.",
      columns: ["Sensitivity", "Specificity", "Positive predictive value", "Negative predictive value"]
    ) { [$0.sensitivity.cell, $0.specificity.cell, $0.positivePredictiveValue.cell, $0.negativePredictiveValue.cell] }
  }

  private func table(
    _ task: OfTask, title: String, label: String, caption: String, columns: [String], cells: (OfClass) -> [ReportTable.Cell]
  ) -> ReportTable? {
    guard task.runs.contains(where: { $0.classes.contains { $0.counts.known != nil } }) else { return nil }
    let several = task.classNames.count > 1
    var table = ReportTable(
      title: title, caption: caption, label: label,
      columns: (several ? [.init("Class")] : []) + [.init("Initialization")] + columns.map { .init($0, .right) },
      headingColumns: several ? 2 : 1, notes: task.note)
    for name in task.classNames {
      for run in task.runs {
        guard let found = run.classes.first(where: { $0.name == name }) else { continue }
        table.append((several ? [.init(name)] : []) + [.init("\(run.initialization), seed \(run.seed)")] + cells(found))
      }
    }
    return table
  }

  /// K × K: for each initialization a row each true class.
  private func classes(_ task: OfTask) -> ReportTable? {
    let known = task.runs.compactMap { run in run.table.map { (run: run, counts: $0.counts) } }.filter { $0.counts.count == task.classNames.count }
    guard !known.isEmpty else { return nil }
    var table = ReportTable(
      title: "Confusion of the classes of \(task.task)",
      caption: "Of \(medianRunWords([task.metric])): images by true class (rows) and the class that they are taken for (columns), the most probable one.",
      label: "confusion-\(task.task)",
      columns: [.init("Initialization"), .init("True class")] + task.classNames.map { .init($0, .right) }
        + [.init("Images", .right), .init("Right, %", .right)], headingColumns: 2, boldMeaning: "right", notes: task.note)
    for (run, counts) in known {
      for (truth, row) in counts.enumerated() {
        let total = row.reduce(0, +)
        let share = total == 0 ? "n/a" : ResultTable.Scale.percent.text(Double(row[truth]) / Double(total))
        table.append(
          [.init("\(run.initialization), seed \(run.seed)"), .init(task.classNames[truth])]
            + row.enumerated().map { .init(grouped($1), isBold: $0 == truth) } + [.init(grouped(total)), .init(share)])
      }
    }
    return table
  }
}

extension ConfusionTables.Share {
  fileprivate var cell: ReportTable.Cell {
    let scale = ResultTable.Scale.percent
    guard let number = value.number else { return .init("n/a", note: value.reason) }
    guard let interval = interval.known else { return .init(scale.text(number), note: interval.reason.map { "No interval: \($0)." }) }
    return .init("\(scale.text(number)) (\(scale.text(interval.lower)) to \(scale.text(interval.upper)))", note: warning)
  }
}
