import RunStore
import Torch
import Training

extension RunSpread {
  /// - Parameter trainsNormalization: whether the network's batch normalizations are trained.
  init(_ spread: Spread, trainsNormalization: Bool) {
    self.init(
      ranks: spread.group.size, batchNormStatistics: trainsNormalization ? spread.synchronizesStatistics ? .synchronized : .ownPart : nil)
  }

  /// The part of a batch that statistics are of, as one in so many; 1 for the whole.
  private static func parts(_ spread: RunSpread?) -> Int { spread?.batchNormStatistics == .ownPart ? spread?.ranks ?? 1 : 1 }

  private static func words(_ spread: RunSpread?) -> String {
    let count = spread?.ranks ?? 1
    return "\(count) process\(count == 1 ? "" : "es")"
  }

  /// What must be said where a training goes on otherwise than it was spread until then; nil where it does not.
  ///
  /// - Throws: `ExecutionError` where it would be another training: its statistics are of other parts of a batch.
  static func remark(from before: RunSpread?, to now: RunSpread?, afterStep step: Int) throws -> String? {
    if parts(before) != parts(now) { throw ExecutionError.otherSpread(words(before), parts(before), now: words(now), parts(now), afterStep: step) }
    guard (before?.ranks ?? 1) != (now?.ranks ?? 1) else { return nil }
    return "it was trained by \(words(before)) until step \(step), and goes on with \(words(now)): the same training, whose sums are rounded otherwise from here on"
  }
}

extension ExecutionError {
  static func otherSpread(_ before: String, _ partsBefore: Int, now: String, _ partsNow: Int, afterStep step: Int) -> ExecutionError {
    func statistics(_ parts: Int) -> String { parts == 1 ? "of whole batches" : "of \(parts) parts of a batch each by itself" }
    return ExecutionError(
      kind: .otherSpread,
      problem:
        "Until step \(step) the run was trained by \(before) with batch statistics \(statistics(partsBefore)); \(now) would go on with those \(statistics(partsNow)), which is another training.",
      remedy: "Start it as it was, or delete the run's folder to begin it anew.")
  }
}
