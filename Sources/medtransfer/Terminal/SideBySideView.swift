import Dispatch
import Execution
import Foundations

/// The progress of several processes in one view: on a terminal a line for each, under what is to be kept; else lines with the number of the
/// process before them.
final class SideBySideView {
  private let terminal = Terminal()
  /// What each process is at, by its number; nil once it has ended.
  private var lines: [Int: String] = [:]
  /// Lines of the block that stands on the terminal now.
  private var drawn = 0
  private var width = 1
  private var lastDrawn: UInt64 = 0

  var isInteractive: Bool { terminal.isInteractive }

  func show(_ event: SideBySideEvent) {
    switch event {
    case .began(let processes, let threads, let devices):
      width = String(processes).count
      let each = "\(threads) thread\(threads == 1 ? "" : "s")"
      let places = devices.count > 1 ? ", on \(devices.joined(separator: ", "))" : ""
      keep("\(processes) processes side by side\(places), each with \(each).")
      for number in 1...processes { lines[number] = "begins" }
    case .line(let process, let position, let text): keep(numbered(process, position.map { "\($0.words) \(text)" } ?? text))
    case .progress(let process, let position, let text):
      lines[process] = position.map { "\($0.words) \(text)" } ?? text
      draw(isDue: false)
    case .idle(let process):
      lines[process] = "waits for the others"
      draw(isDue: true)
    case .left(let process):
      lines[process] = nil
      draw(isDue: true)
    case .ended:
      lines = [:]
      draw(isDue: true)
    }
  }

  /// A line that stays, above the block.
  func keep(_ line: String) {
    guard terminal.isInteractive else { return terminal.note(line) }
    terminal.draw(erasure + line + "\n" + block())
  }

  private func numbered(_ process: Int, _ text: String) -> String {
    let number = String(process)
    return String(repeating: " ", count: max(0, width - number.count)) + "\(number)  \(text)"
  }

  private func draw(isDue: Bool) {
    guard terminal.isInteractive else { return }
    let now = DispatchTime.now().uptimeNanoseconds
    guard isDue || now - lastDrawn > 100_000_000 else { return }
    lastDrawn = now
    terminal.draw(erasure + block())
  }

  /// Takes the block away.
  private var erasure: String { drawn == 0 ? "" : "\u{1B}[\(drawn)A\r\u{1B}[J" }

  /// The block, each line cut so that it takes one row.
  private func block() -> String {
    let rows = lines.sorted { $0.key < $1.key }.map { String(numbered($0.key, $0.value).prefix(max(terminal.width - 1, 1))) + "\n" }
    drawn = rows.count
    return rows.joined()
  }
}

/// Says lines to the process that started this one.
struct WorkerLines: ProgressLines {
  /// Whether that process shows them on a terminal.
  let isInteractive: Bool

  func note(_ line: String) { SideBySideWorker.say(line, isOfCell: false, isProgress: false) }
  func note(_ line: String, at _: CellPosition) { SideBySideWorker.say(line, isOfCell: true, isProgress: false) }
  func replaceLine(_ line: String) { SideBySideWorker.say(line, isOfCell: false, isProgress: true) }
  func replaceLine(_ line: String, at _: CellPosition) { SideBySideWorker.say(line, isOfCell: true, isProgress: true) }
  func clearLine() {}
}
