public import NeuralNetworks

/// Where a training stands, apart from its tensors: everything that the next step depends on.
///
/// Together with the tensors of the model, the optimizer and the best model so far it makes a training go on as if it had
/// never been stopped: order and augmentation follow from the seed path and `epoch`, so no generator state is among them.
public struct TrainingProgress: Codable, Equatable, Sendable {
  /// The epoch under way, from 1.
  public var epoch = 1
  /// Batches of this epoch that are done.
  public var batchInEpoch = 0
  /// Steps done in all.
  public var step = 0
  /// Σ loss × samples over this epoch's steps.
  public var lossSum = 0.0
  /// Samples in this epoch's steps.
  public var sampleCount = 0
  /// The lowest validation loss so far, and the epoch that reached it.
  public var bestLoss: Double?
  public var bestEpoch: Int?
  /// Epochs since then.
  public var epochsWithoutImprovement = 0
  /// The learning rate's rule and where it stands; its `learningRate` is the one of the epoch under way.
  public var schedule: NeuralNetworks.LearningRateSchedule
  /// Training samples that could not be used, in the order they were met.
  public var broken: [BrokenSample] = []
  public var isFinished = false

  public init(schedule: NeuralNetworks.LearningRateSchedule) { self.schedule = schedule }
}
