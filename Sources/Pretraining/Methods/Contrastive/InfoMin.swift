import Models
import NeuralNetworks
import Torch

extension PretrainingMethod {
  /// Momentum contrast of stronger views, and of a jigsaw puzzle with the same keys.
  static let infoMin = PretrainingMethod(
    "infomin", "InfoMin", paper: "Tian et al., “What Makes for Good Views for Contrastive Learning?”, NeurIPS 2020",
    views: .two(.d, scale: 0.2...1).withJigsaw(), optimization: Optimization(.gradientDescent, .cosineByEpochs),
    settings: .training("PyContrast, InfoMin", epochs: 800, batch: 256, rate: 0.03, .linear(perBatch: 256), decay: 1e-4, floor: 3e-5)
      + .momentumContrast("PyContrast, InfoMin", queue: 65_536, temperature: 0.15) + [Setting(.jigsawWeight, 0.5, "PyContrast, InfoMin")],
    remedies: .momentumContrast
  ) { try GoodViews($0) }
}

/// Two views and a puzzle, a network and its moving average, a queue, and twice `infoNCE`: of the query and of the puzzle.
final class GoodViews: SelfSupervisedMethod {
  private let encoder: Encoder
  private let jigsawHead: JigsawHead
  private let momentumEncoder: MomentumEncoder
  private let queue: FeatureQueue
  private let temperature: Double, momentum: Double, groups: Int, jigsawWeight: Double
  private var keys: [Tensor] = []

  init(_ materials: MethodMaterials) throws {
    let settings = materials.settings, size = try settings.count(.embeddingSize), head = try HeadDesign.mocoV2(materials)
    encoder = try materials.encoder(projector: head)
    momentumEncoder = try materials.momentumEncoder(of: encoder, projector: head)
    jigsawHead = try JigsawHead(materials, patch: head, size: size)
    queue = try FeatureQueue(materials.memory, count: settings.count(.queue), size: size)
    temperature = try settings(.temperature)
    momentum = try settings(.momentum)
    groups = try settings.count(.normalizationGroups)
    jigsawWeight = try settings(.jigsawWeight)
  }

  func loss(of batch: ViewBatch, at moment: Moment) throws -> Tensor {
    let q = try encoder(batch.views[0]).unitRows(), jigsaw = try jigsawHead(batch.views[2], encoder: encoder).unitRows()
    let k = try momentumEncoder.shuffled(batch.views[1], groups: groups, generator: moment.generator(for: "shuffle")).unitRows()
    keys.append(k)
    let image = try infoNCE(q, keys: k, queue: queue.rows, temperature: temperature)
    let puzzle = try infoNCE(jigsaw, keys: k, queue: queue.rows, temperature: temperature)
    return try image * (1 - jigsawWeight) + puzzle * jigsawWeight
  }

  /// The moving average moves after the optimizer, as PyContrast's code has it; MoCo's moves it before the keys.
  func finishStep(at moment: Moment) throws {
    try momentumEncoder.follow(momentum: momentum)
    for k in keys { try queue.enqueue(k) }
    keys = []
  }

  var result: BackboneNetwork { encoder.backbone }

  func inspect(_ views: Tensor) throws -> Inspection { Inspection(embedding: try encoder(views)) }
}
