import Models
import NeuralNetworks
import Torch

extension PretrainingMethod {
  /// The code of one view, a soft assignment to prototypes that is balanced over the batch, is predicted from the other views.
  static let swav = PretrainingMethod(
    "swav", "SwAV", paper: "Caron et al., “Unsupervised Learning of Visual Features by Contrasting Cluster Assignments”, NeurIPS 2020",
    remark: "With the authors' settings for small batches (256), which have a queue.",
    views: .multiCrop([.swav, .swav], scale: 0.14...1, small: .swav, smallCount: 6, smallScale: 0.05...0.14, smallSize: 96.0 / 224),
    optimization: Optimization(.larc, .cosine),
    settings: .training("published code, batch 256", epochs: 400, batch: 256, rate: 0.6, .linear(perBatch: 256), decay: 1e-6, floor: 0.0006) + [
      Setting(.trustCoefficient, 0.001, "published code"), Setting(.projectorWidth, 2048, "published code", .featureWidth),
      Setting(.embeddingSize, 128, "published code"), Setting(.prototypes, 3000, "published code", .imagesEach(10)),
      Setting(.temperature, 0.1, "published code"), Setting(.epsilon, 0.05, "published code"),
      Setting(.sinkhornIterations, 3, "published code"), Setting(.frozenSteps, 5005, "published code, batch 256", .oneEpochOfSteps),
      Setting(.queue, 3840, "published code, batch 256", .queue), Setting(.queueStart, 15, "published code, batch 256", .epochsOf(400)),
    ],
    remedies: [
      .uniformCodes: "Set epsilon to 0.03 to 0.05, use fewer prototypes, freeze them for longer (frozenSteps), or start the queue later.",
      .oneCode: "Raise epsilon or sinkhornIterations, and use fewer prototypes.", .point: "Lower learningRate and epsilon, and use fewer prototypes.",
      .dimension: "Use more prototypes or a larger batch or queue, and lower learningRate.",
    ]
  ) { try SwappedAssignments($0) }
}

/// Large and small crops, one network, learned prototypes of unit length, a queue of embeddings for each large crop, and
/// `swappedPrediction` of `sinkhornCodes`.
final class SwappedAssignments: SelfSupervisedMethod {
  private let encoder: Encoder
  private let prototypes: Prototypes
  private let queues: [FeatureQueue]
  private let temperature: Double, epsilon: Double, iterations: Int, frozenSteps: Int, queueStart: Int
  private var embeddings: [[Tensor]] = []

  init(_ materials: MethodMaterials) throws {
    let settings = materials.settings, size = try settings.count(.embeddingSize), length = try settings.count(.queue)
    encoder = try materials.encoder(projector: .multilayer(hidden: [settings.count(.projectorWidth)], output: size))
    prototypes = try Prototypes(ParameterScope(materials.heads) / "prototypes", count: settings.count(.prototypes), size: size)
    queues = try (0..<2).map { try FeatureQueue(materials.memory, name: "queue_\($0)", count: length, size: size, beginsRandom: false) }
    (temperature, epsilon) = try (settings(.temperature), settings(.epsilon))
    iterations = try settings.count(.sinkhornIterations)
    frozenSteps = try settings.count(.frozenSteps)
    queueStart = try settings.count(.queueStart)
  }

  /// Epochs are counted from 0 where the queue's first one was published.
  private func fillsQueue(_ moment: Moment) -> Bool { moment.epoch > queueStart }

  func beginStep(at moment: Moment) throws { try prototypes.normalize() }

  func loss(of batch: ViewBatch, at moment: Moment) throws -> Tensor {
    let z = try encoder.project(encoder.features(ofViews: batch.views)).unitRows()
    let scores = try prototypes.scores(z).chunk(batch.views.count)
    let codes = try queues.enumerated().map { view, queue in
      let own = scores[view]
      // Former embeddings take part in the balance, not in the loss.
      let all = fillsQueue(moment) && queue.isFull ? try cat([prototypes.scores(queue.rows), own]) : own
      return try sinkhornCodes(all, epsilon: epsilon, iterations: iterations)
        .narrow(along: 0, start: all.shape[0] - batch.sampleCount, count: batch.sampleCount)
    }
    embeddings.append(Array(try z.detach().chunk(batch.views.count).prefix(queues.count)))
    return try swappedPrediction(scores: scores, codes: codes, temperature: temperature)
  }

  func finishBackward(at moment: Moment) throws {
    if moment.step <= frozenSteps { try prototypes.freeze() }
  }

  func finishStep(at moment: Moment) throws {
    if fillsQueue(moment) {
      for views in embeddings { for (queue, rows) in zip(queues, views) { try queue.enqueue(rows) } }
    }
    embeddings = []
  }

  var result: BackboneNetwork { encoder.backbone }

  func inspect(_ views: Tensor) throws -> Inspection {
    let z = try encoder(views)
    return Inspection(embedding: z, codes: try (prototypes.scores(z.unitRows()) / temperature).softmax(along: 1))
  }
}
