import Foundation
public import Studies

/// Which cells run in which task of which job array: what others start from first, and small cells together.
public struct TaskArrays: Sendable, Equatable {
  /// One job array.
  public struct Array: Sendable, Equatable {
    /// The cells of each task, which run one after another.
    public let tasks: [[Cell]]
    /// The arrays, by their places among all, that have to end before.
    public let after: [Int]
  }

  public let arrays: [Array]

  /// - Parameters:
  ///   - open: the cells that are to be run, each after what it starts from.
  ///   - seconds: how long each takes, about; nil where nothing is known, which makes it a task of its own.
  ///   - atLeast: seconds that a task should last, so that a scheduler is not kept busy with starting.
  ///   - largest: the most tasks of an array.
  public init(open: [Cell], seconds: (Cell) -> Double?, atLeast: Double, largest: Int) {
    let openIdentities = Set(open.map(\.identity)), sources = Set(open.compactMap(\.source)).intersection(openIdentities)
    var depth: [String: Int] = [:]
    for cell in open { depth[cell.identity] = cell.source.flatMap { depth[$0] }.map { $0 + 1 } ?? 0 }
    var arrays: [Array] = []
    /// Where the arrays of sources of each depth are.
    var ofSources: [Int: [Int]] = [:]
    for level in 0...(depth.values.max() ?? 0) {
      let cells = open.filter { depth[$0.identity] == level }
      // What others wait for does not wait for the rest to end.
      for isSource in [true, false] {
        let tasks = Self.packed(cells.filter { sources.contains($0.identity) == isSource }, seconds: seconds, atLeast: isSource ? 0 : atLeast)
        for first in stride(from: 0, to: tasks.count, by: max(largest, 1)) {
          let chunk = Swift.Array(tasks[first..<min(first + max(largest, 1), tasks.count)])
          if isSource { ofSources[level, default: []].append(arrays.count) }
          arrays.append(Array(tasks: chunk, after: level == 0 ? [] : ofSources[level - 1] ?? []))
        }
      }
    }
    self.arrays = arrays
  }

  /// Cells of one task of the study, one mode and one fraction together, until they last long enough.
  private static func packed(_ cells: [Cell], seconds: (Cell) -> Double?, atLeast: Double) -> [[Cell]] {
    struct Kind: Hashable {
      let task: String
      let mode: FineTuningMode
      let fraction: TrainingFraction
    }
    var tasks: [[Cell]] = [], open: [Kind: (cells: [Cell], seconds: Double)] = [:], order: [Kind] = []
    for cell in cells {
      let kind = Kind(task: cell.task, mode: cell.mode, fraction: cell.fraction)
      if open[kind] == nil { order.append(kind) }
      var pack = open[kind] ?? ([], 0)
      pack.cells.append(cell)
      pack.seconds += seconds(cell) ?? .infinity
      if pack.seconds >= atLeast {
        tasks.append(pack.cells)
        pack = ([], 0)
      }
      open[kind] = pack
    }
    // What is left of the kinds goes together, as far as it is short.
    var rest: [Cell] = [], length = 0.0
    for kind in order {
      guard let pack = open[kind], !pack.cells.isEmpty else { continue }
      rest += pack.cells
      length += pack.seconds
      if length >= atLeast {
        tasks.append(rest)
        (rest, length) = ([], 0)
      }
    }
    return rest.isEmpty ? tasks : tasks + [rest]
  }
}
