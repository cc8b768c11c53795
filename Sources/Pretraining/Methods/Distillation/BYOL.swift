import Models
import NeuralNetworks
import Torch

extension PretrainingMethod {
  /// One network predicts what its own moving average says of another view; there are no negatives.
  static let byol = PretrainingMethod(
    "byol", "BYOL", paper: "Grill et al., “Bootstrap Your Own Latent”, NeurIPS 2020",
    views: .two(Augmentation.y.first, Augmentation.y.second, scale: 0.08...1),
    optimization: Optimization(.lars, .cosine, excludesVectors: true),
    settings: .training("appendix B", epochs: 1000, batch: 4096, rate: 3.2, .linear(perBatch: 4096), decay: 1.5e-6)
      + .warmUp("appendix B", epochs: 10, of: 1000)
      + [
        Setting(.trustCoefficient, 0.001, "published code"),
        Setting(.momentum, 0.996, "section 3.3", .momentumByEpochs), Setting(.projectorWidth, 4096, "section 3.3", .featureWidth),
        Setting(.embeddingSize, 256, "section 3.3"), Setting(.predictorWidth, 4096, "section 3.3", .featureWidth),
      ],
    remedies: [
      .point: "Keep the predictor, raise momentum towards 1, lower learningRate, and use a batch of at least 128.",
      .dimension: "Lower learningRate and weightDecay, raise momentum, and use a batch of at least 128 (59.7 % at 64 against 74.3 % at 4096).",
    ]
  ) { try BootstrapYourOwnLatent($0) }
}

/// Two views, a network with a predictor and the network's moving average, no memory, and `bootstrapRegression` both ways.
final class BootstrapYourOwnLatent: SelfSupervisedMethod {
  private let online: Encoder
  /// q; nil only where a test shows what happens without it.
  private let predictor: Head?
  private let target: MomentumEncoder
  private let momentum: Double

  init(_ materials: MethodMaterials, hasPredictor: Bool = true) throws {
    let settings = materials.settings, size = try settings.count(.embeddingSize)
    let projector = HeadDesign.multilayer(hidden: [try settings.count(.projectorWidth)], output: size, outputBias: false)
    online = try materials.encoder(projector: projector)
    target = try materials.momentumEncoder(of: online, projector: projector)
    let design = HeadDesign.multilayer(hidden: [try settings.count(.predictorWidth)], output: size, outputBias: false)
    predictor = hasPredictor ? try Head(ParameterScope(materials.heads) / "predictor", inputCount: size, design: design) : nil
    momentum = try settings(.momentum)
  }

  func loss(of batch: ViewBatch, at moment: Moment) throws -> Tensor {
    let predictions = try batch.views.map { view in
      let z = try online(view)
      return try predictor.map { try online.apply($0, z) } ?? z
    }
    let targets = try batch.views.map { try target($0) }
    return try bootstrapRegression(predictions[0], targets: targets[1]) + bootstrapRegression(predictions[1], targets: targets[0])
  }

  func finishStep(at moment: Moment) throws {
    try target.follow(momentum: risingMomentum(from: momentum, step: moment.step, of: moment.stepCount))
  }

  var result: BackboneNetwork { online.backbone }

  func inspect(_ views: Tensor) throws -> Inspection { Inspection(embedding: try online(views)) }
}
