import Foundation
import Foundations
import Studies

/// What a process that shares a study with others says to the one that started it: a line of JSON on its standard output.
struct WorkerMessage: Codable {
  enum Kind: String, Codable {
    /// It has planned the study and takes orders.
    case ready
    /// A line to keep, or one that takes the place of the last.
    case line, progress
    /// What came of the cell that it was given.
    case done
  }

  var kind: Kind
  var text: String?
  /// Whether the line is of the cell that it is at, whose number stands before it.
  var isOfCell: Bool?
  var outcome: CellOutcome?
  /// Times that a network was asked for features, and of how many images, since the last cell.
  var featurePasses: Int?
  var featureImages: Int?

  init(_ kind: Kind, text: String? = nil, isOfCell: Bool? = nil, outcome: CellOutcome? = nil, featurePasses: Int? = nil, featureImages: Int? = nil) {
    (self.kind, self.text, self.isOfCell, self.outcome) = (kind, text, isOfCell, outcome)
    (self.featurePasses, self.featureImages) = (featurePasses, featureImages)
  }

  /// Nil for a line that is none of these: something else wrote it.
  init?(line: String) {
    guard let found = try? JSONDecoder().decode(WorkerMessage.self, from: Data(line.utf8)) else { return nil }
    self = found
  }

  func send() {
    guard let text = try? CanonicalJSON.encodeText(self) else { return }
    _ = StandardStream.write(text + "\n", to: STDOUT_FILENO, patience: nil)
  }
}

/// What a process is told by the one that started it: a line on its standard input.
enum WorkerOrder: Equatable {
  /// Carry this cell out.
  case cell(identity: String)
  /// Stop as this signal asks for.
  case stop(signal: Int32)
  /// There is nothing more to do.
  case end

  var line: String {
    switch self {
    case .cell(let identity): "cell \(identity)"
    case .stop(let signal): "stop \(signal)"
    case .end: "end"
    }
  }

  init?(line: String) {
    let words = line.split(separator: " ").map(String.init)
    switch (words.first, words.count) {
    case ("cell"?, 2): self = .cell(identity: words[1])
    case ("stop"?, 2):
      guard let signal = Int32(words[1]) else { return nil }
      self = .stop(signal: signal)
    case ("end"?, 1): self = .end
    default: return nil
    }
  }
}
