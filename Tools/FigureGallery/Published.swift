import Foundation
import Foundations

/// The published numbers, as `published-results.csv` has them: source, task, initialization, mean, standard deviation, mark.
struct Published {
  struct Line {
    let source: String
    let task: String
    let initialization: String
    let mean: Double?
    let deviation: Double?
    let mark: String
  }

  let lines: [Line]

  init(file: URL) throws {
    let document = try CSV.parse(try TextFile.read(file))
    lines = document.rows.map {
      Line(source: $0[0], task: $0[1], initialization: $0[2], mean: Double($0[3]), deviation: Double($0[4]), mark: $0[5])
    }
  }

  func lines(_ source: String, task: String? = nil) -> [Line] {
    lines.filter { $0.source == source && (task == nil || $0.task == task) }
  }

  func tasks(_ source: String) -> [String] { distinct(lines(source).map(\.task)) }
  func initializations(_ source: String) -> [String] { distinct(lines(source).map(\.initialization)) }

  func line(_ source: String, _ task: String, _ initialization: String) -> Line? {
    lines.first { $0.source == source && $0.task == task && $0.initialization == initialization }
  }

  private func distinct(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }
}
