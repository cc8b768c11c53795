public import Datasets
import Foundations
public import Loading
public import Metrics
import Models
import NeuralNetworks
public import Studies
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
      case classMasks(ClassMaskAgreements)
      case numbers(NumberPredictions, NumberScale)
    }

    var predictions: Predictions {
      switch answers {
      case .probabilities(let all): .classification(all)
      case .masks(let all): .segmentation(all.predictions)
      case .classMasks(let all): .classMasks(all.predictions)
      case .numbers(let all, _): .numbers(all)
      }
    }

    var loss: Double { lossSum / Double(sampleCount) }
  }

  /// - Parameters:
  ///   - stage: `.validation` sees one view of an image; `.test` sees the recipe's test-time augmentation.
  ///   - watcher: told the number of images done after each batch; what it has of an earlier process is not asked again.
  func run(_ samples: [Sample], stage: SamplePipeline.Stage, watcher: EvaluationWatcher) throws -> Outcome {
    let pipeline = try SamplePipeline(recipe: task.recipe, kind: task.kind, stage: stage, cache: loaders.cache, keepsOriginals: comparesOriginals)
    let batches = BatchOrder(sampleCount: samples.count, batchSize: task.recipe.evaluationBatchSize, shuffledBy: nil).batches
    var outcome = Outcome(answers: task.noAnswers)
    let before = try watcher.answered().prefix(batches.count)
    for answered in before { outcome.add(answered, samples: samples) }
    let loader = try BatchLoader(
      samples: samples, batches: Array(batches.dropFirst(before.count)), pipeline: pipeline, seed: SeedPath(0) / "evaluation",
      workers: loaders.workers, prefetch: loaders.prefetch)
    var number = before.count, done = batches.prefix(before.count).reduce(0) { $0 + $1.count }
    while let batch = try loader.next() {
      let answered = try answer(batch, number: number, samples: samples)
      outcome.add(answered, samples: samples)
      try watcher.keep(answered)
      number += 1
      done += batch.indices.count + batch.broken.count
      try watcher(done, samples.count)
    }
    return outcome
  }

  private func answer(_ batch: Batch, number: Int, samples: [Sample]) throws -> AnsweredBatch {
    let broken = batch.broken.map { BrokenSample(id: $0.id, reason: $0.reason) }
    guard !batch.indices.isEmpty else { return AnsweredBatch(number: number, indices: [], broken: broken, lossSum: 0, answers: .none) }
    return try withoutGradient {
      let tensors = try BatchTensors(batch, numerics: numerics)
      let logits = try numerics.computing { try network(tensors.images, mode: .evaluation) }
        .to(type: numerics.parameterType)
      let chosen = batch.indices.map { samples[$0] }
      let loss: Double, answers: AnsweredBatch.Answers
      switch task.kind.answer {
      case .findings, .oneClass:
        // Ten crops are averaged after the sigmoid or softmax, as the 2021 protocol does; the loss uses the mean over crops of the logits.
        let perCrop = try logits.reshape([tensors.sampleCount, tensors.cropCount, -1])
        loss = try Objective(task.recipe, answer: task.kind.answer, weights: task.lossWeights, on: numerics)(logits: perCrop.mean(over: [1]), targets: tensors.targets).item()
        answers = .probabilities(AnsweredBatch.bytes(of: try probabilities(perCrop).mean(over: [1]).floats()))
      case .numbers:
        // Crops are averaged as they are: a mean of numbers is one.
        let standardized = try logits.reshape([tensors.sampleCount, tensors.cropCount, -1]).mean(over: [1])
        loss = try Objective(task.recipe, answer: task.kind.answer, scale: task.numberScale, on: numerics)(logits: standardized, targets: tensors.targets).item()
        answers = .numbers(AnsweredBatch.bytes(of: try standardized.floats()))
      case .mask:
        let isPartial = chosen.contains(where: \.hasUncountedPixels)
        loss = try Objective(task.recipe, answer: task.kind.answer, on: numerics, hasUnknownPixels: isPartial)(logits: logits, targets: tensors.targets).item()
        let counts = try Self.pixelCounts(logits: logits, targets: tensors.targets), measured = try measured(logits, against: batch.originals)
        answers = .masks(counts.enumerated().map { MaskAnswer(counts: $1, measured: measured.isEmpty ? nil : measured[$0]) })
      case .masks, .labelMap:
        loss = try Objective(task.recipe, answer: task.kind.answer, weights: task.lossWeights, on: numerics)(logits: logits, targets: tensors.targets).item()
        answers = .classMasks(try classMasks(logits, targets: tensors.targets, originals: batch.originals))
      }
      return AnsweredBatch(
        number: number, indices: batch.indices, broken: broken, lossSum: loss * Double(tensors.sampleCount), answers: answers)
    }
  }

  /// What logits `[batch, crops, classes]` say of each class.
  private func probabilities(_ logits: Tensor) throws -> Tensor {
    // Eight classes' probabilities in bfloat16 would not sum to 1.
    if task.kind.isOfExactlyOneClass { return try logits.softmax(along: 2, type: logits.scalarType == .float64 ? .float64 : .float32) }
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
  /// The classes, or the numbers of a regression.
  let answerNames: [String]
  /// The classes that metrics are of; nil for all.
  var scoredClasses: [String]? = nil
  /// What is measured beside what every task has.
  var metrics: [FurtherMetric] = []
  /// How much the classes weigh in the loss.
  var lossWeights: LossWeights? = nil
  /// What the numbers of a regression are counted in; nil for none.
  var unit: String? = nil
  /// By what they are standardized; nil for all else.
  var numberScale: NumberScale? = nil

  var noAnswers: Evaluation.Outcome.Answers {
    switch kind.answer {
    case .findings, .oneClass:
      .probabilities(ClassificationPredictions(classNames: answerNames, scoredClasses: scoredClasses, areOrdered: kind.hasOrderedClasses))
    case .mask: .masks(MaskAgreements())
    case .masks, .labelMap: .classMasks(ClassMaskAgreements(classNames: answerNames))
    case .numbers:
      .numbers(
        NumberPredictions(names: answerNames, unit: unit),
        numberScale ?? NumberScale(means: answerNames.map { _ in 0 }, standardDeviations: answerNames.map { _ in 1 }))
    }
  }
}

