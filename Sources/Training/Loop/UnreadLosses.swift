import Dispatch
import Torch

/// Losses of steps that the device may still be computing.
///
/// Asking for a number waits until everything before it is computed, and a GPU then stands still until the next step has been
/// prepared. So losses are kept as tensors and read together.
struct UnreadLosses {
  struct Entry {
    let loss: Tensor
    let position: TrainingPosition
    let learningRate: Double
    let sampleCount: Int
  }

  /// Losses that are kept at most, and seconds after which they are read anyway, for whoever watches. Neither changes what is read.
  static let limit = 100
  static let seconds = 1.0

  private var entries: [Entry] = []
  private var lastReading: Double
  private let clock: () -> Double

  /// - Parameter clock: seconds that only grow.
  init(clock: @escaping () -> Double = { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }) {
    self.clock = clock
    lastReading = clock()
  }

  mutating func append(_ entry: Entry) { entries.append(entry) }

  /// Whether it is time to read, although nothing needs the numbers yet.
  var areDue: Bool { entries.count >= Self.limit || clock() - lastReading >= Self.seconds }

  /// Waits for all, and hands them out in order; none is kept.
  mutating func read() throws -> [(entry: Entry, value: Double)] {
    lastReading = clock()
    if entries.isEmpty { return [] }
    defer { entries = [] }
    // A float32 is the same number as a float64, so the values are those that each loss by itself would have given.
    return try Array(zip(entries, stack(entries.map(\.loss)).doubles()))
  }
}
