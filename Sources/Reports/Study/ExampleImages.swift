internal import Figures
internal import Foundation
internal import Foundations
internal import Metrics
internal import RunStore
internal import Studies

/// The pictures that a task's runs kept, of one run of each initialization: the one whose result is the median of its seeds.
struct ExampleImages: Sendable {
  private struct Shown: Sendable {
    let initialization: String
    let seed: Int
    let examples: RunExamples
    let pictures: [Data?]
  }

  let task: StudyOutline.Task
  private let shown: [Shown]

  /// Nil where no run of the task kept any.
  init?(_ task: StudyOutline.Task, names: [String], runs: [CellGroup.Key: [StudyReading.Run]], from source: any RunSource) {
    self.task = task
    shown = names.compactMap { name in
      let key = CellGroup.Key(task: task.name, initialization: name, fraction: task.largestFraction)
      guard let median = Self.median(runs[key] ?? [], task.kind.tableMetrics[0]) else { return nil }
      let reader = RunReader(source, run: median.cell.relativePath)
      guard let examples = (try? reader.examples()).flatMap({ $0 }), !examples.examples.isEmpty else { return nil }
      return Shown(
        initialization: name, seed: median.cell.seed, examples: examples,
        pictures: examples.examples.map { example in (try? reader.picture(of: example)).flatMap { $0 } })
    }
    if shown.isEmpty { return nil }
  }

  private static func median(_ runs: [StudyReading.Run], _ metric: MetricName) -> StudyReading.Run? {
    MedianRun.index(runs.map { ($0.cell.seed, $0.metrics?.value(of: metric)?.number) }).map { runs[$0] }
  }

  var figure: Figure {
    let isMask = task.kind.isSegmentation
    // Grad-CAM is of the same images for all; the best mask of one initialization is another image than that of the next.
    let columns = distinct(shown.flatMap { $0.examples.examples.map(column) })
    let rows = shown.map { one in
      ImageGrid.Row(
        "\(one.initialization), seed \(one.seed)",
        images: columns.map { name in
          guard let index = one.examples.examples.firstIndex(where: { column($0) == name }), let png = one.pictures[index] else { return nil }
          let example = one.examples.examples[index]
          return .init(png: png, altText: "\(one.initialization), \(name), image \(example.id)", label: label(example))
        })
    }
    return ImageGrid(
      labels: .init(
        id: "examples-\(task.name)", title: isMask ? "\(task.name): best, median and worst mask" : "\(task.name): where the networks look",
        caption: (shown.first?.examples.legend ?? "") + " Of each initialization the run whose result is the median of its seeds."),
      columns: columns, rows: rows
    ).figure()
  }

  private func column(_ example: RunExamples.Example) -> String {
    example.rank ?? [example.id, example.className].compactMap(\.self).joined(separator: ": ")
  }

  private func label(_ example: RunExamples.Example) -> String {
    let value = example.dice.map { "Dice \(fixed($0, 3))" } ?? example.probability.map { "p = \(fixed($0, 3))" } ?? ""
    return example.rank == nil ? value : [example.id, value].filter { !$0.isEmpty }.joined(separator: ", ")
  }
}
