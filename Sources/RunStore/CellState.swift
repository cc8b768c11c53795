/// How far a cell is.
public enum CellState: Hashable, Sendable {
  /// No run has begun.
  case missing
  /// A process is at it now.
  case inWork
  /// A run has begun, and no process is at it.
  case interrupted
  case failed(RunStatus.Failure)
  /// The run's folder is there but cannot be understood.
  case broken(reason: String)
  /// The run has ended, its metrics can be read, and it is of this very cell.
  case finished

  /// One word for tables.
  public var word: String {
    switch self {
    case .missing: "missing"
    case .inWork: "in work"
    case .interrupted: "interrupted"
    case .failed: "failed"
    case .broken: "broken"
    case .finished: "finished"
    }
  }
}
