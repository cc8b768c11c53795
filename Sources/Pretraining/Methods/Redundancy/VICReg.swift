import Models
import NeuralNetworks
import Torch

extension PretrainingMethod {
  /// Embeddings of two views agree, vary in every column, and no two columns say the same.
  static let vicReg = PretrainingMethod(
    "vicreg", "VICReg", paper: "Bardes, Ponce and LeCun, “VICReg: Variance-Invariance-Covariance Regularization”, ICLR 2022",
    views: .two(Augmentation.y.first, Augmentation.y.second, scale: 0.08...1), optimization: Optimization(.lars, .cosine, excludesVectors: true),
    settings: .training("section 4.2", epochs: 1000, batch: 2048, rate: 1.6, .linear(perBatch: 2048), decay: 1e-6, floor: 1.6e-3)
      + .warmUp("section 4.2", epochs: 10, of: 1000)
      + [
        Setting(.trustCoefficient, 0.001, "published code"),
        Setting(.projectorWidth, 8192, "section 4.2", .featureWidth), Setting(.embeddingSize, 8192, "section 4.2", .featureWidth),
        Setting(.invarianceWeight, 25, "section 4.2"), Setting(.varianceWeight, 25, "section 4.2"), Setting(.covarianceWeight, 1, "section 4.2"),
      ],
    remedies: [
      .point: "Raise varianceWeight against invarianceWeight: the variance is what keeps embeddings apart.",
      .dimension: "Raise covarianceWeight: the covariance is what keeps columns from saying the same.",
    ]
  ) { try VarianceInvarianceCovariance($0) }
}

/// Two views, one network, a wide head, no memory, and `varianceInvarianceCovariance`.
final class VarianceInvarianceCovariance: SelfSupervisedMethod {
  private let encoder: Encoder
  private let invariance: Double, variance: Double, covariance: Double

  init(_ materials: MethodMaterials) throws {
    let settings = materials.settings, width = try settings.count(.projectorWidth)
    encoder = try materials.encoder(projector: .multilayer(hidden: [width, width], output: try settings.count(.embeddingSize), outputBias: false))
    (invariance, variance, covariance) = try (settings(.invarianceWeight), settings(.varianceWeight), settings(.covarianceWeight))
  }

  func loss(of batch: ViewBatch, at moment: Moment) throws -> Tensor {
    let z = try batch.views.map { try encoder($0) }
    return try varianceInvarianceCovariance(z[0], z[1], invariance: invariance, variance: variance, covariance: covariance)
  }

  var result: BackboneNetwork { encoder.backbone }

  func inspect(_ views: Tensor) throws -> Inspection { Inspection(embedding: try encoder(views)) }
}
