public import Metrics
public import Foundations
public import RunStore
public import Statistics
public import Studies

/// How runs do on another test set beside their own: a row a metric and initialization, mean ± standard deviation over seeds.
public struct ExternalReport: Codable, Hashable, Sendable {
  /// One run's answers on both sets, with the classes that both have.
  public struct Result: Sendable {
    public let cell: Cell
    public let record: ExternalEvaluation
    public let own: Predictions
    public let other: Predictions

    public init(cell: Cell, record: ExternalEvaluation, own: Predictions, other: Predictions) {
      self.cell = cell
      self.record = record
      self.own = own
      self.other = other
    }
  }

  public struct Row: Codable, Hashable, Sendable {
    public let task: String
    public let initialization: String
    /// Of the training images.
    public let fraction: TrainingFraction
    public let metric: MetricName
    /// Under the run's name; nil for the mean over classes and for segmentations.
    public let className: String?
    /// Over the runs' seeds, each on its own test set.
    public let own: Summary
    /// Over the same seeds, on the other test set.
    public let other: Summary
    /// Runs in which the metric is undefined on either set, with the first reason.
    public let undefinedCount: Int
    public let undefinedReason: String?
    public let ownImageCount: Int
    public let otherImageCount: Int
  }

  /// One metric of one run.
  public struct Run: Codable, Hashable, Sendable {
    public let task: String
    public let initialization: String
    public let fraction: TrainingFraction
    public let seed: Int
    public let metric: MetricName
    public let className: String?
    public let own: MetricValue
    public let other: MetricValue
    public let identity: String
  }

  public let onTask: String
  public let part: String
  public let rows: [Row]
  public let runs: [Run]
  public let evaluations: [ExternalEvaluation]

  /// - Parameter results: of runs of one task or several, all on the same other test set; not empty.
  public init(_ results: [Result], onTask: String, part: String) {
    self.onTask = onTask
    self.part = part
    evaluations = results.map(\.record)
    runs = results.flatMap { result in
      let own = result.own.metrics, other = result.other.metrics
      return own.entries.map { entry in
        Run(
          task: result.cell.task, initialization: result.cell.initialization, fraction: result.cell.fraction,
          seed: result.cell.seed, metric: entry.metric,
          className: entry.className, own: entry.value,
          other: other.value(of: entry.metric, className: entry.className) ?? .undefined(reason: "the other test set has no such class"),
          identity: result.cell.identity)
      }
    }
    rows = Self.rows(results, runs)
  }

  private static func rows(_ results: [Result], _ runs: [Run]) -> [Row] {
    struct Key: Hashable { let task, initialization: String; let fraction: TrainingFraction; let metric: MetricName; let className: String? }
    var order: [Key] = [], groups: [Key: [Run]] = [:]
    for run in runs {
      let key = Key(
        task: run.task, initialization: run.initialization, fraction: run.fraction, metric: run.metric, className: run.className)
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(run)
    }
    return order.map { key in
      let group = groups[key, default: []]
      // A seed counts on both sides or on none, so that the two columns are of the same runs.
      let defined = group.filter { $0.own.number != nil && $0.other.number != nil }
      let result = results.first { $0.cell.task == key.task }
      return Row(
        task: key.task, initialization: key.initialization, fraction: key.fraction, metric: key.metric, className: key.className,
        own: Summary(defined.compactMap(\.own.number)), other: Summary(defined.compactMap(\.other.number)),
        undefinedCount: group.count - defined.count,
        undefinedReason: group.compactMap { $0.other.reason.map { "on the other set: \($0)" } ?? $0.own.reason.map { "on the own set: \($0)" } }.first,
        ownImageCount: result?.own.imageCount ?? 0, otherImageCount: result?.other.imageCount ?? 0)
    }
  }
}

extension ExternalReport {
  /// The means over classes, or both Dice; and with more than one class each of them.
  public var table: Table {
    let several = Set(rows.map(\.task)).count > 1
    var table = Table(
      columns: (several ? [Table.Column("Task")] : []) + [
        Table.Column("Initialization"), Table.Column("Metric, %"), Table.Column("Own test set", .right), Table.Column(title, .right),
        Table.Column("Difference", .right), Table.Column("n", .right),
      ])
    let classCount = Set(rows.compactMap(\.className)).count
    for row in rows where row.className == nil || classCount > 1 {
      table.append(
        (several ? [row.task] : []) + [
          row.initialization + (row.fraction.isWhole ? "" : ", \(row.fraction.percentText) of the images"), words(row, classCount: classCount), text(row.own, row), text(row.other, row), difference(row),
          String(row.own.count),
        ])
    }
    return table
  }

  private var title: String { part == "test" ? onTask : "\(onTask) (\(part))" }

  private func words(_ row: Row, classCount: Int) -> String {
    if let name = row.className { return "\(row.metric.title) \(name)" }
    return row.metric == .aurocMacro && classCount == 1 ? MetricName.auroc.title : row.metric.title
  }

  private func text(_ summary: Summary, _ row: Row) -> String {
    guard let mean = summary.mean.number else { return row.undefinedCount > 0 ? "undefined" : "–" }
    return fixed(mean * 100, 2) + (summary.standardDeviation.number.map { " ± " + fixed($0 * 100, 2) } ?? "")
  }

  private func difference(_ row: Row) -> String {
    guard let own = row.own.mean.number, let other = row.other.mean.number else { return "" }
    let text = fixed((other - own) * 100, 2)
    return other >= own && !text.hasPrefix("-") ? "+" + text : text
  }

  /// The table and all that must be known beside it.
  public var terminalText: String { table.rendered() + "\n" + notes.map { $0 + "\n" }.joined() }

  /// What was compared, on how many images, with which classes.
  public var notes: [String] {
    var notes = ["Mean ± standard deviation (n − 1 in its denominator) over n seeds, each run on both sets with the classes that both have."]
    var seen = Set<String>()
    for row in rows where seen.insert(row.task).inserted {
      notes.append("\(row.task): \(row.ownImageCount) images; \(title): \(row.otherImageCount) images.")
    }
    for record in evaluations {
      let renamed = record.classes.filter { $0.ofRun != $0.ofTestSet }.map { "\($0.ofTestSet) = \($0.ofRun)" }
      let lines = [
        renamed.isEmpty ? nil : "Classes under another name there: \(renamed.joined(separator: ", ")).",
        record.classesOfRunLeftOut.isEmpty ? nil : "Classes only of the runs, left out: \(record.classesOfRunLeftOut.joined(separator: ", ")).",
        record.classesOfTestSetLeftOut.isEmpty
          ? nil : "Classes only of \(onTask), left out: \(record.classesOfTestSetLeftOut.joined(separator: ", ")).",
        record.overlap.isEmpty
          ? nil
          : "\(record.overlap.count) images of \(onTask) are images that runs were trained or chosen on; "
            + (record.leavesOverlapOut ? "they are left out." : "THEY ARE COUNTED, so these are no external results."),
        record.unusable.isEmpty ? nil : "\(record.unusable.count) images could not be read: \(firstFew(record.unusable.map(\.id))).",
      ]
      for line in lines.compactMap({ $0 }) where !notes.contains(line) { notes.append(line) }
    }
    for row in rows where row.undefinedCount > 0 {
      let line = "\(row.className.map { "“\($0)”" } ?? row.metric.title) is undefined in \(row.undefinedCount) runs (\(row.undefinedReason ?? ""))."
      if !notes.contains(line) { notes.append(line) }
    }
    return notes
  }
}
