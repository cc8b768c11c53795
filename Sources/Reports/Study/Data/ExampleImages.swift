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
      let reader = RunReader(source, run: median.runCells[0].relativePath)
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

  /// Whether every run shows the same images; older ones of masks chose each its own.
  private var areShared: Bool { shown.allSatisfy { $0.examples.examples.allSatisfy { $0.rank == nil } } }

  var figure: Figure {
    let columns = distinct(shown.flatMap { $0.examples.examples.map(column) })
    let rows = shown.map { one in
      ImageGrid.Row(
        "\(one.initialization), seed \(one.seed)",
        images: columns.map { name in
          guard let index = one.examples.examples.firstIndex(where: { column($0) == name }), let png = one.pictures[index] else { return nil }
          let example = one.examples.examples[index]
          return .init(png: png, altText: "\(one.initialization), \(name), image \(ShownImage.name(example.id))", label: label(example))
        })
    }
    let remarks = distinct(shown.flatMap { $0.examples.examples.compactMap(\.remark) })
    return ImageGrid(
      labels: .init(
        id: "examples-\(task.name)", title: "\(task.name): \(point)",
        caption: (shown.first?.examples.legend ?? "") + " Of each initialization the run whose result is the median of its seeds. " + choice,
        notes: remarks.map(ShownImage.sentence)),
      columns: columns, rows: rows
    ).figure()
  }

  /// What is to be seen.
  private var point: String {
    let all = shown.flatMap(\.examples.examples)
    if let least = all.compactMap(\.dice).min(), let most = all.compactMap(\.dice).max() {
      return "masks from Dice \(fixed(least, 3)) to \(fixed(most, 3))"
    }
    if let least = all.compactMap(\.probability).min(), let most = all.compactMap(\.probability).max() {
      return "findings that are there, given probabilities from \(fixed(least, 2)) to \(fixed(most, 2))"
    }
    return "a few test images"
  }

  private var choice: String {
    areShared
      ? "Test images chosen by a digest of their names, the same for all: those that are best, median, worst and most disputed are drawn by “medtransfer run” once all runs have ended."
      : "Best, median and worst by each run's own Dice: not the same images for all initializations."
  }

  private func column(_ example: RunExamples.Example) -> String {
    example.rank ?? [ShownImage.name(example.id), example.className].compactMap(\.self).joined(separator: ": ")
  }

  private func label(_ example: RunExamples.Example) -> String {
    let value = example.dice.map { "Dice \(fixed($0, 3))" } ?? example.probability.map { "probability \(fixed($0, 3))" } ?? ""
    let name = example.rank == nil ? nil : ShownImage.name(example.id)
    return [name, value, example.remark.map(ShownImage.key)].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ", ")
  }
}

/// How test images are called beside their pictures.
enum ShownImage {
  /// Without the part of the data that it comes from: a test image that was carved out of the training images has `training/` in its name.
  static func name(_ id: String) -> String {
    let parts = id.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, ["training", "validation", "test"].contains(String(parts[0])) else { return id }
    return String(parts[1])
  }

  /// Of a remark such as `no heat: nothing speaks for it` what stands under a picture.
  static func key(_ remark: String) -> String { String(remark.prefix { $0 != ":" }) }

  /// The whole of it, under the figure.
  static func sentence(_ remark: String) -> String { remark.prefix(1).uppercased() + remark.dropFirst() + "." }
}
