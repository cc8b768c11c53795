import Models
import NeuralNetworks
import Torch

extension PretrainingMethod {
  /// The cross-correlation of two views' embeddings is to be the identity.
  static let barlowTwins = PretrainingMethod(
    "barlow-twins", "Barlow Twins", paper: "Zbontar et al., “Barlow Twins: Self-Supervised Learning via Redundancy Reduction”, ICML 2021",
    views: .two(Augmentation.y.first, Augmentation.y.second, scale: 0.08...1), optimization: Optimization(.lars, .cosine, excludesVectors: true),
    settings: .training("published code", epochs: 1000, batch: 2048, rate: 1.6, .barlowTwins, decay: 1e-6, floor: 1.6e-3)
      + .warmUp("section 2.2", epochs: 10, of: 1000)
      + [
        Setting(.trustCoefficient, 0.001, "published code"),
        Setting(.biasLearningRate, 0.0384, "section 2.2", .linear(perBatch: 2048)), Setting(.offDiagonalWeight, 0.0051, "section 2.2"),
        Setting(.projectorWidth, 8192, "section 2.2", .featureWidth), Setting(.embeddingSize, 8192, "section 2.2", .featureWidth),
      ],
    remedies: [
      .point: "Lower learningRate, and use a batch of at least 128.",
      .dimension: "Raise offDiagonalWeight or embeddingSize, and use a batch of at least 128.",
    ]
  ) { try BarlowTwins($0) }
}

extension ScalingRule {
  /// The first author's rates per 256 images by batch (facebookresearch/barlowtwins, issue 7): smaller batches want more.
  fileprivate static let barlowTwins = ScalingRule { published, scale in
    let table: [(batch: Int, perQuarterThousand: Double)] = [(128, 0.7), (256, 0.4), (512, 0.3), (1024, 0.25), (2048, 0.2)]
    let rate = (table.last { $0.batch <= scale.batchSize } ?? table[0]).perQuarterThousand
    return (published * rate / 0.2 * Double(scale.batchSize) / 2048, "the author's \(rate) per 256 images at a batch of \(scale.batchSize)")
  }
}

/// Two views, one network, a wide head, no memory, and `barlowTwins`.
final class BarlowTwins: SelfSupervisedMethod {
  private let encoder: Encoder
  private let offDiagonalWeight: Double

  init(_ materials: MethodMaterials) throws {
    let settings = materials.settings, width = try settings.count(.projectorWidth)
    encoder = try materials.encoder(
      projector: .multilayer(hidden: [width, width], hiddenBias: false, output: try settings.count(.embeddingSize), outputBias: false))
    offDiagonalWeight = try settings(.offDiagonalWeight)
  }

  func loss(of batch: ViewBatch, at moment: Moment) throws -> Tensor {
    let z = try batch.views.map { try encoder($0) }
    return try Pretraining.barlowTwins(z[0], z[1], offDiagonalWeight: offDiagonalWeight)
  }

  var result: BackboneNetwork { encoder.backbone }

  func inspect(_ views: Tensor) throws -> Inspection { Inspection(embedding: try encoder(views)) }
}
