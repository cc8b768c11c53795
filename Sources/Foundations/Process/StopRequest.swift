internal import CProcess

/// Whether the process was asked to stop: SIGINT, SIGTERM, SIGHUP, or SIGUSR1 as Slurm sends before a time limit.
///
/// As a rule a request ends the process at once, with exit status 75: whatever it was at, every file is whole or not there, and the same
/// command goes on. Where there is something to save first, `deferring` keeps the request until it is saved.
public enum StopRequest {
  /// The exit status of a process that stopped as asked: the same command goes on (EX_TEMPFAIL).
  public static let exitStatus: Int32 = 75

  /// The signal that asked, or nil.
  public static var current: Int32? {
    let number = cp_requested()
    return number == 0 ? nil : number
  }

  /// Whether the process was asked longer ago than so many seconds.
  public static func isOlder(than seconds: Double) -> Bool { Double(cp_request_age()) > seconds * 1000 }

  /// Makes this process listen. A second request, a second or more after the first, ends it at once.
  public static func listen() { cp_listen() }

  /// Gives the signals their usual effects: for a command that keeps nothing.
  public static func leaveToSystem() { cp_let_signals_through() }

  /// Runs `body`, which asks for `current` again and again, at least once a second or a batch, and saves what it has when there is one. A
  /// request that comes when it has ended well takes its effect then.
  public static func deferring<Answer>(_ body: () throws -> Answer) rethrows -> Answer {
    cp_hold()
    let answer: Answer
    do {
      answer = try body()
    } catch {
      // What it throws says what was saved.
      cp_release(false)
      throw error
    }
    cp_release(true)
    return answer
  }

  /// Asks as a signal would that came for the first time: what this process is at decides whether it ends at once.
  public static func ask(_ signal: Int32) { cp_ask(signal) }

  /// Asks as a signal would, or takes the request back (nil): for tests.
  package static func simulate(_ signal: Int32?) { cp_request(signal ?? 0) }
}
