internal import Foundations

/// The order in which a process asks for its cells: as they were planned, until another turns out to be at work; from then on at random,
/// since processes that follow each other through one order meet at every cell.
package struct WorkOrder<Element> {
  /// The next is the last.
  private var remaining: [Element]
  private var random: SeededGenerator
  private var isScattered = false

  /// - Parameter seed: another one in every process.
  package init(_ elements: [Element], seed: Int) {
    remaining = elements.reversed()
    random = (SeedPath(seed) / "order of work").generator()
  }

  package mutating func next() -> Element? {
    if isScattered, remaining.count > 1 { remaining.swapAt(random.integer(below: remaining.count), remaining.count - 1) }
    return remaining.popLast()
  }

  /// Another process is at work on what was asked for last.
  package mutating func scatter() { isScattered = true }
}
