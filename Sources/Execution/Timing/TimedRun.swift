import RunStore
import Studies

/// A run that has ended, made from its beginning in one piece, and how long it took.
struct TimedRun {
  let cell: Cell
  let timing: RunTiming
  private let directory: RunDirectory

  /// Those of some cells of a plan; what cannot be read says nothing.
  static func all(of plan: Plan, where isAsked: (Cell) -> Bool = { _ in true }) -> [TimedRun] {
    plan.cells.filter(isAsked).compactMap { cell in
      let directory = RunDirectory(of: cell, in: plan.study.outputDirectory)
      guard directory.state(of: cell) == .finished, let timing = try? directory.reader.read(RunTiming.self, from: "timing.json"), timing.resumedAfterStep == nil
      else { return nil }
      return TimedRun(cell: cell, timing: timing, directory: directory)
    }
  }

  /// Whether it was made on a machine like this one, with as many threads.
  func isOf(_ machine: (processor: String, vectorInstructions: String), threads: Int) -> Bool {
    guard let made = try? directory.reader.read(RunSessions.self, from: "environment.json").last else { return false }
    return (made.processor, made.vectorInstructions) == machine && made.threads == threads
  }
}

extension [Double] {
  /// The one in the middle, of two the greater; nil of none.
  var middle: Double? { isEmpty ? nil : sorted()[count / 2] }
}
