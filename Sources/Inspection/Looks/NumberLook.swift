import Datasets
import Foundations
import Studies

/// Whether the numbers of a regression can be learned and judged: which images have none, and whether those of a part differ.
struct NumberLook: DataLook {
  static let codes = [
    FindingCode("numbers.constant", .refused, "the training part has fewer than two different known numbers of a column"),
    FindingCode("numbers.partLacks", .warned, "another part has fewer than two different known numbers of a column, so that R² cannot exist"),
    FindingCode("numbers.unknown", .noted, "images have no known number of a column, and are no part of its loss and metrics"),
  ]
  static let opensPictures = false

  func findings(in subject: DataSubject) -> [DataFinding] {
    guard case .manifest(let source) = subject.task.data, subject.task.kind.answer == .numbers else { return [] }
    return (source.numberColumns ?? []).enumerated().flatMap { column, name in
      DatasetPart.allCases.flatMap { part -> [DataFinding] in
        let samples = subject.parts[part, default: []].filter { column < $0.numbers.count }
        let unknown = samples.filter { $0.numbers[column].isNaN }
        guard !samples.isEmpty else { return [] }
        var found = [DataFinding]()
        if Set(samples.map { $0.numbers[column] }.filter { !$0.isNaN }).count < 2 {
          let isTraining = part == .training
          found.append(
            subject.finding(
              isTraining ? "numbers.constant" : "numbers.partLacks", isTraining ? .refused : .warned, part: part, count: samples.count - unknown.count,
              "The \(part) part has fewer than two different known numbers of \(name).",
              isTraining ? "Give training images whose numbers differ; without them nothing can be learned." : "No R² and no correlation can exist on it; give images whose numbers differ."))
        }
        if !unknown.isEmpty {
          found.append(
            subject.finding(
              "numbers.unknown", .noted, part: part, count: unknown.count, examples: unknown.prefix(5).map(\.id),
              "\(counted(unknown.count, "\(part) image")) \(unknown.count == 1 ? "has" : "have") no known number of \(name).", ""))
        }
        return found
      }
    }
  }
}
