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
  /// The system does not give the run's files now. Nothing is known of what is in them, so the run neither counts nor is made anew.
  case unreadable(reason: String)
  /// The run has ended, its metrics can be read, and it is of this very cell.
  case finished

  /// The state without its reasons.
  public enum Word: String, Codable, Sendable, CaseIterable {
    case finished, failed, broken
    case unreadable = "cannot be read now"
    case inWork = "in work"
    case interrupted, missing
    /// Of a plan whose seeds are added round by round: its verdict is settled without it.
    case notNeeded = "not needed"
  }

  public var word: Word {
    switch self {
    case .missing: .missing
    case .inWork: .inWork
    case .interrupted: .interrupted
    case .failed: .failed
    case .broken: .broken
    case .unreadable: .unreadable
    case .finished: .finished
    }
  }

  /// Why the run failed or cannot be understood.
  public var reason: String? {
    switch self {
    case .failed(let failure): failure.message
    case .broken(let reason), .unreadable(let reason): reason
    case .missing, .inWork, .interrupted, .finished: nil
    }
  }
}
