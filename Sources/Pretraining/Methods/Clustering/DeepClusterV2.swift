import Foundations
import Models
import NeuralNetworks
import Torch

extension PretrainingMethod {
  /// At every epoch's beginning images are clustered by their features, and the network learns to tell the clusters.
  static let deepClusterV2 = PretrainingMethod(
    "deepcluster-v2", "DeepCluster-v2",
    paper: "Caron et al., “Unsupervised Learning of Visual Features by Contrasting Cluster Assignments”, NeurIPS 2020, appendix",
    views: .multiCrop([.swav, .swav], scale: 0.14...1, small: .swav, smallCount: 6, smallScale: 0.05...0.14, smallSize: 96.0 / 224),
    optimization: Optimization(.larc, .cosine),
    settings: .epochClusters("published code, 800 epochs", epochs: 800) + [
      Setting(.prototypes, 3000, "published code", .imagesEach(100)), Setting(.clusterIterations, 10, "published code"),
    ],
    remedies: .epochClusters
  ) { try DeepClusterV2($0) }
}

/// Large and small crops, one network, banks of an epoch's embeddings, spherical k-means over them, and `clusterClassification` by the
/// centroids, which no gradient changes.
final class DeepClusterV2: SelfSupervisedMethod {
  private let encoder: Encoder
  private let bank: EpochBank
  /// C of each set, `[clusters, size]`, unit rows.
  private let centroids: [Tensor]
  private let temperature: Double, iterations: Int

  init(_ materials: MethodMaterials) throws {
    let settings = materials.settings, size = try settings.count(.embeddingSize), sets = try settings.count(.prototypeSets)
    let clusters = try settings.count(.prototypes)
    encoder = try materials.encoder(projector: .multilayer(hidden: [settings.count(.projectorWidth)], output: size))
    bank = try EpochBank(materials.memory, views: 2, sets: sets, count: materials.sampleCount, size: size)
    centroids = try (0..<sets).map { try materials.memory.add("centroids_\($0)", shape: [clusters, size]) }
    temperature = try settings(.temperature)
    iterations = try settings.count(.clusterIterations)
  }

  func beginEpoch(_ beginning: EpochBeginning) throws {
    if beginning.epoch == 1 {
      try bank.fill(beginning.source) { batch in try batch.views.prefix(2).map { try encoder($0).unitRows() } }
    }
    for (set, centers) in centroids.enumerated() {
      try bank.assign(set: set, needed: centers.shape[0]) { rows in
        let generator = try Generator(seed: (beginning.seed / "first centroids" / set).seed)
        let drawn = try Tensor.randperm(rows.shape[0], generator: generator).narrow(along: 0, start: 0, count: centers.shape[0])
        let found = try sphericalKMeans(
          rows, initial: rows.indexSelect(along: 0, drawn.to(device: rows.device)), iterations: iterations)
        _ = try centers.copy(from: found.centroids)
        return found.assignments
      }
    }
  }

  func loss(of batch: ViewBatch, at moment: Moment) throws -> Tensor {
    let z = try encoder.project(encoder.features(ofViews: batch.views)).unitRows(), indices = try batch.indexTensor()
    try bank.note(indices, Array(z.chunk(batch.views.count).prefix(2)))
    let scores = try centroids.map { try z.matmul($0.transpose(0, 1)) }
    return try clusterClassification(scores: scores, assignments: bank.clusters(of: indices), temperature: temperature)
  }

  func finishStep(at moment: Moment) throws { try bank.write() }

  var result: BackboneNetwork { encoder.backbone }

  func inspect(_ views: Tensor) throws -> Inspection {
    let z = try encoder(views)
    return Inspection(embedding: z, codes: try (z.unitRows().matmul(centroids[0].transpose(0, 1)) / temperature).softmax(along: 1))
  }
}

extension [Setting] {
  /// What DeepCluster-v2 and SeLa-v2 share.
  static func epochClusters(_ source: String, epochs: Double) -> [Setting] {
    .training(source, epochs: epochs, batch: 4096, rate: 4.8, .linear(perBatch: 4096), decay: 1e-6, floor: 0.0048)
      + .warmUp(source, epochs: 10, of: epochs, start: 0.3, .linear(perBatch: 4096)) + [
        Setting(.trustCoefficient, 0.001, source), Setting(.projectorWidth, 2048, source, .featureWidth), Setting(.embeddingSize, 128, source),
        Setting(.temperature, 0.1, source), Setting(.prototypeSets, 3, source),
      ]
  }
}

extension [CollapseKind: String] {
  static let epochClusters: [CollapseKind: String] = [
    .oneCode: "Use fewer prototypes (a hundred images each and more), and lower learningRate.",
    .uniformCodes: "Use fewer prototypes, and lower temperature.", .point: "Lower learningRate, and use fewer prototypes.",
    .dimension: "Use more prototypes or sets of them, and lower learningRate.",
  ]
}
