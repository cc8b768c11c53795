/// What a run says of itself in `status.json`.
public struct RunStatus: Codable, Hashable, Sendable {
  public enum State: String, Codable, Sendable {
    /// Begun and not ended. Whether a process is at it now, the lease tells.
    case running
    case finished
    case failed
  }

  /// Why a run failed.
  public struct Failure: Codable, Hashable, Sendable {
    /// The error's dotted name, such as `imaging.truncated`.
    public let code: String
    /// What is wrong and what to do about it.
    public let message: String

    public init(code: String, message: String) {
      self.code = code
      self.message = message
    }
  }

  public let state: State
  public let failure: Failure?
  /// The SHA-256 of the `seal.json` of a finished run; nil in runs of programs that made no seals.
  public let seal: String?
  /// The number of the claim under which it was written; nil where it was written without one, and by older programs.
  public var claim: Int?

  private init(state: State, failure: Failure? = nil, seal: String? = nil) {
    (self.state, self.failure, self.seal) = (state, failure, seal)
  }

  public static let running = RunStatus(state: .running)
  /// As programs wrote it that made no seals.
  public static let finished = RunStatus(state: .finished)

  public static func finished(seal: String) -> RunStatus { RunStatus(state: .finished, seal: seal) }

  public static func failed(code: String, message: String) -> RunStatus {
    RunStatus(state: .failed, failure: Failure(code: code, message: message))
  }
}
