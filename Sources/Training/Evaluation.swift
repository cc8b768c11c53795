public import Datasets
import Foundations
public import Metrics
import Models
import NeuralNetworks
import Studies
import Torch

/// A network's answers on a set of samples, without augmentation and without gradients.
public struct Evaluation {
  let network: any Network
  let task: EvaluationTask
  let numerics: NumericSetting
  let loaders: LoaderSetting
  /// Whether segmentations are compared with the truth on the images' own pixels too, for the distances of outlines; an epoch's
  /// validation, which needs only Dice, does without.
  var comparesOriginals = false

  /// What the evaluation found: the loss over the set, the answers, and what could not be read.
  struct Outcome {
    var lossSum = 0.0
    var sampleCount = 0
    var answers: Answers
    var broken: [BrokenSample] = []

    enum Answers {
      case probabilities(ClassificationPredictions)
      case masks(MaskAgreements)
    }

    var predictions: Predictions {
      switch answers {
      case .probabilities(let all): .classification(all)
      case .masks(let all): .segmentation(all.predictions)
      }
    }

    var loss: Double { lossSum / Double(sampleCount) }
  }

  /// - Parameters:
  ///   - stage: `.validation` sees one view of an image; `.test` sees the recipe's test-time augmentation.
  ///   - watcher: told the number of images done after each batch.
  func run(_ samples: [Sample], stage: SamplePipeline.Stage, watcher: (Int) -> Void) throws -> Outcome {
    let pipeline = try SamplePipeline(recipe: task.recipe, kind: task.kind, stage: stage, cache: loaders.cache, keepsOriginals: comparesOriginals)
    let batches = BatchOrder(sampleCount: samples.count, batchSize: task.recipe.evaluationBatchSize, shuffledBy: nil).batches
    let loader = BatchLoader(
      samples: samples, batches: batches, pipeline: pipeline, seed: SeedPath(0) / "evaluation",
      workers: loaders.workers, prefetch: loaders.prefetch)
    var outcome = Outcome(answers: task.noAnswers)
    var done = 0
    while let batch = try loader.next() {
      outcome.broken += batch.broken.map { BrokenSample(id: $0.id, reason: $0.reason) }
      done += batch.indices.count + batch.broken.count
      if !batch.indices.isEmpty { try add(batch, samples: samples, to: &outcome) }
      watcher(done)
    }
    return outcome
  }

  private func add(_ batch: Batch, samples: [Sample], to outcome: inout Outcome) throws {
    try withoutGradient {
      let tensors = try BatchTensors(batch, numerics: numerics)
      let logits = try numerics.computing { try network(tensors.images, mode: .evaluation) }
        .to(type: numerics.parameterType)
      let chosen = batch.indices.map { samples[$0] }
      switch task.kind {
      case .multiLabelClassification, .binaryClassification, .multiclassClassification:
        // Ten crops are averaged after the sigmoid or softmax, as the 2021 protocol does; the loss uses the mean over crops of the logits.
        let perCrop = try logits.reshape([tensors.sampleCount, tensors.cropCount, -1])
        let loss = try Objective(task.recipe, weights: task.lossWeights, on: numerics)(logits: perCrop.mean(over: [1]), targets: tensors.targets)
        outcome.lossSum += try loss.item() * Double(tensors.sampleCount)
        try outcome.addProbabilities(probabilities(perCrop).mean(over: [1]).floats(), batch: batch, samples: chosen)
      case .binarySegmentation:
        let isPartial = chosen.contains(where: \.hasUncountedPixels)
        let loss = try Objective(task.recipe, on: numerics, hasUnknownPixels: isPartial)(logits: logits, targets: tensors.targets)
        outcome.lossSum += try loss.item() * Double(tensors.sampleCount)
        try outcome.addMasks(
          logits: logits, targets: tensors.targets, samples: chosen, measured: measured(logits, against: batch.originals))
      }
      outcome.sampleCount += tensors.sampleCount
    }
  }

  /// What logits `[batch, crops, classes]` say of each class.
  private func probabilities(_ logits: Tensor) throws -> Tensor {
    // Eight classes' probabilities in bfloat16 would not sum to 1.
    if task.kind == .multiclassClassification { return try logits.softmax(along: 2, type: logits.scalarType == .float64 ? .float64 : .float32) }
    return try (task.recipe.labelPolicy == .multiClass ? presenceLogits(logits) : logits).sigmoid()
  }
}

/// How images are read: by how many threads, and how many batches ahead. Results do not depend on it.
public struct LoaderSetting: Sendable {
  public let workers: Int
  public let prefetch: Int
  /// Spares the decoding of the images it has.
  public let cache: SampleCache?

  public init(workers: Int, prefetch: Int, cache: SampleCache? = nil) {
    self.cache = cache
    self.workers = workers
    self.prefetch = prefetch
  }
}

/// What an evaluation must know of the task.
struct EvaluationTask {
  let kind: TaskKind
  let recipe: Recipe
  let classNames: [String]
  /// The classes that metrics are of; nil for all.
  var scoredClasses: [String]? = nil
  /// What is measured beside what every task has.
  var metrics: [FurtherMetric] = []
  /// How much the classes weigh in the loss.
  var lossWeights: LossWeights? = nil

  var noAnswers: Evaluation.Outcome.Answers {
    switch kind {
    case .multiLabelClassification, .binaryClassification, .multiclassClassification:
      .probabilities(ClassificationPredictions(classNames: classNames, scoredClasses: scoredClasses))
    case .binarySegmentation: .masks(MaskAgreements())
    }
  }
}

extension Evaluation.Outcome {
  /// - Parameter probabilities: `[batch, classes]`, row-major.
  fileprivate mutating func addProbabilities(_ probabilities: [Float], batch: Batch, samples: [Sample]) {
    guard case .probabilities(var all) = answers else { return }
    let width = all.classNames.count
    for (row, sample) in samples.enumerated() {
      let range = row * width..<(row + 1) * width
      all.rows.append(
        ClassificationPredictions.Row(
          id: sample.id, patient: sample.patient, targets: batch.targets[range].map { $0 == Sample.uncertain ? .nan : $0 },
          probabilities: probabilities[range].map(Double.init)))
    }
    answers = .probabilities(all)
  }
}

extension Predictions {
  /// The numbers of a validation record: `auroc`, or `dicePooled` and `diceMean`.
  public var headline: [String: MetricValue] {
    switch self {
    case .classification(let all):
      return ["auroc": all.scored.auroc.macro]
    case .segmentation(let all):
      let dice = all.dice
      return ["dicePooled": dice.pooled, "diceMean": dice.perImage]
    }
  }
}
