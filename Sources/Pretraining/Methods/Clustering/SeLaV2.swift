import Models
import NeuralNetworks
import Torch

extension PretrainingMethod {
  /// Labels that make clusters of one size, found anew at every epoch's beginning, and prototypes that are learned.
  static let selaV2 = PretrainingMethod(
    "sela-v2", "SeLa-v2 (re-implementation)",
    paper: "Asano, Rupprecht and Vedaldi, “Self-labelling via simultaneous clustering and representation learning”, ICLR 2020; version 2 in Caron et al., NeurIPS 2020",
    remark:
      "No code of version 2 was published. This is what its author says of it (facebookresearch/swav, issue 59): DeepCluster-v2 with labels by Sinkhorn-Knopp in place of k-means, and prototypes that are learned. Other values are DeepCluster-v2's.",
    views: .multiCrop([.swav, .swav], scale: 0.14...1, small: .swav, smallCount: 4, smallScale: 0.05...0.14, smallSize: 96.0 / 160),
    optimization: Optimization(.larc, .cosine),
    settings: .epochClusters("DeepCluster-v2's published code", epochs: 400) + [
      Setting(.prototypes, 3000, "DeepCluster-v2's published code", .imagesEach(100)), Setting(.sinkhornSharpness, 25, "Asano et al., section 3.3"),
      Setting(.frozenSteps, 313, "SwAV's published code", .oneEpochOfSteps),
    ],
    remedies: .epochClusters
  ) { try SelfLabelling($0) }
}

/// Large and small crops, one network, banks of an epoch's embeddings, `balancedLabels` of them, and `clusterClassification` by learned
/// prototypes.
final class SelfLabelling: SelfSupervisedMethod {
  private let encoder: Encoder
  private let bank: EpochBank
  private let prototypes: [Prototypes]
  private let temperature: Double, sharpness: Double, frozenSteps: Int

  init(_ materials: MethodMaterials) throws {
    let settings = materials.settings, size = try settings.count(.embeddingSize), sets = try settings.count(.prototypeSets)
    let count = try settings.count(.prototypes)
    encoder = try materials.encoder(projector: .multilayer(hidden: [settings.count(.projectorWidth)], output: size))
    bank = try EpochBank(materials.memory, views: 2, sets: sets, count: materials.sampleCount, size: size)
    prototypes = try (0..<sets).map { try Prototypes(ParameterScope(materials.heads) / "prototypes" / $0, count: count, size: size) }
    temperature = try settings(.temperature)
    sharpness = try settings(.sinkhornSharpness)
    frozenSteps = try settings.count(.frozenSteps)
  }

  func beginEpoch(_ beginning: EpochBeginning) throws {
    if beginning.epoch == 1 {
      try bank.fill(beginning.source) { batch in try batch.views.prefix(2).map { try encoder($0).unitRows() } }
    }
    for (set, own) in prototypes.enumerated() {
      try own.normalize()
      try bank.assign(set: set, needed: own.rows.shape[0]) { rows in
        // λ sharpens cosines, as SwAV's 1/ε = 20 does.
        try balancedLabels(own.scores(rows), sharpness: sharpness).labels
      }
    }
  }

  func beginStep(at moment: Moment) throws { for own in prototypes { try own.normalize() } }

  func loss(of batch: ViewBatch, at moment: Moment) throws -> Tensor {
    let z = try encoder.project(encoder.features(ofViews: batch.views)).unitRows(), indices = try batch.indexTensor()
    try bank.note(indices, Array(z.chunk(batch.views.count).prefix(2)))
    return try clusterClassification(
      scores: prototypes.map { try $0.scores(z) }, assignments: bank.clusters(of: indices), temperature: temperature)
  }

  func finishBackward(at moment: Moment) throws {
    if moment.step <= frozenSteps { for own in prototypes { try own.freeze() } }
  }

  func finishStep(at moment: Moment) throws { try bank.write() }

  var result: BackboneNetwork { encoder.backbone }

  func inspect(_ views: Tensor) throws -> Inspection {
    let z = try encoder(views)
    return Inspection(embedding: z, codes: try (prototypes[0].scores(z.unitRows()) / temperature).softmax(along: 1))
  }
}
