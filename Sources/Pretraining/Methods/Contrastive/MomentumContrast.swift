import Models
import NeuralNetworks
import Torch

/// Momentum contrast, the mechanism of MoCo-v1 and MoCo-v2: two views, a network and its moving average, a queue of former keys, and
/// `infoNCE`. He et al., “Momentum Contrast for Unsupervised Visual Representation Learning” (2020), algorithm 1.
final class MomentumContrast: SelfSupervisedMethod {
  private let encoder: Encoder
  private let momentumEncoder: MomentumEncoder
  private let queue: FeatureQueue
  private let temperature: Double, momentum: Double, groups: Int
  /// What is enqueued after the step.
  private var keys: [Tensor] = []

  init(_ materials: MethodMaterials, projector: HeadDesign) throws {
    let settings = materials.settings
    encoder = try materials.encoder(projector: projector)
    momentumEncoder = try materials.momentumEncoder(of: encoder, projector: projector)
    queue = try FeatureQueue(materials.memory, count: settings.count(.queue), size: settings.count(.embeddingSize))
    temperature = try settings(.temperature)
    momentum = try settings(.momentum)
    groups = try settings.count(.normalizationGroups)
  }

  func beginStep(at moment: Moment) throws { try momentumEncoder.follow(momentum: momentum) }

  func loss(of batch: ViewBatch, at moment: Moment) throws -> Tensor {
    let q = try encoder(batch.views[0]).unitRows()
    let k = try momentumEncoder.shuffled(batch.views[1], groups: groups, generator: moment.generator(for: "shuffle")).unitRows()
    keys.append(k)
    return try infoNCE(q, keys: k, queue: queue.rows, temperature: temperature)
  }

  func finishStep(at moment: Moment) throws {
    for k in keys { try queue.enqueue(k) }
    keys = []
  }

  var result: BackboneNetwork { encoder.backbone }

  func inspect(_ views: Tensor) throws -> Inspection { Inspection(embedding: try encoder(views)) }
}

extension [Setting] {
  /// What MoCo's two versions and those that build on it share.
  static func momentumContrast(_ source: String, queue: Double, temperature: Double) -> [Setting] {
    [
      Setting(.embeddingSize, 128, source), Setting(.temperature, temperature, source), Setting(.momentum, 0.999, source, .momentumBySteps),
      Setting(.queue, queue, source, .queue), Setting(.normalizationGroups, 8, source, .normalizationGroups),
    ]
  }
}

extension [CollapseKind: String] {
  static let momentumContrast: [CollapseKind: String] = [
    .point: "Lower learningRate, and set normalizationGroups to at least 2: a key can be told by the statistics of its own batch.",
    .dimension: "Raise temperature or queue, and lower learningRate.",
  ]
}