extension Evaluation.Outcome {
  /// Adds the answers to one batch.
  fileprivate mutating func add(_ answered: AnsweredBatch, samples: [Sample]) {
    broken += answered.broken
    lossSum += answered.lossSum
    sampleCount += answered.indices.count
    let chosen = answered.indices.map { samples[$0] }
    switch (answers, answered.answers) {
    case (.probabilities(var all), .probabilities(let bytes)):
      let probabilities = AnsweredBatch.floats(of: bytes), width = all.classNames.count
      for (row, sample) in chosen.enumerated() {
        all.rows.append(
          ClassificationPredictions.Row(
            id: sample.id, patient: sample.patient, targets: sample.labels.map { $0 == Sample.uncertain ? .nan : $0 },
            probabilities: probabilities[row * width..<(row + 1) * width].map(Double.init)))
      }
      answers = .probabilities(all)
    case (.masks(var all), .masks(let found)):
      for (sample, mask) in zip(chosen, found) { all.add(sample, counts: mask.counts, measured: mask.measured) }
      answers = .masks(all)
    case (.classMasks(var all), .classMasks(let found)):
      for (sample, masks) in zip(chosen, found) { all.add(sample, masks) }
      answers = .classMasks(all)
    case (.numbers(var all, let scale), .numbers(let bytes)):
      let standardized = AnsweredBatch.floats(of: bytes), width = all.names.count
      for (row, sample) in chosen.enumerated() {
        all.rows.append(
          NumberPredictions.Row(
            // The decimals that the table has, not those of their neighbor in float32.
            id: sample.id, patient: sample.patient, truths: sample.numbers.map { $0.isNaN ? .nan : Double("\($0)") ?? Double($0) },
            values: (0..<width).map { scale.value(Double(standardized[row * width + $0]), of: $0) }))
      }
      answers = .numbers(all, scale)
    default: break
    }
  }
}

extension Predictions {
  /// The numbers of a validation record: those of such answers, and what the kind's table has beside them, by `MetricName.historyName`.
  public func headline(of kind: TaskKind) -> [String: MetricValue] {
    let known = headline, others = Set(kind.tableMetrics.filter { known[$0.historyName] == nil })
    guard !others.isEmpty else { return known }
    let measures = PredictionMeasures(scored, thresholds: .notAvailable(reason: "no threshold is fixed while a network is trained"), wanted: others)
    let found = zip(measures.keys, measures.values()).filter { key, _ in key.className == nil && others.contains(key.metric) }
    return known.merging(found.map { ($0.metric.historyName, $1) }) { first, _ in first }
  }

  /// The numbers that all kinds of such answers have: `auroc`, of grades with `cohenKappaQuadratic`; `dicePooled` and `diceMean`, of
  /// several classes their means; `meanAbsoluteError`.
  public var headline: [String: MetricValue] {
    switch self {
    case .classification(let all):
      let auroc = all.scored.auroc.macro
      guard all.areOrdered else { return ["auroc": auroc] }
      let kappa = MulticlassConfusion(all).map { $0.kappa(weights: .quadratic) } ?? .undefined(reason: "there is no sample")
      return ["auroc": auroc, MetricName.cohenKappaQuadratic.rawValue: kappa]
    case .segmentation(let all):
      let dice = all.dice
      return ["dicePooled": dice.pooled, "diceMean": dice.perImage]
    case .classMasks:
      let measures = PredictionMeasures(self, thresholds: .notAvailable(reason: ""), wanted: [.dicePooled, .dicePerImage])
      func mean(_ metric: MetricName) -> MetricValue {
        zip(measures.keys, measures.values()).first { $0.0.metric == metric && $0.0.className == nil }?.1 ?? .undefined(reason: "there is no class")
      }
      return ["dicePooled": mean(.dicePooled), "diceMean": mean(.dicePerImage)]
    case .numbers(let all):
      let metric = MetricName.meanAbsoluteError, measures = PredictionMeasures(.numbers(all), thresholds: .notAvailable(reason: ""), wanted: [metric])
      return [metric.rawValue: measures.values()[0]]
    }
  }
}
