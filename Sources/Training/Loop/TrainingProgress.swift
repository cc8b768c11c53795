/// Where a training stands, apart from its tensors: everything that the next step depends on.
///
/// Together with the tensors it makes a training go on as if it had never been stopped: order and augmentation follow from the seed
/// path and `epoch`, so no generator state is among them.
public struct TrainingProgress<ProcedureProgress: Codable & Equatable>: Equatable {
  public var loop: LoopProgress
  public var procedure: ProcedureProgress

  public init(loop: LoopProgress, procedure: ProcedureProgress) {
    self.loop = loop
    self.procedure = procedure
  }
}

extension TrainingProgress: Codable {
  // The keys of both stand side by side.
  public init(from decoder: any Decoder) throws {
    loop = try LoopProgress(from: decoder)
    procedure = try ProcedureProgress(from: decoder)
  }

  public func encode(to encoder: any Encoder) throws {
    try loop.encode(to: encoder)
    try procedure.encode(to: encoder)
  }
}

/// Where the loop stands, whatever the procedure.
public struct LoopProgress: Codable, Equatable, Sendable {
  /// The epoch under way, from 1.
  public var epoch = 1
  /// Batches of this epoch that are done.
  public var batchInEpoch = 0
  /// Steps done in all.
  public var step = 0
  /// Σ loss × samples over those of this epoch's steps whose loss has been read; all of them in a snapshot.
  public var lossSum = 0.0
  /// Samples in these steps.
  public var sampleCount = 0
  /// Training samples that could not be used, in the order they were met.
  public var broken: [BrokenSample] = []
  public var isFinished = false

  public init() {}

  /// The sample-weighted mean of the losses, or nil before the first.
  var loss: Double? { sampleCount == 0 ? nil : lossSum / Double(sampleCount) }

  mutating func beginNextEpoch() {
    epoch += 1
    batchInEpoch = 0
    lossSum = 0
    sampleCount = 0
  }
}
