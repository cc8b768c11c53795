import Execution
import Foundation
import Foundations
import Synchronization

/// What the terminal can show, and the words written to it.
struct Terminal: ProgressLines {
  /// Progress and news go to standard error, results to standard output, so that results can be piped.
  let isInteractive = isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  /// The width in columns, 80 when unknown.
  var width: Int {
    var size = winsize()
    return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  /// The width of what results are shown on, in columns; nil where they go to a file or another program, and nothing is to be cut.
  ///
  /// `COLUMNS` has the last word, where it is exported, as it has for other programs.
  static var outputWidth: Int? {
    guard isatty(STDOUT_FILENO) == 1 else { return nil }
    if let said = ProcessInfo.processInfo.environment["COLUMNS"].flatMap(Int.init), said > 0 { return said }
    var size = winsize()
    return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  /// Writes what moves the cursor about: to a terminal alone.
  func draw(_ text: String) { Self.say(text) }

  func note(_ line: String) { Self.say(line + "\n") }

  /// Replaces the progress line, cut to the terminal's width.
  func replaceLine(_ line: String) {
    let cut = line.count < width ? line : String(line.prefix(width - 1))
    Self.say("\r\u{1B}[2K\(cut)")
  }

  func clearLine() { if isInteractive { Self.say("\r\u{1B}[2K") } }

  /// Seconds that progress and news wait for a reader that is stuck.
  private static let patience = 5.0
  /// Whether standard error took the last text; where it did not, the next one does not wait.
  private static let isHeard = Mutex(true)

  /// Progress and news. Where nobody reads them or the disk of a log is full they are dropped, and the work goes on.
  private static func say(_ text: String) {
    let wasHeard = isHeard.withLock { $0 }
    let outcome = StandardStream.write(text, to: STDERR_FILENO, patience: wasHeard ? patience : 0)
    isHeard.withLock { $0 = outcome == .written }
  }

  /// Results. What cannot be written is remembered, so that the command does not end as if it had been.
  static func show(_ text: String, terminator: String = "\n") {
    guard lostOutput.withLock({ $0 }) == nil else { return }
    let outcome = StandardStream.write(text + terminator, to: STDOUT_FILENO, patience: nil)
    if outcome != .written { lostOutput.withLock { $0 = outcome } }
  }

  /// Why results could not be written, if so.
  static let lostOutput = Mutex<StandardStream.Outcome?>(nil)
}

/// Where progress is said: on the terminal, or to the process that shows that of several.
protocol ProgressLines {
  /// Whether a line can take the place of the last.
  var isInteractive: Bool { get }
  func note(_ line: String)
  /// A line whose cell's number stands before it.
  func note(_ line: String, at position: CellPosition)
  func replaceLine(_ line: String)
  func replaceLine(_ line: String, at position: CellPosition)
  func clearLine()
}

extension ProgressLines {
  func note(_ line: String, at position: CellPosition) { note("\(position.words) \(line)") }
  func replaceLine(_ line: String, at position: CellPosition) { replaceLine("\(position.words) \(line)") }
}

extension CellPosition {
  /// As `[ 3/12]`.
  var words: String {
    let width = String(count).count
    return "[" + String(repeating: " ", count: max(0, width - String(number).count)) + "\(number)/\(count)]"
  }
}

/// A number with a fixed count of decimals.
func fixed(_ value: Double, _ decimals: Int) -> String { value.fixed(decimals) }
