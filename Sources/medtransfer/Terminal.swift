import Foundation

/// What the terminal can show, and the words written to it.
struct Terminal {
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

  func note(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

  /// Replaces the progress line, cut to the terminal's width.
  func replaceLine(_ line: String) {
    let cut = line.count < width ? line : String(line.prefix(width - 1))
    FileHandle.standardError.write(Data("\r\u{1B}[2K\(cut)".utf8))
  }

  func clearLine() { if isInteractive { FileHandle.standardError.write(Data("\r\u{1B}[2K".utf8)) } }

  /// Results.
  static func show(_ text: String, terminator: String = "\n") { FileHandle.standardOutput.write(Data((text + terminator).utf8)) }
}

/// A number with a fixed count of decimals.
func fixed(_ value: Double, _ decimals: Int) -> String { String(format: "%.\(decimals)f", value) }
