internal import CProcess
internal import Foundation

/// A program that this process started and talks to in lines: its standard input, output and error are pipes to here.
///
/// Nothing of it waits, so that one thread can look after many. It must be asked for its `end` until there is one.
public final class ChildProcess {
  public enum End: Equatable, Sendable {
    case exited(Int32)
    case killed(signal: Int32)
  }

  /// Its number in the system.
  public let identifier: Int32
  private var input: Int32
  private var output: LineReader
  private var errors: LineReader
  /// How it ended, once that is known.
  public private(set) var end: End?

  /// - Parameter arguments: without the program's name.
  /// - Throws: `FoundationsError` where the system starts no process.
  public init(_ executable: String, arguments: [String]) throws {
    var words: [UnsafeMutablePointer<CChar>?] = ([executable] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var streams: [Int32] = [-1, -1, -1], process: Int32 = -1
    let number = cp_start_process(executable, &words, &streams, &process)
    guard number == 0 else { throw FoundationsError.noProcess(executable, errno: number) }
    (identifier, input) = (process, streams[0])
    (output, errors) = (LineReader(descriptor: streams[1]), LineReader(descriptor: streams[2]))
  }

  deinit {
    closeInput()
    output.finish()
    errors.finish()
  }

  /// Writes a line to its standard input. One that is gone does not get it, which its end tells.
  public func tell(_ line: String) {
    if input >= 0 { _ = StandardStream.write(line + "\n", to: input, patience: 1) }
  }

  public func closeInput() {
    if input >= 0 { close(input) }
    input = -1
  }

  /// The lines that it has written since this was asked last.
  public func newLines() -> (output: [String], errors: [String]) { (output.lines(), errors.lines()) }

  /// Looks whether it has ended; whoever finds that it has reads what it wrote last.
  public func look() -> End? {
    if let end { return end }
    var number: Int32 = 0
    switch cp_ended(identifier, &number) {
    case 0: return nil
    case 2: end = .killed(signal: number)
    default: end = .exited(number)
    }
    return end
  }

  /// Waits until one of several has written something or has closed its streams, at most so many milliseconds.
  public static func wait(for processes: [ChildProcess], milliseconds: Int) {
    let streams = processes.flatMap { [$0.output.descriptor, $0.errors.descriptor] }.filter { $0 >= 0 }
    cp_wait_to_read(streams, streams.count, Int32(milliseconds))
  }
}

/// Reads whole lines from a pipe without waiting.
private struct LineReader {
  /// -1 once there is nothing more to come.
  private(set) var descriptor: Int32
  private var rest: [UInt8] = []

  init(descriptor: Int32) { self.descriptor = descriptor }

  mutating func finish() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }

  mutating func lines() -> [String] {
    var piece = [UInt8](repeating: 0, count: 16384)
    while descriptor >= 0 {
      let count = read(descriptor, &piece, piece.count)
      if count > 0 {
        rest += piece[..<count]
      } else if count == 0 {
        finish()
      } else if errno != EINTR {
        if errno != EAGAIN, errno != EWOULDBLOCK { finish() }
        break
      }
    }
    var found: [String] = []
    var parts = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // What follows the last end of a line is the beginning of the next, or the last.
    rest = Array(parts.removeLast())
    found = parts.map { String(decoding: $0, as: UTF8.self) }
    if descriptor < 0, !rest.isEmpty {
      found.append(String(decoding: rest, as: UTF8.self))
      rest = []
    }
    return found
  }
}

extension FoundationsError {
  static func noProcess(_ executable: String, errno: Int32) -> FoundationsError {
    FoundationsError(
      kind: .noProcess, problem: "The system does not start another process of \(executable) (\(systemMessage(errno))).",
      remedy: "Take fewer processes, or raise the limit (ulimit -u, the job’s or container’s pids limit).")
  }
}
