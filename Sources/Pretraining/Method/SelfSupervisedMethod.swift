public import Foundations
public import Models
import NeuralNetworks
public import Torch

/// A self-supervised method at work: views × topology × heads × memory × objective. It owns what it makes of its `MethodMaterials`; the
/// procedure `SelfSupervised` owns the backbone, the optimizer and the loop's side of things, and calls it in this order:
///
///     beginEpoch                                  once an epoch, before its first step: k-means over a bank
///       beginStep                                 once a step: a momentum encoder that moves before its keys are computed
///         loss(of:at:)                            once a batch of the step, usually one; then the backward pass
///       finishBackward                            once a step: gradients that are not to act are cleared
///       finishStep                                once a step, after the optimizer: momentum encoder, queue, bank, center
///
/// All that a next step depends on lies in the stores of its materials, so a snapshot holds it by construction. It draws random numbers
/// from the moment's seed alone, and none of these functions waits for the device but `beginEpoch`.
public protocol SelfSupervisedMethod: AnyObject {
  /// The mean loss of a batch, a scalar to be differentiated, in float32 or float64 whatever the precision of the networks.
  func loss(of batch: ViewBatch, at moment: Moment) throws -> Tensor

  func beginEpoch(_ beginning: EpochBeginning) throws
  func beginStep(at moment: Moment) throws
  func finishBackward(at moment: Moment) throws
  func finishStep(at moment: Moment) throws

  /// The backbone that is the result, for a probe and for whoever trains it further: f of the online network, or a teacher's.
  var result: BackboneNetwork { get }

  /// What collapse is seen in.
  ///
  /// - Parameter views: one view of some images, `[batch, channels, height, width]`.
  func inspect(_ views: Tensor) throws -> Inspection
}

extension SelfSupervisedMethod {
  public func beginEpoch(_ beginning: EpochBeginning) throws {}
  public func beginStep(at moment: Moment) throws {}
  public func finishBackward(at moment: Moment) throws {}
  public func finishStep(at moment: Moment) throws {}
}

/// What a method makes of some images, before any loss.
public struct Inspection {
  /// z, what the objective compares, not normalized: `[batch, dimensions]`.
  public let embedding: Tensor
  /// Softmax scores over prototypes or outputs, rows that sum to 1: `[batch, codes]`; nil for a method without them.
  public let codes: Tensor?

  public init(embedding: Tensor, codes: Tensor? = nil) {
    self.embedding = embedding
    self.codes = codes
  }
}

/// A place in a pre-training, as a method sees it.
public struct Moment: Sendable {
  /// From 1.
  public let epoch: Int
  /// Of the whole training, from 1.
  public let step: Int
  /// Steps of an epoch and of the whole training, if it does not stop early.
  public let stepsPerEpoch: Int
  public let stepCount: Int
  public let epochCount: Int
  /// What random numbers of this step and batch are drawn from; a method adds the purpose.
  public let seed: SeedPath

  public init(epoch: Int, step: Int, stepsPerEpoch: Int, stepCount: Int, epochCount: Int, seed: SeedPath) {
    self.epoch = epoch
    self.step = step
    self.stepsPerEpoch = stepsPerEpoch
    self.stepCount = stepCount
    self.epochCount = epochCount
    self.seed = seed
  }

  /// A generator on the CPU for one purpose of this step.
  func generator(for purpose: String) throws -> Generator { try Generator(seed: (seed / purpose).seed) }
}

/// What a method may do before an epoch's first step: look at all images.
public struct EpochBeginning {
  /// From 1.
  public let epoch: Int
  public let source: any ViewSource
  public let seed: SeedPath

  public init(epoch: Int, source: any ViewSource, seed: SeedPath) {
    self.epoch = epoch
    self.source = source
    self.seed = seed
  }
}
