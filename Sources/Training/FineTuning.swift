public import Datasets
public import Foundations
public import Metrics
public import Models
import NeuralNetworks
public import Studies
import Torch

/// Fine-tunes one network on one task: the loop of the 2021 benchmark, for any recipe.
///
/// Epochs of shuffled, augmented batches; after each the validation loss decides on the schedule, the best weights and
/// early stopping; at the end the best weights are in the network. What is computed depends on the samples, the recipe,
/// the seed and the number format alone. A snapshot between any two steps, restored later, goes on to the same bytes.
public final class FineTuning {
  public let network: any Network
  let task: EvaluationTask
  let splits: DatasetSplits
  let seed: SeedPath
  let numerics: NumericSetting
  let loaders: LoaderSetting
  let recorder: any RunRecorder

  let optimizer: any Optimizer
  var progress: TrainingProgress
  /// The step that a snapshot led to, or nil for a training from its beginning.
  public private(set) var resumedAfterStep: Int?
  /// Images in steps of this process.
  public private(set) var imagesTrainedNow = 0
  private var brokenValidation: [BrokenSample] = []
  private var brokenTest: [BrokenSample] = []
  /// The model state with the lowest validation loss so far, in the order of the network's state.
  var best: [Tensor]?

  /// - Parameters:
  ///   - network: initialized; its weights are trained in place.
  ///   - splits: with labels as the recipe's policy makes them.
  ///   - seed: the path that order and augmentation follow from.
  ///   - scoredClasses: the classes that the history's AUROC is of; nil for all.
  ///   - metrics: what the last answers are measured by beside what every task has.
  public init(
    network: any Network, kind: TaskKind, recipe: Recipe, splits: DatasetSplits, seed: SeedPath, numerics: NumericSetting,
    loaders: LoaderSetting, recorder: any RunRecorder, scoredClasses: [String]? = nil, metrics: [FurtherMetric] = []
  ) throws {
    self.network = network
    self.task = EvaluationTask(kind: kind, recipe: recipe, classNames: splits.classNames, scoredClasses: scoredClasses, metrics: metrics)
    self.splits = splits
    self.seed = seed
    self.numerics = numerics
    self.loaders = loaders
    self.recorder = recorder
    optimizer = try recipe.makeOptimizer(for: network)
    progress = try TrainingProgress(schedule: recipe.makeSchedule())
  }

  /// Goes to the recorder's last snapshot, where there is one.
  public func prepare() throws {
    guard let snapshot = try recorder.restore() else { return }
    try restore(snapshot)
    resumedAfterStep = progress.step
  }

  /// Trains until the recipe says stop. On return the network holds the best weights. Call `prepare` first.
  public func train() throws {
    while !progress.isFinished {
      try trainEpoch()
      let record = try closeEpoch()
      try recorder.record(record)
      observe(.validation, done: splits.validation.count, of: splits.validation.count, loss: record.validation.loss, record: record)
      if recorder.snapshotIsDue() { try recorder.save(snapshot()) }
    }
    if let best { try load(best) }
  }

  /// The answers of the best weights on the validation set, one view an image.
  public func validate() throws -> Predictions {
    try evaluate(splits.validation, stage: .validation, phase: .validation, name: "validation", comparesOriginals: true).predictions
  }

  /// The answers of the best weights on the test set. `broken` names the test images that have none.
  public func test() throws -> Predictions {
    try evaluate(splits.test, stage: .test, phase: .test, name: "test", comparesOriginals: true).predictions
  }

  /// The images that could not be used so far, also where a run fails because of them.
  public var broken: BrokenSamples {
    BrokenSamples(training: progress.broken, validation: brokenValidation, test: brokenTest)
  }

  // MARK: - One epoch

  private static func epochSeed(_ seed: SeedPath, _ epoch: Int) -> SeedPath { seed / "epoch" / epoch }

  /// Where the variations of an epoch (from 1) are drawn from, each sample's below its id.
  public static func augmentationSeed(_ seed: SeedPath, _ epoch: Int) -> SeedPath { epochSeed(seed, epoch) / "augmentation" }

  private func trainEpoch() throws {
    let recipe = task.recipe
    let epochSeed = Self.epochSeed(seed, progress.epoch)
    let order = BatchOrder(
      sampleCount: splits.training.count, batchSize: recipe.batchSize, shuffledBy: recipe.shuffle ? epochSeed : nil)
    let remaining = Array(order.batches.dropFirst(progress.batchInEpoch))
    let loader = BatchLoader(
      samples: splits.training, batches: remaining,
      pipeline: try SamplePipeline(recipe: recipe, kind: task.kind, stage: .training, cache: loaders.cache),
      seed: Self.augmentationSeed(seed, progress.epoch),
      workers: loaders.workers, prefetch: loaders.prefetch)
    while !stepLimitIsReached, let batch = try loader.next() {
      try note(batch.broken)
      if !batch.indices.isEmpty { try step(on: batch) }
      progress.batchInEpoch += 1
      observe(.training, done: min(progress.batchInEpoch * recipe.batchSize, splits.training.count), of: splits.training.count, loss: runningLoss)
      if recorder.stopIsRequested() {
        try recorder.save(snapshot())
        throw TrainingError.interrupted(afterStep: progress.step)
      }
      if recorder.snapshotIsDue() { try recorder.save(snapshot()) }
    }
    if progress.sampleCount == 0 { throw TrainingError.nothingToTrainOn("training") }
  }

