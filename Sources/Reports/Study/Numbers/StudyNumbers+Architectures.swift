internal import Figures
internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
internal import Studies

extension StudyNumbers {
  /// The same images with several architectures: each a task of its own in the study, here one axis.
  private struct SharedImages {
    let name: String
    let tasks: [StudyOutline.Task]

    func task(of architecture: String) -> StudyOutline.Task? { tasks.first { $0.architecture == architecture } }
  }

  /// A line for each architecture and initialization over the sets of images that several architectures were trained on.
  var overArchitectures: Figure? {
    let shared = sharedImages, architectures = distinct(shared.flatMap { $0.tasks.map(\.architecture) })
    guard shared.count >= 2 else { return nil }
    let starts = outline.initializations.map(\.name), directions = shared.map { $0.tasks[0].kind.tableMetrics[0].direction }
    func value(_ task: StudyOutline.Task?, _ start: String) -> Double? {
      task.flatMap { task in
        guard marked(on: task).isCompared(start) else { return nil }
        return group(task: task.name, initialization: start)?.metric(task.kind.tableMetrics[0])?.summary.mean.known.map {
          $0 * task.scale(of: task.kind.tableMetrics[0]).factor
        }
      }
    }
    let lines = architectures.flatMap { architecture in
      starts.map { start in (start: start, values: shared.map { value($0.task(of: architecture), start) }) }
        .filter { $0.values.contains { $0 != nil } }.enumerated().map { rank, line in
          ParallelCoordinates.Line("\(architecture) from \(line.start)", family: architecture, sizeRank: rank, values: line.values)
        }
    }
    guard Set(lines.map(\.family)).count >= 2 else { return nil }
    return ParallelCoordinates(
      labels: .init(
        id: "over-architectures", title: pointOfArchitectures(lines.map { ($0.name, $0.values) }, directions), caption: "Means over seeds, %\(exceptUnits). A gap has no result."),
      subject: .architectureFromInitialization, measures: shared.map { .init($0.name, decimals: 2) }, lines: lines
    ).figure()
  }

  /// Tasks of the same images, labels, split and kind that differ in their architecture.
  private var sharedImages: [SharedImages] {
    var order: [[String]] = [], groups: [[String]: [StudyOutline.Task]] = [:]
    for task in outline.tasks {
      guard let data = task.data else { continue }
      let key = [data, task.kind.rawValue]
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(task)
    }
    return order.compactMap { key in
      let tasks = groups[key, default: []]
      guard Set(tasks.map(\.architecture)).count >= 2 else { return nil }
      return SharedImages(name: Self.commonName(tasks.map(\.name)), tasks: tasks)
    }
  }

  /// What names have in common at their beginnings: `lungs` of `lungs-resnet18` and `lungs-resnet50`; else all of them.
  static func commonName(_ names: [String]) -> String {
    guard let first = names.first else { return "" }
    var common = names.dropFirst().reduce(first) { common, name in String(zip(common, name).prefix { $0 == $1 }.map(\.0)) }
    // A number or a word that goes on in all of them belongs to what differs.
    if !names.contains(common), names.contains(where: { $0.dropFirst(common.count).first.map { $0.isLetter || $0.isNumber } ?? false }) {
      while let last = common.last, last.isLetter || last.isNumber { common.removeLast() }
    }
    while let last = common.last, !last.isLetter && !last.isNumber { common.removeLast() }
    return common.isEmpty ? names.joined(separator: " / ") : common
  }
}
