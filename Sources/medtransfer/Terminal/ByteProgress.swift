import Dispatch
import Foundations

/// A line on a terminal that says how far a file is; nothing where there is no terminal.
final class ByteProgress {
  private let terminal = Terminal()
  private let verb: String
  private let start = DispatchTime.now().uptimeNanoseconds
  private var first: Int?
  private var lastShown: UInt64 = 0

  init(verb: String) { self.verb = verb }

  /// - Parameter total: nil where it is not known.
  func show(_ done: Int, of total: Int?) {
    let now = DispatchTime.now().uptimeNanoseconds
    let begin = first ?? done
    first = begin
    guard terminal.isInteractive, now - lastShown > 100_000_000 || done == total else { return }
    lastShown = now
    let seconds = Double(now - start) / 1e9
    // A file that is done in a moment needs no line.
    guard seconds > 0.5 else { return }
    var line = "\(verb) \(spoken(bytes: done))"
    if let total, total > 0 { line += " of \(spoken(bytes: total)) (\(100 * done / total) %)" }
    let speed = Double(done - begin) / seconds
    if speed > 0 {
      line += ", \(spoken(bytes: Int(speed)))/s"
      if let total { line += ", \(spoken(seconds: Double(total - done) / speed)) left" }
    }
    terminal.replaceLine(line)
  }

  func end() { terminal.clearLine() }
}
