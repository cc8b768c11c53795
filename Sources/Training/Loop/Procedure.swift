internal import Foundation
internal import Foundations
public import Torch

/// One kind of training: what a step is, what it must remember, and what is thought of it at an epoch's end. `TrainingLoop` does all
/// that is around it: epochs, the count of steps, records, snapshots, requests to stop, and going on from a snapshot.
///
/// A procedure owns its networks, its optimizer and its data. What its next step depends on is in `progress` and `state`, and in what it
/// was made of; it draws random numbers from seed paths (epoch, sample), never from a generator that remembers. Then a training
/// that was killed at any moment ends in the same bytes as one that was not, which `ProcedureLaws` tests for every procedure.
public protocol Procedure: AnyObject {
  /// What a step learns from: some samples, prepared.
  associatedtype Batch: TrainingBatch
  /// Where it stands apart from its tensors, such as its schedule and the best epoch. Its keys stand beside the loop's own in a snapshot,
  /// so none may be one of `LoopProgress`.
  associatedtype Progress: Codable & Equatable

  /// How long it goes, and on how much.
  var extent: TrainingExtent { get }

  /// Called before the first step, of a training that has none behind it: to look at what it starts from. By default nothing is done.
  ///
  /// - Parameter watcher: as in `closeEpoch`.
  func begin(watcher: EvaluationWatcher) throws

  /// The batches of an epoch, in an order that depends on the epoch alone.
  ///
  /// - Parameters:
  ///   - epoch: from 1.
  ///   - done: how many of them a training that goes on has behind it.
  func batches(ofEpoch epoch: Int, after done: Int) throws -> any BatchSource<Batch>

  /// One step of the optimizer. It must not wait for the device: it neither reads a tensor nor asks one a question.
  ///
  /// - Parameters:
  ///   - batches: `extent.batchesPerStep` of them, or fewer at an epoch's end; none of them without samples.
  ///   - position: the epoch under way, and the number of this step.
  /// - Returns: the mean loss of the batches before the step, a scalar on the device, detached.
  func step(on batches: [Batch], at position: TrainingPosition) throws -> Tensor

  /// The learning rate of the latest step.
  var learningRate: Double { get }

  /// Whether each of several processes that train it together has all of every batch and divides the work by itself; by default it has a part.
  var seesWholeBatches: Bool { get }

  /// Whether its steps are in mixed precision; not so by default.
  var isInMixedPrecision: Bool { get }

  /// Judges the epoch whose last step was made: validates or probes, keeps the best state, moves the schedule.
  ///
  /// - Parameters:
  ///   - position: the epoch, and the steps so far.
  ///   - watcher: told after each part of a validation how many samples of how many are done; may be left uncalled. It throws to leave
  ///     the validation, so nothing of `state` and `progress` may have changed by then.
  func closeEpoch(at position: TrainingPosition, watcher: EvaluationWatcher) throws -> EpochVerdict

  /// Called once after the last epoch, also in a process that finds the training finished: puts the chosen state in place.
  func finish() throws

  var progress: Progress { get set }

  /// The tensors that the next step depends on, in parts, in a fixed order.
  var state: [StatePart] { get }

  /// The names that a part of `state` can have; a snapshot with another is of something else.
  static var partNames: [String] { get }

  /// Copies a state back, as `state` gave it: by the names of parts, then of tensors. `progress` is set just before.
  ///
  /// - Throws: `NeuralNetworksError` for a tensor that is missing, left over, or of another shape.
  func restore(_ parts: [String: [String: Tensor]]) throws
}

extension Procedure {
  public var isInMixedPrecision: Bool { false }
  public var seesWholeBatches: Bool { false }
  public func begin(watcher: EvaluationWatcher) throws {}
}

/// Some of the samples of an epoch, prepared for a step.
public protocol TrainingBatch {
  /// Samples that can be learned from; 0 where none of the batch's could be read.
  var sampleCount: Int { get }
  /// Samples that could not be read and are not in it.
  var unusable: [BrokenSample] { get }
}

/// The batches of an epoch, one after another.
public protocol BatchSource<Batch> {
  associatedtype Batch

  /// The next one, or nil after the last.
  func next() throws -> Batch?
}

/// How long a training goes, and on how much.
public struct TrainingExtent: Sendable, Equatable {
  /// The most epochs.
  public var epochs: Int
  /// The most optimizer steps; nil for no such limit.
  public var maximumSteps: Int?
  /// Samples in an epoch.
  public var sampleCount: Int
  /// Samples in a batch; an epoch's last may have fewer.
  public var batchSize: Int
  /// Batches whose gradients are one step's.
  public var batchesPerStep: Int
  /// The fraction of unusable samples (0…1) above which the training fails.
  public var brokenFileLimit: Double

  public init(
    epochs: Int, maximumSteps: Int? = nil, sampleCount: Int, batchSize: Int, batchesPerStep: Int = 1, brokenFileLimit: Double = 0
  ) {
    self.epochs = epochs
    self.maximumSteps = maximumSteps
    self.sampleCount = sampleCount
    self.batchSize = batchSize
    self.batchesPerStep = batchesPerStep
    self.brokenFileLimit = brokenFileLimit
  }

  /// Steps in an epoch of which every batch has a sample that can be used.
  public var stepsPerEpoch: Int {
    func quotient(_ count: Int, _ size: Int) -> Int { (count + size - 1) / max(size, 1) }
    return quotient(quotient(sampleCount, batchSize), batchesPerStep)
  }

  /// Steps of the whole training, if it does not stop early.
  public var stepCount: Int { min(epochs * stepsPerEpoch, maximumSteps ?? .max) }
}

/// A place in a training.
public struct TrainingPosition: Sendable, Equatable {
  /// From 1.
  public let epoch: Int
  /// Over the whole training, from 1.
  public let step: Int

  public init(epoch: Int, step: Int) { (self.epoch, self.step) = (epoch, step) }
}

/// Tensors of a state that belong together, such as those of a network.
public struct StatePart {
  /// What stands before a dot in a snapshot: `model`.
  public let name: String
  public let tensors: [(name: String, tensor: Tensor)]

  public init(_ name: String, _ tensors: [(name: String, tensor: Tensor)]) {
    self.name = name
    self.tensors = tensors
  }

  /// A digest by which two states of a training are told apart: of the first row of every tensor, since a step changes every row of a network,
  /// and so does whatever computes a step otherwise.
  func digest() throws -> String {
    let hasher = Digest.Hasher()
    for (name, tensor) in tensors {
      hasher.update(Data(name.utf8))
      hasher.update(try (tensor.dimensionCount > 1 ? tensor.narrow(along: 0, start: 0, count: min(1, tensor.shape[0])) : tensor).bytes())
    }
    return hasher.finalizeHex()
  }
}

/// What a procedure thinks of an epoch.
public struct EpochVerdict {
  /// What the validation set says; nil where there is none.
  public let validation: ValidationRecord?
  /// Whether the training is to end here, before its last epoch.
  public let endsTraining: Bool

  public init(validation: ValidationRecord?, endsTraining: Bool) {
    self.validation = validation
    self.endsTraining = endsTraining
  }
}
