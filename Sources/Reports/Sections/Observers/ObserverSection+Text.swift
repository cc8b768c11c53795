internal import Figures
internal import Foundations
internal import Metrics
internal import Statistics

extension ObserverSection {
  var title: String { "Observer agreement" }

  var sentences: [String] {
    (withheld ?? [])
      + tasks.flatMap { task -> [String] in
        let metric = MetricName.dicePooled, scale = metric.scale
        guard let entry = task.entries.first(where: { $0.metric == metric }), let value = entry.value.number else {
          return ["\(task.name): how far two observers agree in pooled Dice is not known: \(task.entries.first { $0.metric == metric }?.value.reason ?? "")."]
        }
        let seen =
          task.images == task.testImages
          ? "the \(grouped(task.images)) test images" : "\(grouped(task.images)) of \(grouped(task.testImages)) test images"
        let bounds = entry.interval.known.map { ", \(significant($0.level * 100, 6)) % interval for other patients \(scale.text($0.lower)) to \(scale.text($0.upper))" } ?? ""
        var sentences = [
          "On \(seen) of \(task.name), a second observer's masks agree with the first's at a pooled Dice of \(scale.text(value)) %\(bounds)."
            + (entry.warning.map { " \(IntervalWarning.ofTheInterval($0))" } ?? "")
        ]
        let marked = MarkedNames(task.leftOut ?? [])
        let means = task.networks.filter { marked.isCompared($0.initialization) }.compactMap { networks in
          networks.metrics.known?.first { $0.metric == metric }?.summary.mean.known.map { (name: networks.initialization, mean: $0) }
        }
        if let best = means.max(by: { $0.mean < $1.mean }) {
          sentences.append(
            "On the same images the networks come to \(scale.text(best.mean)) % at best (\(best.name), mean over its seeds). They learned from masks of the first kind of observer, which the second did not."
          )
        }
        return sentences
      }
  }

  var tables: [ReportTable] {
    tasks.map { task in
      let marked = MarkedNames(task.leftOut ?? [])
      var table = ReportTable(
        title: "Observer agreement on \(task.name)",
        caption: "A second observer's masks of \(grouped(task.images)) test images held against the first's as a network's answers are: pixels at the "
          + "network's resolution, outlines and center lines on the image's own pixels. In parentheses the interval for other patients with these two "
          + "observers; of networks the mean ± standard deviation over seeds on the same images. Not tested.",
        label: "observers-\(task.name)",
        columns: [.init("Metric"), .init("Second observer", .right)] + task.networks.map { .init(marked($0.initialization), .right) })
      for entry in task.entries {
        let scale = entry.metric.scale
        let bounds = entry.interval.known.map { " (\(scale.text($0.lower)) to \(scale.text($0.upper)))" } ?? ""
        table.append(
          [
            .init(entry.metric.titleWithUnit),
            .init(entry.value.number.map { scale.text($0) + bounds } ?? "n/a", note: entry.value.reason ?? entry.interval.reason.map { "No interval: \($0)." } ?? entry.warning),
          ] + task.networks.map { cell($0, entry.metric) })
      }
      return table
    }
  }

  private func cell(_ networks: Networks, _ metric: MetricName) -> ReportTable.Cell {
    guard let metrics = networks.metrics.known else { return .init("n/a", note: networks.metrics.reason) }
    guard let summary = metrics.first(where: { $0.metric == metric })?.summary, let mean = summary.mean.known else {
      return .init("n/a", note: "No run has it: it is undefined there, or was measured in another unit or not at all.")
    }
    let spread = summary.standardDeviation.known.map { " ± \(metric.scale.text($0))" } ?? ""
    return .init(metric.scale.text(mean) + spread, note: summary.count < networks.runCount ? "Of \(summary.count) of \(networks.runCount) runs." : nil)
  }

  var methods: String {
    tasks.isEmpty
      ? ""
      : "A second observer's masks of the test images of \(listed(tasks.map(\.name))) were held against the first's as if they were a network's answers, with the same metrics."
  }
}
