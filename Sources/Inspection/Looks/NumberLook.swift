import Datasets
import Foundations
import Studies

/// Whether the numbers of a regression can be learned and judged: which images have none, and whether those of a part differ.
struct NumberLook: DataLook {
  static let codes = [
    FindingCode("numbers.constant", .refused, "the training part has fewer than two different known numbers of a column"),
    FindingCode("numbers.partLacks", .warned, "another part has fewer than two different known numbers of a column, so that R² cannot exist"),
    FindingCode("numbers.placeholder", .warned, "a number that stands for none, such as 999, or lies farther from all others than these from each other"),
    FindingCode("numbers.unknown", .noted, "images have no known number of a column, and are no part of its loss and metrics"),
  ]
  static let opensPictures = false

  func findings(in subject: DataSubject) -> [DataFinding] {
    guard let source = subject.task.data.as(ManifestSource.self), subject.task.kind.answer == .numbers else { return [] }
    return (source.numberColumns ?? []).enumerated().flatMap { column, name in
      placeholders(column, name, subject)
        + DatasetPart.allCases.flatMap { part -> [DataFinding] in
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
                isTraining
                  ? "Give training images whose numbers differ; without them nothing can be learned."
                  : "No R² and no correlation can exist on it; give images whose numbers differ."))
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

  private static let placeholders: Set<Float> = [-1, -9, -99, -999, -9999, 99, 999, 9999, 99999]

  /// The least or the greatest number where it is beyond all others: a negative one alone, as −1 among ages, or one that is farther from
  /// the next than that is from the other end.
  private func placeholders(_ column: Int, _ name: String, _ subject: DataSubject) -> [DataFinding] {
    let numbered = subject.samples.map(\.sample).filter { column < $0.numbers.count && !$0.numbers[column].isNaN }
    let values = Set(numbered.map { $0.numbers[column] }).sorted()
    guard values.count > 3 else { return [] }
    func isBeyond(_ value: Float, _ next: Float, _ other: Float) -> Bool {
      abs(next - value) > abs(other - next) || (Self.placeholders.contains(value) && value < 0 && next >= 0)
    }
    let ends = [(values[0], values[1], values[values.count - 1]), (values[values.count - 1], values[values.count - 2], values[0])]
    return ends.filter { isBeyond($0.0, $0.1, $0.2) }.map { value, next, _ in
      let ids = numbered.filter { $0.numbers[column] == value }.map(\.id)
      return subject.finding(
        "numbers.placeholder", .warned, count: ids.count, examples: ids,
        "\(counted(ids.count, "image")) \(ids.count == 1 ? "has" : "have") \(value) as \(name), and the next number is \(next): \(firstFew(ids)).",
        "Where it stands for a number that is not known, leave the cell empty; where it is a slip, correct it; else accept it.")
    }
  }
}
