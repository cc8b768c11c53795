import Foundations
import Models
import NeuralNetworks
import Torch
import Training

/// Prototypical contrastive learning, the mechanism of PCL-v1 and PCL-v2: momentum contrast, and after some epochs `prototypeContrast`
/// with the centroids of several clusterings of the momentum encoder's features. Li et al., “Prototypical Contrastive Learning of
/// Unsupervised Representations” (2021), algorithm 1.
final class PrototypicalContrast: SelfSupervisedMethod {
  private let encoder: Encoder
  private let momentumEncoder: MomentumEncoder
  private let queue: FeatureQueue
  private let clusterings: [ConcentratedClusters]
  private let temperature: Double, momentum: Double, groups: Int, clusterStart: Int, negatives: Int
  private let features: Tensor
  private var keys: [Tensor] = []

  init(_ materials: MethodMaterials, projector: HeadDesign) throws {
    let settings = materials.settings, size = try settings.count(.embeddingSize)
    encoder = try materials.encoder(projector: projector)
    momentumEncoder = try materials.momentumEncoder(of: encoder, projector: projector)
    queue = try FeatureQueue(materials.memory, count: settings.count(.queue), size: size)
    (temperature, momentum) = try (settings(.temperature), settings(.momentum))
    groups = try settings.count(.normalizationGroups)
    clusterStart = try settings.count(.clusterStart)
    negatives = try settings.count(.prototypeNegatives)
    let search = ConcentratedClusters.Search(
      iterations: try settings.count(.clusterIterations), redos: try settings.count(.clusterRedos), temperature: temperature)
    clusterings = try [SettingKey.clusters, .secondClusters, .thirdClusters].enumerated().map { number, key in
      try ConcentratedClusters(
        materials.memory, name: "clusters_\(number)", count: settings.count(key), images: materials.sampleCount, size: size, search: search)
    }
    features = try Tensor.zeros([materials.sampleCount, size], type: materials.numerics.parameterType, device: materials.numerics.device)
  }

  /// Epochs are counted from 0 where the first with prototypes was published.
  private func hasPrototypes(_ epoch: Int) -> Bool { epoch > clusterStart }

  func beginEpoch(_ beginning: EpochBeginning) throws {
    guard hasPrototypes(beginning.epoch) else { return }
    _ = try features.zeroInPlace()
    let batches = try beginning.source.plainBatches()
    while let batch = try batches.next() {
      if batch.sampleCount == 0 { continue }
      let k = try momentumEncoder(batch.views[0], mode: .evaluation).unitRows()
      _ = try withoutGradient { try features.indexPutInPlace([batch.indexTensor()], values: k) }
    }
    for (number, clustering) in clusterings.enumerated() {
      try clustering.find(features, seed: beginning.seed / "clusters" / number)
    }
  }

  func beginStep(at moment: Moment) throws { try momentumEncoder.follow(momentum: momentum) }

  func loss(of batch: ViewBatch, at moment: Moment) throws -> Tensor {
    let q = try encoder(batch.views[0]).unitRows()
    let k = try momentumEncoder.shuffled(batch.views[1], groups: groups, generator: moment.generator(for: "shuffle")).unitRows()
    keys.append(k)
    let instances = try infoNCE(q, keys: k, queue: queue.rows, temperature: temperature)
    guard hasPrototypes(moment.epoch) else { return instances }
    let indices = try batch.indexTensor()
    let terms = try clusterings.enumerated().map { number, clustering in
      try clustering.contrast(q, indices: indices, negatives: negatives, generator: moment.generator(for: "prototypes \(number)"))
    }
    return try instances + stack(terms).mean()
  }

  func finishStep(at moment: Moment) throws {
    for k in keys { try queue.enqueue(k) }
    keys = []
  }

  var result: BackboneNetwork { encoder.backbone }

  func inspect(_ views: Tensor) throws -> Inspection { Inspection(embedding: try encoder(views)) }
}

extension [Setting] {
  /// What both versions share.
  static let prototypicalContrast: [Setting] =
    .training("section 5", epochs: 200, batch: 256, rate: 0.03, .linear(perBatch: 256), decay: 1e-4)
    + .momentumContrast("published code", queue: 16_384, temperature: 0.2) + [
      Setting(.clusterStart, 20, "published code", .epochsOf(200)), Setting(.clusters, 25_000, "section 5", .imagesEach(50)),
      Setting(.secondClusters, 50_000, "section 5", .imagesEach(25)), Setting(.thirdClusters, 100_000, "section 5", .imagesEach(10)),
      Setting(.clusterIterations, 20, "published code"), Setting(.clusterRedos, 5, "published code"),
      Setting(.prototypeNegatives, 16_384, "published code", .prototypeNegatives(imagesEach: 50)),
    ]
}

extension [CollapseKind: String] {
  static let prototypicalContrast: [CollapseKind: String] = [
    .point: "Start the clusters later (clusterStart), use fewer of them, and lower learningRate.",
    .dimension: "Use more clusters, raise temperature or queue, and lower learningRate.",
  ]
}