  private func step(on batch: Batch) throws {
    if batch.indices.count == 1, try SingleImageBatch.isRefused(by: task.recipe) {
      throw TrainingError.singleImageBatch(
        epoch: progress.epoch, step: progress.step + 1, inputSize: task.recipe.inputSize, broken: batch.broken.count)
    }
    let tensors = try BatchTensors(batch, numerics: numerics)
    try optimizer.zeroGradients()
    let loss = try numerics.computing {
      try Objective(task.recipe)(logits: network(tensors.images, mode: .training), targets: tensors.targets)
    }
    let value = try loss.item()
    guard value.isFinite else {
      throw TrainingError.lossNotFinite(
        epoch: progress.epoch, step: progress.step + 1, loss: value, learningRate: optimizer.learningRate)
    }
    try loss.backward()
    try optimizer.step()
    progress.step += 1
    progress.lossSum += value * Double(tensors.sampleCount)
    progress.sampleCount += tensors.sampleCount
    imagesTrainedNow += tensors.sampleCount
    try recorder.record(StepRecord(epoch: progress.epoch, loss: value, step: progress.step))
  }

  /// Validates, updates the best weights, the learning rate and the patience, and goes to the next epoch.
  private func closeEpoch() throws -> EpochRecord {
    let outcome = try evaluate(splits.validation, stage: .validation, phase: .validation, name: "validation")
    // Parameters or remembered variances can be lost in a step whose own loss was still a number.
    guard outcome.loss.isFinite else {
      throw TrainingError.validationLossNotFinite(
        epoch: progress.epoch, step: progress.step, loss: outcome.loss, learningRate: optimizer.learningRate)
    }
    let record = EpochRecord(
      epoch: progress.epoch, learningRate: optimizer.learningRate, trainingLoss: runningLoss ?? .nan,
      validation: ValidationRecord(loss: outcome.loss, metrics: outcome.predictions.headline))
    if progress.bestLoss.map({ outcome.loss < $0 }) ?? true {
      progress.bestLoss = outcome.loss
      progress.bestEpoch = progress.epoch
      progress.epochsWithoutImprovement = 0
      best = try withoutGradient { try network.store.state.map { try $0.tensor.clone() } }
    } else {
      progress.epochsWithoutImprovement += 1
    }
    progress.schedule.finishEpoch(validationLoss: outcome.loss)
    optimizer.learningRate = progress.schedule.learningRate
    let patienceIsOver = task.recipe.earlyStoppingPatience.map { progress.epochsWithoutImprovement > $0 } ?? false
    progress.isFinished = patienceIsOver || progress.epoch >= task.recipe.epochs || stepLimitIsReached
    progress.epoch += 1
    progress.batchInEpoch = 0
    progress.lossSum = 0
    progress.sampleCount = 0
    return record
  }

  private func evaluate(
    _ samples: [Sample], stage: SamplePipeline.Stage, phase: TrainingNews.Phase, name: String, comparesOriginals: Bool = false
  ) throws -> Evaluation.Outcome {
    let evaluation = Evaluation(
      network: network, task: task, numerics: numerics, loaders: loaders, comparesOriginals: comparesOriginals)
    let outcome = try evaluation.run(samples, stage: stage) { done in
      observe(phase, done: done, of: samples.count, loss: runningLoss)
    }
    if phase == .test { brokenTest = outcome.broken } else { brokenValidation = outcome.broken }
    try BrokenFileRule(limit: task.recipe.brokenFileLimit).check(outcome.broken, of: samples.count)
    if outcome.sampleCount == 0 { throw TrainingError.nothingToTrainOn(name) }
    return outcome
  }

  // MARK: - Small parts

  private var runningLoss: Double? { progress.sampleCount == 0 ? nil : progress.lossSum / Double(progress.sampleCount) }

  private var stepLimitIsReached: Bool { task.recipe.maximumSteps.map { progress.step >= $0 } ?? false }

  /// Notes training samples that could not be used, each once, and stops the run when they are too many.
  private func note(_ broken: [BrokenFile]) throws {
    for file in broken where !progress.broken.contains(where: { $0.id == file.id }) {
      progress.broken.append(BrokenSample(id: file.id, reason: file.reason))
    }
    try BrokenFileRule(limit: task.recipe.brokenFileLimit).check(progress.broken, of: splits.training.count)
  }

  private func observe(_ phase: TrainingNews.Phase, done: Int, of count: Int, loss: Double?, record: EpochRecord? = nil) {
    recorder.observe(
      TrainingNews(
        phase: phase, epoch: record?.epoch ?? progress.epoch, epochLimit: task.recipe.epochs, imagesDone: done,
        imageCount: count, loss: loss, epochRecord: record))
  }
}
