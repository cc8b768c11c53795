public import Datasets
public import Foundations

/// Which samples form which batch in one epoch.
public struct BatchOrder: Sendable, Hashable {
  /// The indices of each batch; every sample is in exactly one, and the last batch may be smaller.
  public let batches: [[Int]]

  /// Divides 0..<`sampleCount` into batches.
  ///
  /// - Parameters:
  ///   - batchSize: At least 1; a smaller number counts as 1.
  ///   - path: Where the order is drawn from, as study seed / cell / epoch; nil keeps the samples in order.
  public init(sampleCount: Int, batchSize: Int, shuffledBy path: SeedPath?) {
    var order = Array(0..<max(sampleCount, 0))
    if let path {
      var random = path.appending("order").generator()
      order = random.permutation(of: order.count)
    }
    let size = max(batchSize, 1)
    batches = stride(from: 0, to: order.count, by: size).map { Array(order[$0..<min($0 + size, order.count)]) }
  }
}
