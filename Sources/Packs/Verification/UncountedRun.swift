internal import RunStore
internal import Studies

/// A planned run that does not count, and why.
public struct UncountedRun: Codable, Hashable, Sendable {
  /// Its folder, relative to the study's output.
  public let run: String
  /// `missing`, `in work`, `interrupted`, `failed`, `broken` or `cannot be read now`.
  public let state: String
  public let reason: String?

  /// nil for a finished run.
  init?(_ cell: Cell, _ state: CellState) {
    guard state != .finished else { return nil }
    (run, self.state, reason) = (cell.relativePath, state.word.rawValue, state.reason)
  }

  /// How many of the planned runs do not count, and which, for a person; empty where all do.
  static func text(_ runs: [UncountedRun], atMost limit: Int = 10) -> [String] {
    guard !runs.isEmpty else { return [] }
    let plural = runs.count == 1 ? "planned run does" : "planned runs do"
    let lines = runs.prefix(limit).map { "  \($0.run), \($0.state)\($0.reason.map { ": \($0)" } ?? "")" }
    return ["\(runs.count) \(plural) not count:"] + lines + (runs.count > limit ? ["  … and \(runs.count - limit) more"] : [])
  }
}
