internal import Foundation
internal import Foundations
internal import Metrics

/// What the history of a pre-training says of the epochs that its probe judged.
struct ProbedEpochs {
  let judged: [PretrainingSection.Pretraining.Judged]
  /// By their names in the history, in the order of the alphabet.
  let heads: [String]
  let forgotten: [ForgottenTask]

  /// What stands behind a number's name where the line says by how much it has fallen.
  private static let lossMark = " lost"

  init(_ history: Data) {
    let lines = history.split(separator: UInt8(ascii: "\n")).filter { $0.range(of: Data("\"validation\"".utf8)) != nil }
    let decoder = JSONDecoder()
    // A last line that was cut short is passed over, and so is an epoch that was not judged.
    let epochs = lines.compactMap { try? decoder.decode(Line.self, from: Data($0)) }
    judged = epochs.map { .init(epoch: $0.epoch, score: 1 - $0.loss) }
    let names = Set(epochs.flatMap(\.metrics.keys)).sorted(), lost = names.filter { $0.hasSuffix(Self.lossMark) }
    func parts(_ name: String) -> (head: String, task: String)? {
      let words = name.split(separator: " ", maxSplits: 1).map(String.init)
      return words.count == 2 ? (words[0], words[1]) : nil
    }
    heads = Set(names.compactMap { parts($0)?.head }).sorted()
    forgotten = lost.compactMap { name in
      let plain = String(name.dropLast(Self.lossMark.count))
      guard let (head, task) = parts(plain) else { return nil }
      let points = epochs.compactMap { epoch in epoch.metrics[plain]?.number.map { PretrainingSection.Pretraining.Judged(epoch: epoch.epoch, score: $0) } }
      guard let first = epochs.first(where: { $0.metrics[name] != nil }), let fall = first.metrics[name]?.number, let now = first.metrics[plain]?.number
      else { return nil }
      return ForgottenTask(task: task, head: head, atStart: now + fall, points: points)
    }
  }

  /// The line of an epoch.
  private struct Line: Decodable {
    let epoch: Int
    let loss: Double
    let metrics: [String: MetricValue]

    private enum Key: String, CodingKey { case epoch, validation }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      epoch = try container.decode(Int.self, forKey: .epoch)
      let validation = try container.nestedContainer(keyedBy: Name.self, forKey: .validation)
      loss = try validation.decode(Double.self, forKey: Name("loss"))
      metrics = try validation.allKeys.filter { $0.stringValue != "loss" }.reduce(into: [:]) {
        $0[$1.stringValue] = try validation.decode(MetricValue.self, forKey: $1)
      }
    }
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }
}

/// A task that the start of a pre-training had learned, by one head of the probe.
struct ForgottenTask: Codable, Hashable, Sendable {
  let task: String
  /// By its name in the history: `kNN`, `linearProbe`.
  let head: String
  /// The AUROC before the first step, 0…1.
  let atStart: Double
  let points: [PretrainingSection.Pretraining.Judged]

  var title: String { "\(task), \(headWords)" }

  fileprivate var headWords: String { ["kNN": "nearest neighbors", "linearProbe": "linear probe"][head] ?? head }
}

extension PretrainingSection.Pretraining {
  /// What became of each task that the start had learned, a sentence each.
  var forgettingSentences: [String] {
    (forgotten ?? []).compactMap { lost in
      guard let kept = kept, let now = lost.points.first(where: { $0.epoch == kept.epoch }), let lowest = lost.points.min(by: { $0.score < $1.score }) else { return nil }
      func percent(_ value: Double) -> String { "\((value * 100).fixed(1)) %" }
      let change = (now.score - lost.atStart) * 100
      return "On \(lost.task), the AUROC of \(lost.head == "kNN" ? "nearest neighbors" : "the \(lost.headWords)") went from \(percent(lost.atStart)) before the first step to "
        + "\(percent(now.score)) in the kept state of epoch \(kept.epoch), \(abs(change).fixed(1)) points \(change < 0 ? "less" : "more"); the lowest was \(percent(lowest.score)), of epoch \(lowest.epoch)."
    }
  }
}
