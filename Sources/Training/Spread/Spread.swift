import Loading
public import Torch

/// How a training is spread over processes: each has a contiguous part of every batch, so that all of them together see the images of one
/// process in its order.
public struct Spread: Sendable {
  public let group: ProcessGroup
  /// Whether batch normalizations take the statistics of the whole batch; else each process those of its part, and the first one's running
  /// values are the network's.
  public let synchronizesStatistics: Bool

  public init(_ group: ProcessGroup, synchronizesStatistics: Bool) { (self.group, self.synchronizesStatistics) = (group, synchronizesStatistics) }

  /// This process's part of a batch: as many as others have, or one more where they do not come out even, the first ones first.
  func part<Element>(of batch: [Element]) -> [Element] {
    let least = batch.count / group.size, more = batch.count % group.size
    let begin = group.rank * least + min(group.rank, more)
    return Array(batch[begin..<begin + least + (group.rank < more ? 1 : 0)])
  }

  /// What the first process computes, in all of them; where it fails there, it fails everywhere.
  ///
  /// - Throws: in the first process what `body` throws; in others `TrainingError` of kind `interrupted` or `otherProcessFailed`.
  public func fromFirst(step: Int, _ body: () throws -> Double) throws -> Double {
    enum Code { static let value = 0.0, interrupted = 1.0, failed = 2.0 }
    func tell(_ code: Double, _ value: Double) throws -> [Double] { try group.sum([code, value]) }
    guard group.isFirst else {
      let told = try waitForFirst()
      switch told[0] {
      case Code.value: return told[1]
      case Code.interrupted: throw TrainingError.interrupted(afterStep: step)
      default: throw TrainingError.otherProcessFailed()
      }
    }
    let value: Double
    do {
      value = try body()
    } catch {
      _ = try tell((error as? TrainingError)?.kind == .interrupted ? Code.interrupted : Code.failed, 0)
      throw error
    }
    return try tell(Code.value, value)[1]
  }

  private func waitForFirst() throws -> [Double] { try group.sum([0, 0]) }
}

/// The batches of one process, of which some may be empty: the others have samples of these.
final class PartSource: BatchSource {
  private let loader: BatchLoader
  private var left: ArraySlice<Bool>

  /// - Parameter parts: the indices of each batch's samples that are this process's.
  init(_ parts: [[Int]], _ loader: ([[Int]]) throws -> BatchLoader) rethrows {
    self.loader = try loader(parts.filter { !$0.isEmpty })
    left = parts.map(\.isEmpty)[...]
  }

  func next() throws -> Batch? {
    guard let isEmpty = left.popFirst() else { return nil }
    return isEmpty ? Batch.none : try loader.next()
  }
}
