import Foundations
import Torch
import Training

/// The unit embeddings that the images had when they were last seen, one bank for each of some views, and the clusters that they were put
/// into at the epoch's beginning: what DeepCluster-v2 and SeLa-v2 remember.
///
/// An image that the epoch left out, since whole batches are made, keeps its former row.
final class EpochBank {
  /// One for each view, `[images, size]`; zeros for an image that was never seen.
  let banks: [Tensor]
  /// One for each set of clusters, `[images]`, int64; −100 for an image without a cluster.
  let assignments: [Tensor]
  private var pending: [(indices: Tensor, rows: [Tensor])] = []

  init(_ memory: Memory, views: Int, sets: Int, count: Int, size: Int) throws {
    banks = try (0..<views).map { try memory.add("bank_\($0)", shape: [count, size]) }
    assignments = try (0..<sets).map { try memory.add("assignments_\($0)", shape: [count], value: -100, type: .int64) }
  }

  /// Keeps a batch's embeddings until `write`, so that a step's assignments and banks are those of its beginning.
  ///
  /// - Parameter rows: of each view that has a bank, `[batch, size]`.
  func note(_ indices: Tensor, _ rows: [Tensor]) throws { pending.append((indices, try rows.map { try $0.detach() })) }

  func write() throws {
    try withoutGradient {
      for (indices, rows) in pending {
        for (bank, row) in zip(banks, rows) { try bank.indexPutInPlace([indices], values: row) }
      }
    }
    pending = []
  }

  /// Looks at every image once, before the first epoch.
  ///
  /// - Parameter embed: the unit embeddings of the views that have a bank.
  func fill(_ source: any ViewSource, embed: (ViewBatch) throws -> [Tensor]) throws {
    let batches = try source.batches(ofEpoch: 0, after: 0)
    while let batch = try batches.next() {
      if batch.sampleCount == 0 { continue }
      try note(batch.indexTensor(), withoutGradient { try embed(batch) })
      try write()
    }
  }

  /// Puts the images that were seen into the clusters of a set. Waits for the device.
  ///
  /// - Parameters:
  ///   - set: which of the `assignments`; its bank is the one of view `set` modulo the views.
  ///   - needed: images that there must be.
  ///   - label: given the rows, the cluster of each, int64.
  func assign(set: Int, needed: Int, label: (Tensor) throws -> Tensor) throws {
    try withoutGradient {
      let bank = banks[set % banks.count]
      let seen = try (bank.square().sum(over: [1]) .> 0.5).nonzero().flatten()
      guard seen.elementCount >= needed else {
        throw PretrainingError.tooFewSamples(seen.elementCount, needed: needed, reason: "a clustering into \(needed)")
      }
      _ = try assignments[set].fillInPlace(-100)
      try assignments[set].indexPutInPlace([seen], values: label(bank.indexSelect(along: 0, seen)))
    }
  }

  /// The clusters of a batch's images in each set, `[batch]`.
  func clusters(of indices: Tensor) throws -> [Tensor] { try assignments.map { try $0.indexSelect(along: 0, indices) } }
}
