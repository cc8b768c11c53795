public import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
internal import Studies

extension ExternalReport {
  /// The means over classes, or both Dice; and with more than one class each of them.
  public var table: Table {
    let several = Set(rows.map(\.task)).count > 1
    var table = Table(
      columns: (several ? [Table.Column("Task")] : []) + [
        Table.Column("Initialization"), Table.Column(metricTitle), Table.Column("Own test set", .right), Table.Column(title, .right),
        Table.Column(isInPercent ? "Drop, points" : "Drop", .right), Table.Column("95 % interval", .right), Table.Column("n", .right),
      ])
    let classCount = Set(rows.compactMap(\.className)).count
    for row in rows where row.className == nil || classCount > 1 {
      table.append(
        (several ? [row.task] : []) + [
          row.initialization + (row.fraction.isWhole ? "" : ", \(row.fraction.percentText) of the images"), words(row.metric, row.className, classCount: classCount),
          text(row.own, row), text(row.other, row), dropText(row), dropIntervalText(row),
          String(row.own.count),
        ])
    }
    return table
  }

  /// Whether every metric is a share; else the metrics say their units, and numbers are in that of their table.
  private var isInPercent: Bool { rows.allSatisfy { $0.metric.unit.isPercent } }

  var metricTitle: String { isInPercent ? "Metric, %" : "Metric" }

  var title: String { part == "test" ? onTask : "\(onTask) (\(part))" }

  func words(_ metric: MetricName, _ className: String?, classCount: Int) -> String {
    let unit = isInPercent ? "" : metric.unit == .ofTruth ? self.unit.map { ", \($0)" } ?? "" : metric.unit.suffix
    if let className { return "\(metric.title) \(className)\(unit)" }
    return (metric == .aurocMacro && classCount == 1 ? MetricName.auroc.title : metric.title) + unit
  }

  private func text(_ summary: Summary, _ row: Row) -> String {
    guard let mean = summary.mean.number else { return row.undefinedCount > 0 ? "undefined" : "–" }
    return row.metric.scale.text(mean) + (summary.standardDeviation.number.map { " ± " + row.metric.scale.text($0) } ?? "")
  }

  private func dropText(_ row: Row) -> String { row.generalized.drop.value.known.map(row.metric.scale.signed) ?? "" }

  private func dropIntervalText(_ row: Row) -> String {
    let scale = row.metric.scale
    guard row.generalized.drop.value.known != nil else { return "" }
    return row.generalized.drop.interval.known.map { "\(scale.signed($0.lower)) to \(scale.signed($0.upper))" } ?? "n/a"
  }

  /// The table and all that must be known beside it.
  public var terminalText: String {
    table.rendered() + (patients.isEmpty ? "" : "\n" + patientTable.rendered()) + "\n" + notes.map { $0 + "\n" }.joined()
  }

  private var dropNote: String {
    let reasons = distinct(rows.compactMap { $0.generalized.drop.value.known == nil ? nil : $0.generalized.drop.interval.reason })
    return "Drop: own minus other, seed by seed, with a 95 % interval for other seeds and other patients of both sets (Obuchowski and Rockette; Hillis)."
      + (rows.contains { $0.metric.direction == .lower } ? " Of an error, a drop below 0 is a rise on the other set." : "")
      + (reasons.isEmpty ? "" : " n/a: \(firstFew(reasons)).")
  }

  /// What was compared, on how many images, with which classes.
  public var notes: [String] {
    var notes = ["Mean ± standard deviation (n − 1 in its denominator) over n seeds, each run on both sets with the classes that both have."]
    notes.append(dropNote)
    if !patients.isEmpty { notes += [patientNote] + warningNotes }
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
          : "\(grouped(record.overlap.count)) image\(record.overlap.count == 1 ? "" : "s") of \(onTask) runs were trained or chosen on; "
            + (record.leavesOverlapOut ? "they are left out." : "THEY ARE COUNTED, so these are no external results."),
        record.unusable.isEmpty ? nil : "\(record.unusable.count) images could not be read: \(firstFew(record.unusable.map(\.id))).",
      ]
      for line in lines.compactMap({ $0 }) where !notes.contains(line) { notes.append(line) }
    }
    let classCount = Set(rows.compactMap(\.className)).count
    for row in rows where row.undefinedCount > 0 {
      let line =
        "\(row.className.map { "“\($0)”" } ?? row.metric.title) is undefined in \(row.undefinedCount) run\(row.undefinedCount == 1 ? "" : "s") (\(row.undefinedReason ?? ""))\(row.className != nil && classCount > 1 ? "; means over classes leave it out on both sets" : "")."
      if !notes.contains(line) { notes.append(line) }
    }
    return notes
  }
}
