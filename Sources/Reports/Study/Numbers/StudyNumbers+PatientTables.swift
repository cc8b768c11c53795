internal import Figures
internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
internal import Studies

extension StudyNumbers {
  /// Each task's metrics of one run of each initialization, with the interval that other patients would bring.
  var patientTables: [ReportTable] {
    outline.tasks.compactMap { task in
      let marked = marked(on: task), found = task.groups(in: self).map { start in (name: start.name, patients: start.group.patients) }
      let known = found.compactMap(\.patients.known)
      guard !known.isEmpty else { return nil }
      // Without a bootstrap a run has no more than its AUROCs; then the others' rows are of those that have one.
      let rows = Self.order(known.flatMap { $0.intervals.entries })
      guard !rows.isEmpty else { return nil }
      var table = ReportTable(
        title: "Intervals over patients of \(task.name)", caption: Self.caption(task, known), label: "patients-\(task.name)",
        columns: [.init("Metric")] + found.map { start in .init(marked(start.name) + (start.patients.known.map { ", seed \($0.seed)" } ?? ""), .right) })
      for row in rows {
        table.append([.init(Self.title(row, of: task))] + found.map { Self.cell(row, of: $0.patients) })
      }
      return table
    }
  }

  /// The metrics over all classes or numbers, then the first of each of them; the other metrics of single classes are in `numbers.json`.
  private static func order(_ entries: [MetricIntervals.Entry]) -> [PredictionMeasures.Key] {
    var seen: Set<PredictionMeasures.Key> = []
    let keys = entries.map { PredictionMeasures.Key(metric: $0.metric, className: $0.className) }.filter { seen.insert($0).inserted }
    let classes = keys.filter { $0.className != nil && [.auroc, .dicePooled, .meanAbsoluteError].contains($0.metric) }
    return keys.filter { $0.className == nil } + (classes.count > 1 ? classes : [])
  }

  private static func title(_ row: PredictionMeasures.Key, of task: StudyOutline.Task) -> String {
    let own = task.ownScale(of: row.metric)?.symbol ?? "", unit = own.isEmpty ? row.metric.unit.suffix : ", \(own)"
    return row.className.map { "\(row.metric.title) of \($0)\(unit)" } ?? task.titleWithUnit(of: row.metric)
  }

  private static func cell(_ row: PredictionMeasures.Key, of patients: Available<PatientIntervals>) -> ReportTable.Cell {
    guard let intervals = patients.known?.intervals else { return .init("n/a", note: patients.reason) }
    guard let entry = intervals.entry(of: row.metric, className: row.className) else {
      return .init("n/a", note: intervals.bootstrap.reason.map { "Not resampled: \($0)." } ?? "The run has no such metric.")
    }
    guard let value = entry.value.number else { return .init("n/a", note: entry.value.reason) }
    let scale = row.metric.scale
    guard let interval = entry.interval.known else { return .init("\(scale.text(value).replacingMinus) (n/a)", note: entry.interval.reason) }
    return .init("\(scale.text(value).replacingMinus) (\(scale.text(interval.lower).replacingMinus) to \(scale.text(interval.upper).replacingMinus))", note: entry.warning)
  }

  private static func caption(_ task: StudyOutline.Task, _ known: [PatientIntervals]) -> String {
    let level = known.compactMap { $0.intervals.entries.compactMap(\.interval.known?.level).first }.first ?? 0.95
    let metric = task.kind.title(of: task.kind.tableMetrics[0])
    let drawn = known.compactMap { $0.intervals.bootstrap.known?.resampleCount }.first
    let entries = known.flatMap(\.intervals.entries)
    let formulas =
      task.kind.answer == .numbers
      ? " Mean absolute error and bias: Student's t over patients, the error's on the log scale."
      : task.kind.isSegmentation
        ? " Means over images and pooled shares: Student's t over patients, logit scale (distances: log scale; pooled: jackknife)."
        : " AUROC: DeLong, by patient. Accuracy, sensitivity, specificity and predictive values: Wilson, by patient; balanced accuracy and means of these over "
          + "classes: those of the shares together (MOVER; of three or more with the skewness of their mean). Brier score, log loss and O:E: Student's t over patients, logit and log scale."
    let other =
      entries.contains(where: \.isResampled)
      ? drawn.map { count in
        let rest = !task.kind.isClassification ? "" : "; percentile for the sensitivity at a fixed specificity"
        return (!task.kind.isClassification ? "" : " Average precision: jackknife by patient, Student's t, logit scale.")
          + " All else: BCa bootstrap of \(grouped(count)) resamples of whole patients\(rest)."
      } : nil
    let warned = entries.contains { $0.warning != nil } ? " A letter marks an interval that may not hold the truth as often as it says." : ""
    let left = known.compactMap(\.intervals.bootstrap.reason).first.map { " All else is not resampled: \($0) (--bootstrap always)." }
    let patients = distinct(known.map { grouped($0.intervals.patientCount) }).joined(separator: " or ")
    return "The run whose \(metric) is the median of its seeds (the lower of two middle ones), and its \(significant(level * 100, 6)) % interval "
      + "for other patients with this very network; what another seed would train is not in it. \(patients) patients; an image of no known "
      + "patient counts as one.\(formulas)\(other ?? "")\(left ?? "")\(warned) Not tested."
  }
}
