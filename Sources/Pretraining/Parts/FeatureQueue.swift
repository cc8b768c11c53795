import Torch

/// The keys of the latest images, first in, first out: `[count, size]`, unit rows (He et al., “Momentum Contrast”, 2020, section 3.1).
final class FeatureQueue {
  /// In the order of storage, not of age.
  let rows: Tensor
  let count: Int
  private let position: Counter
  private let seen: Counter

  /// Begins with rows in random directions, or with zeros.
  init(_ memory: Memory, name: String = "queue", count: Int, size: Int, beginsRandom: Bool = true) throws {
    self.count = count
    rows = beginsRandom ? try memory.addUnitRows(name, count: count, size: size) : try memory.add(name, shape: [count, size])
    position = try memory.addCounter("\(name)_position")
    seen = try memory.addCounter("\(name)_seen")
  }

  /// Whether every row is of an image.
  var isFull: Bool { seen.value >= count }

  /// Puts keys in the place of the oldest. Of more keys than it holds, the last stay.
  func enqueue(_ keys: Tensor) throws {
    let arriving = keys.shape[0], kept = min(arriving, count)
    let latest = try keys.detach().narrow(along: 0, start: arriving - kept, count: kept)
    let untilEnd = min(kept, count - position.value)
    try withoutGradient {
      _ = try rows.narrow(along: 0, start: position.value, count: untilEnd).copy(from: latest.narrow(along: 0, start: 0, count: untilEnd))
      if kept > untilEnd {
        _ = try rows.narrow(along: 0, start: 0, count: kept - untilEnd).copy(
          from: latest.narrow(along: 0, start: untilEnd, count: kept - untilEnd))
      }
    }
    try position.set((position.value + kept) % count)
    try seen.set(min(seen.value + arriving, count))
  }
}
