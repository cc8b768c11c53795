public import Datasets
public import Foundations
public import Loading
public import Metrics
public import Models
public import NeuralNetworks
public import Studies
public import Torch

/// Fine-tunes one network on labeled images, or masks: the procedure of the 2021 benchmark, for any recipe.
///
/// A step is one of the recipe's optimizer on its loss of shuffled, augmented batches. After each epoch the validation loss decides on
/// the schedule, the best weights and early stopping; at the end the best weights are in the network. What is computed depends on the
/// samples, the recipe, the seed and the number format alone.
public final class Supervised: Procedure {
  public typealias Batch = Loading.Batch

  public let network: any Network
  let task: EvaluationTask
  let splits: DatasetSplits
  let seed: SeedPath
  let numerics: NumericSetting
  public var isInMixedPrecision: Bool { numerics.precision == .bfloat16 }
  let loaders: LoaderSetting

  public let extent: TrainingExtent
  /// By what the numbers of a regression are standardized; nil for all else.
  public var numberScale: NumberScale? { task.numberScale }
  public var progress: Progress {
    didSet { optimizer.learningRate = progress.schedule.learningRate }
  }
  let optimizer: any Optimizer
  let objective: Objective
  /// How it is spread over processes; nil where it is this one's alone.
  let spread: Spread?
  /// The model state with the lowest validation loss so far.
  private var best: BestState
  /// The validation answers of that state, where this process found it and asking again would say the same; masks are compared at another size in the end.
  private var bestAnswers: Predictions?
  /// The same once the best state is in the network, until a step changes it.
  private var answersNow: Predictions?
  private(set) var brokenValidation: [BrokenSample] = []
  private(set) var brokenTest: [BrokenSample] = []

  /// - Parameters:
  ///   - network: initialized; its weights are trained in place.
  ///   - splits: with labels as the recipe's policy makes them.
  ///   - seed: the path that order and augmentation follow from.
  ///   - scoredClasses: the classes that the history's AUROC is of; nil for all.
  ///   - metrics: what the last answers are measured by beside what every task has.
  ///   - spread: the processes that train it together, of which this is one.
  public init(
    network: any Network, kind: TaskKind, recipe: Recipe, splits: DatasetSplits, seed: SeedPath, numerics: NumericSetting,
    loaders: LoaderSetting, scoredClasses: [String]? = nil, metrics: [FurtherMetric] = [], spread: Spread? = nil
  ) throws {
    self.network = network
    best = BestState(of: network.store)
    self.splits = splits
    self.seed = seed
    self.numerics = numerics
    self.loaders = loaders
    self.spread = spread
    let weights = try LossWeights(recipe, kind: kind, splits: splits, cache: loaders.cache), scale = try splits.numberScale()
    task = EvaluationTask(
      kind: kind, recipe: recipe, answerNames: splits.answerNames, scoredClasses: scoredClasses, metrics: metrics, lossWeights: weights,
      unit: splits.numbers?.unit, numberScale: scale)
    objective = try Objective(
      recipe, answer: kind.answer, weights: weights, scale: scale, on: numerics, hasUnknownPixels: kind.isSegmentation && splits.training.contains(where: \.hasUncountedPixels))
    extent = recipe.extent(sampleCount: splits.training.count)
    optimizer = try recipe.makeOptimizer(for: network)
    // Whatever else is done to gradients is done to those of the whole batch.
    if let spread { optimizer.gradientHooks.insert(GradientsOverProcesses(group: spread.group), at: 0) }
    progress = Progress(schedule: try recipe.makeSchedule(for: extent))
    optimizer.learningRate = progress.schedule.learningRate
  }

  // MARK: - A step

  public func batches(ofEpoch epoch: Int, after done: Int) throws -> any BatchSource<Batch> {
    let recipe = task.recipe
    let order = BatchOrder(
      sampleCount: splits.training.count, batchSize: recipe.batchSize, shuffledBy: recipe.shuffle ? Self.epochSeed(seed, epoch) : nil)
    let pipeline = try SamplePipeline(recipe: recipe, kind: task.kind, stage: .training, cache: loaders.cache)
    let left = Array(order.batches.dropFirst(done))
    func loader(_ batches: [[Int]]) throws -> BatchLoader {
      try BatchLoader(
        samples: splits.training, batches: batches, pipeline: pipeline, seed: Self.augmentationSeed(seed, epoch), workers: loaders.workers,
        prefetch: loaders.prefetch)
    }
    guard let spread else { return try loader(left) }
    return try PartSource(left.map { spread.part(of: $0) }, loader)
  }

  private static func epochSeed(_ seed: SeedPath, _ epoch: Int) -> SeedPath { seed / "epoch" / epoch }

  /// Where the variations of an epoch (from 1) are drawn from, each sample's below its id.
  public static func augmentationSeed(_ seed: SeedPath, _ epoch: Int) -> SeedPath { epochSeed(seed, epoch) / "augmentation" }

  public func step(on batches: [Batch], at position: TrainingPosition) throws -> Tensor {
    answersNow = nil
    if let spread {
      try checkSpreadBatches(batches, at: position, spread)
      let loss = try spreadStep(on: batches, spread)
      progress.schedule.finishStep()
      return loss
    }
    for batch in batches where batch.sampleCount == 1 {
      guard try SingleImageBatch.isRefused(by: task.recipe) else { break }
      throw TrainingError.singleImageBatch(
        epoch: position.epoch, step: position.step, inputSize: task.recipe.inputSize, broken: batch.broken.count)
    }
    let loss = try optimizer.step(on: batches, sampleCount: \.sampleCount) { batch in
      let tensors = try BatchTensors(batch, numerics: numerics)
      return try numerics.computing {
        try objective(logits: network(tensors.images, mode: .training), targets: tensors.targets)
      }
    }
    progress.schedule.finishStep()
    return loss
  }

