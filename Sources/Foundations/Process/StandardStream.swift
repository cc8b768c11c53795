internal import CProcess
internal import Foundation

/// Writing to standard output and standard error, where a reader may be gone, stuck or out of room. Nothing of it ends the process.
public enum StandardStream {
  /// What became of a text.
  public enum Outcome: Equatable, Sendable {
    case written
    /// Nobody reads any more.
    case readerIsGone
    /// The number of the system's error; EAGAIN where there was no room in time.
    case failed(Int32)
  }

  /// Writes all, or says why not.
  ///
  /// - Parameter patience: seconds to wait for room; nil waits until there is some, or the process is asked to stop.
  public static func write(_ text: String, to descriptor: Int32, patience: Double?) -> Outcome {
    var text = text
    let number = text.withUTF8 { cp_write(descriptor, $0.baseAddress, $0.count, patience.map { Int32($0 * 1000) } ?? -1) }
    return switch number {
    case 0: .written
    case EPIPE: .readerIsGone
    default: .failed(number)
    }
  }
}

extension FoundationsError {
  /// Results that could not be written to standard output.
  public static func lostOutput(errno: Int32) -> FoundationsError {
    FoundationsError(
      kind: .outputLost, problem: "Not all results could be written to standard output: \(systemMessage(errno)).",
      remedy: "Free space on the disk that it goes to, or send it elsewhere; then run the same command again.")
  }
}
