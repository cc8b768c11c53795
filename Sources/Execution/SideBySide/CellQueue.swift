import Studies

/// The cells that several processes share: which of them can be begun now, and what came of those that were.
///
/// A cell waits for the one whose weights it starts from. Heads on the features of one network wait for the first of their task, which asks the
/// network for the features of all of them.
struct CellQueue {
  /// What the features of a head on features are of: two that ask one network at the same time would ask it for the same images.
  struct Features: Hashable {
    let network: String
    let task: String
  }

  let candidates: [Cell]
  private let features: (Cell) -> Features?
  private var waiting: [Cell]
  private var atWork: [String: Cell] = [:]
  private var gathered = Set<Features>()
  private var leadsOn = false
  private(set) var outcomes: [String: CellOutcome] = [:]

  /// - Parameters:
  ///   - candidates: what a cell starts from stands before it.
  ///   - features: what a head on features needs; nil for other cells.
  init(_ candidates: [Cell], features: @escaping (Cell) -> Features? = { _ in nil }) {
    (self.candidates, self.features) = (candidates, features)
    waiting = candidates
  }

  /// Whether nothing is at work and nothing is left that could be.
  var isDone: Bool { waiting.isEmpty && atWork.isEmpty }

  /// The next cell that can be begun now, which then is at work; nil where none can.
  ///
  /// - Parameter refused: is told of a cell that will not be run, since what it starts from failed or is elsewhere.
  mutating func next(refused: (Cell, _ source: Cell) -> Void = { _, _ in }) -> Cell? {
    let known = Dictionary(uniqueKeysWithValues: candidates.map { ($0.identity, $0) })
    var index = 0
    while index < waiting.count {
      let cell = waiting[index]
      if let source = cell.source.flatMap({ known[$0] }) {
        switch outcomes[source.identity] {
        case nil:
          index += 1
          continue
        case .failed?, .elsewhere?:
          waiting.remove(at: index)
          outcomes[cell.identity] = outcomes[source.identity]
          refused(cell, source)
          continue
        case .finishedBefore?, .finishedNow?: break
        }
      }
      if asksWithAnother(cell) {
        index += 1
        continue
      }
      waiting.remove(at: index)
      atWork[cell.identity] = cell
      return cell
    }
    return nil
  }

  private func asksWithAnother(_ cell: Cell) -> Bool {
    guard let wanted = features(cell), !gathered.contains(wanted) else { return false }
    return atWork.values.contains { other in features(other).map { $0.network == wanted.network && !gathered.contains($0) } ?? false }
  }

  /// Notes what came of a cell that was at work.
  mutating func note(_ outcome: CellOutcome, of cell: Cell) {
    atWork[cell.identity] = nil
    outcomes[cell.identity] = outcome
    if let found = features(cell), outcome == .finishedNow || outcome == .finishedBefore { gathered.insert(found) }
    if outcome == .finishedNow || outcome == .failed { leadsOn = true }
    askAgain()
  }

  /// Puts a cell back whose process is gone: it is the next to be begun.
  mutating func putBack(_ cell: Cell) {
    guard atWork.removeValue(forKey: cell.identity) != nil else { return }
    waiting.insert(cell, at: 0)
  }

  /// Asks once more for those that were elsewhere, as long as that leads to runs.
  private mutating func askAgain() {
    guard isDone, leadsOn else { return }
    leadsOn = false
    waiting = candidates.filter { outcomes[$0.identity] == .elsewhere }
    for cell in waiting { outcomes[cell.identity] = nil }
  }
}