  public var learningRate: Double { progress.schedule.latestLearningRate }

  // MARK: - An epoch's end

  /// Validates, updates the best weights, the learning rate and the patience.
  public func closeEpoch(at position: TrainingPosition, watcher: EvaluationWatcher) throws -> EpochVerdict {
    var answers: Predictions?
    func validationLoss() throws -> Double {
      let outcome = try evaluate(.validation, comparesOriginals: false, watcher: watcher)
      answers = outcome.predictions
      return outcome.loss
    }
    try spread?.requireSame(network.store.trainableParameters, step: position.step)
    // One process asks, and all of them decide by it.
    let loss = try spread?.fromFirst(step: position.step, validationLoss) ?? validationLoss()
    // Parameters or remembered variances can be lost in a step whose own loss was still a number.
    guard loss.isFinite else {
      throw TrainingError.validationLossNotFinite(
        epoch: position.epoch, step: position.step, loss: loss, learningRate: learningRate, isMixed: isInMixedPrecision)
    }
    if progress.selection.isBest(loss, ofEpoch: position.epoch, preferring: .lower) {
      try best.keep()
      bestAnswers = task.kind.isSegmentation ? nil : answers
    }
    progress.schedule.finishEpoch(validationLoss: loss)
    return EpochVerdict(
      validation: ValidationRecord(loss: loss, metrics: answers?.headline(of: task.kind) ?? [:]),
      endsTraining: progress.selection.exceeds(patience: task.recipe.earlyStoppingPatience))
  }

  public func finish() throws {
    try best.putBack()
    answersNow = bestAnswers
  }

  /// The answers of the network as it is on the validation set, one view an image.
  public func validate(watcher: EvaluationWatcher) throws -> Predictions {
    try answersNow ?? evaluate(.validation, comparesOriginals: true, watcher: watcher).predictions
  }

  /// The answers of the network as it is on the test set. `brokenTest` names the test images that have none.
  public func test(watcher: EvaluationWatcher) throws -> Predictions {
    try evaluate(.test, comparesOriginals: true, watcher: watcher).predictions
  }

  private func evaluate(
    _ part: DatasetPart, comparesOriginals: Bool, watcher: EvaluationWatcher
  ) throws -> Evaluation.Outcome {
    let samples = splits[part]
    let evaluation = Evaluation(
      network: network, task: task, numerics: numerics, loaders: loaders, comparesOriginals: comparesOriginals)
    let outcome = try evaluation.run(samples, stage: part == .test ? .test : .validation, watcher: watcher)
    if part == .test { brokenTest = outcome.broken } else { brokenValidation = outcome.broken }
    try BrokenFileRule(limit: task.recipe.brokenFileLimit).check(outcome.broken, of: samples.count)
    if outcome.sampleCount == 0 { throw TrainingError.nothingToTrainOn(part.rawValue) }
    return outcome
  }

  // MARK: - State

  public static let partNames = ["model", "optimizer", BestState.partName]

  public var state: [StatePart] {
    [StatePart("model", network.store.state), StatePart("optimizer", optimizer.state)] + best.parts
  }

  public func restore(_ parts: [String: [String: Tensor]]) throws {
    (bestAnswers, answersNow) = (nil, nil)
    try best.restore(parts)
    try network.store.load(parts["model", default: [:]])
    try optimizer.restore(parts["optimizer", default: [:]])
  }
}

extension Supervised {
  /// Where a supervised training stands.
  public struct Progress: Equatable, Sendable {
    /// By the validation loss.
    public var selection = EpochSelection()
    /// The learning rate's rule and where it stands; its `learningRate` is the one of the next step.
    public var schedule: NeuralNetworks.LearningRateSchedule
  }
}

extension Supervised.Progress: Codable {
  // Snapshots of earlier versions hold these keys beside the loop's.
  private enum Key: String, CodingKey { case bestLoss, bestEpoch, epochsWithoutImprovement, schedule }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    schedule = try container.decode(NeuralNetworks.LearningRateSchedule.self, forKey: .schedule)
    selection = EpochSelection(
      best: try container.decodeIfPresent(Double.self, forKey: .bestLoss), epoch: try container.decodeIfPresent(Int.self, forKey: .bestEpoch),
      epochsWithoutImprovement: try container.decode(Int.self, forKey: .epochsWithoutImprovement))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encodeIfPresent(selection.best, forKey: .bestLoss)
    try container.encodeIfPresent(selection.epoch, forKey: .bestEpoch)
    try container.encode(selection.epochsWithoutImprovement, forKey: .epochsWithoutImprovement)
    try container.encode(schedule, forKey: .schedule)
  }
}

extension TrainingLoop where Kind == Supervised {
  /// The answers of the best weights on the validation set, once `train` has returned.
  public func validate() throws -> Predictions { try procedure.validate(watcher: watcher(of: .validation, isFinal: true)) }

  /// The answers of the best weights on the test set. `broken` names the test images that have none.
  public func test() throws -> Predictions { try procedure.test(watcher: watcher(of: .test, isFinal: true)) }

  /// The images that could not be used so far, also where a run fails because of them.
  public var broken: BrokenSamples {
    BrokenSamples(training: progress.broken, validation: procedure.brokenValidation, test: procedure.brokenTest)
  }
}

extension Loading.Batch: TrainingBatch {
  public var sampleCount: Int { indices.count }

  public var unusable: [BrokenSample] { broken.map { BrokenSample(id: $0.id, reason: $0.reason) } }
}

extension BatchLoader: BatchSource {}
