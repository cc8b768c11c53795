internal import Foundation
internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
internal import Studies

/// How the runs of a group came along: the validation set by epoch, over the seeds.
struct LearningHistory: Sendable {
  /// One epoch of the runs that reached it.
  struct Point: Sendable {
    let epoch: Int
    let summary: Summary
  }

  let key: CellGroup.Key
  let metric: [Point]
  let loss: [Point]

  /// The histories of the wanted groups, each read by one thread; a group whose runs have none is left out.
  static func read(_ groups: [(key: CellGroup.Key, cells: [Cell])], from source: any RunSource) -> [LearningHistory] {
    concurrentMap(groups.count) { index -> LearningHistory? in
      let group = groups[index]
      let epochs = group.cells.map { cell in
        (try? RunReader(source, run: cell.relativePath).bytes("history.jsonl")).flatMap { $0 }.map(Epoch.all) ?? []
      }
      let history = LearningHistory(group.key, epochs)
      return history.loss.isEmpty ? nil : history
    }.compactMap(\.self)
  }

  /// The loss on the validation set after each epoch.
  static func validationLosses(in history: Data) -> [(epoch: Int, loss: Double)] {
    Epoch.all(in: history).map { ($0.epoch, $0.validation.loss) }
  }

  private init(_ key: CellGroup.Key, _ runs: [[Epoch]]) {
    self.key = key
    var losses: [Int: [Double]] = [:], metrics: [Int: [Double]] = [:]
    for epoch in runs.joined() {
      losses[epoch.epoch, default: []].append(epoch.validation.loss)
      if let number = epoch.validation.metric { metrics[epoch.epoch, default: []].append(number) }
    }
    loss = Self.points(losses)
    metric = Self.points(metrics)
  }

  private static func points(_ values: [Int: [Double]]) -> [Point] {
    values.keys.sorted().map { Point(epoch: $0, summary: Summary(values[$0] ?? [])) }
  }
}

/// What is read of an epoch's line of `history.jsonl`.
private struct Epoch: Decodable {
  struct Validation: Decodable {
    let loss: Double
    let auroc: MetricValue?
    let dicePooled: MetricValue?

    var metric: Double? { (auroc ?? dicePooled)?.number }
  }

  let epoch: Int
  let validation: Validation

  /// The lines of epochs among those of steps, of which there are many more; a last line that was cut short is passed over.
  static func all(in history: Data) -> [Epoch] {
    let lines = lines(of: history), decoder = JSONDecoder()
    // All at once is quicker than one by one, where all are whole.
    let list = Data("[".utf8) + Data(lines.joined(separator: Data(",".utf8))) + Data("]".utf8)
    if let all = try? decoder.decode([Epoch].self, from: list), all.count == lines.count { return all }
    return lines.compactMap { try? decoder.decode(Epoch.self, from: $0) }
  }

  private static func lines(of history: Data) -> [Data] {
    history.withUnsafeBytes { bytes in
      guard var start = bytes.baseAddress else { return [] }
      let end = start + bytes.count
      var lines: [Data] = []
      while start < end {
        let stop = memchr(start, Int32(UInt8(ascii: "\n")), end - start).map { UnsafeRawPointer($0) } ?? end
        // Few lines of steps are as long.
        if stop - start > 60, case let line = Data(bytes: start, count: stop - start), line.range(of: mark) != nil { lines.append(line) }
        start = stop + 1
      }
      return lines
    }
  }

  private static let mark = Data("\"validation\"".utf8)
}
