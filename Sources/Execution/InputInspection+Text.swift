import Datasets
import Foundation
import Foundations
import Loading
import Studies

extension InputInspection {
  /// What is shown, one fact a line, then every step.
  public var terminalText: String {
    var text = facts.map { $0.0.padding(toLength: 8, withPad: " ", startingAt: 0) + "  " + $0.1 + "\n" }.joined()
    if let first = views.first, first.epoch == nil || views.count == 1 {
      var table = Table(columns: [Table.Column("Step"), Table.Column("Parameters")])
      first.input.steps.forEach { table.append([$0.name, $0.detail]) }
      text += "\n" + table.rendered()
    } else {
      var table = Table(columns: [
        Table.Column("Epoch", .right), Table.Column("Minimum", .right), Table.Column("Mean", .right), Table.Column("Maximum", .right),
        Table.Column("Drawn"),
      ])
      for view in views {
        let tensor = view.input.tensor
        table.append([
          view.epoch.map { String($0) } ?? "", short(tensor.minimum), short(tensor.mean), short(tensor.maximum),
          view.input.drawn ?? "nothing: the recipe varies no image",
        ])
      }
      text += "\n" + table.rendered()
    }
    return text
  }

  private var facts: [(String, String)] {
    var facts = [("File", file.path), ("Task", "\(task.name), \(task.kind.rawValue)")]
    if let sample {
      var words = sample.id
      let present = zip(classNames, sample.labels).filter { $1 == 1 }.map(\.0)
      if !classNames.isEmpty { words += ": " + (present.isEmpty ? "no class" : present.joined(separator: ", ")) }
      let known = zip(numbers?.names ?? [], sample.numbers).map { "\($0) \($1.isNaN ? "not known" : "\($1)" + (numbers?.unit.map { " " + $0 } ?? ""))" }
      if !known.isEmpty { words += ": " + known.joined(separator: ", ") }
      if let patient = sample.patient { words += "; patient \(patient)" }
      facts.append(("Sample", words))
    } else {
      facts.append(("Sample", "none of the task's images; prepared as one would be"))
    }
    if let seed = views.first?.seed {
      facts.append(("Shown", views.count == 1 ? "seed \(seed), epoch 1" : "seed \(seed), epochs 1 to \(views.count), row by row"))
    } else {
      facts.append(("Shown", "as for \(part.rawValue)"))
    }
    if let input = views.first?.input {
      let values = "minimum \(short(input.tensor.minimum)), mean \(short(input.tensor.mean)), maximum \(short(input.tensor.maximum))"
      facts.append(("Tensor", "\(input.tensor.shape)" + (views.count == 1 ? ", " + values : "")))
      if let fraction = input.maskFraction {
        facts.append(("Mask", String(format: "%.2f %% of the pixels", 100 * fraction) + (sample?.mask?.classes.map { ", of " + $0.names.joined(separator: ", ") } ?? "")))
      }
    }
    return facts
  }

  private func short(_ value: Double) -> String { String(format: "%.4f", value) }
}

extension InputInspection: Encodable {
  private enum CodingKeys: String, CodingKey { case file, task, kind, part, sample, labels, numbers, patient, views }

  private struct ViewRecord: Encodable {
    let seed: Int?
    let epoch: Int?
    let steps: [InspectedInput.Step]
    let drawn: String?
    let tensor: InspectedInput.Values
    let maskFraction: Double?
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(file.path, forKey: .file)
    try container.encode(task.name, forKey: .task)
    try container.encode(task.kind, forKey: .kind)
    try container.encode(part, forKey: .part)
    try container.encodeIfPresent(sample?.id, forKey: .sample)
    try container.encodeIfPresent(sample?.patient, forKey: .patient)
    if let sample, !classNames.isEmpty {
      // JSON has no NaN: a label that is not known is null.
      let labels = zip(classNames, sample.labels).map { ($0, $1.isNaN ? nil : $1) }
      try container.encode(Dictionary(labels, uniquingKeysWith: { first, _ in first }), forKey: .labels)
    }
    if let sample, let numbers {
      let named = zip(numbers.names, sample.numbers).map { ($0, $1.isNaN ? nil : $1) }
      try container.encode(Dictionary(named, uniquingKeysWith: { first, _ in first }), forKey: .numbers)
    }
    try container.encode(
      views.map {
        ViewRecord(
          seed: $0.seed, epoch: $0.epoch, steps: $0.input.steps, drawn: $0.input.drawn, tensor: $0.input.tensor,
          maskFraction: $0.input.maskFraction)
      }, forKey: .views)
  }
}
