import Models
import NeuralNetworks
import Torch

extension PretrainingMethod {
  /// Two views of one network, one of them predicted from the other, and a gradient that goes through the prediction alone.
  static let simSiam = PretrainingMethod(
    "simsiam", "SimSiam", paper: "Chen and He, “Exploring Simple Siamese Representation Learning”, CVPR 2021",
    views: .two(.b, scale: 0.2...1), optimization: Optimization(.gradientDescent, .cosineByEpochs, constantHeads: ["predictor"]),
    settings: .training("section 3", epochs: 100, batch: 512, rate: 0.1, .linear(perBatch: 512), decay: 1e-4) + [
      Setting(.projectorWidth, 2048, "section 3", .featureWidth), Setting(.embeddingSize, 2048, "section 3", .featureWidth),
      Setting(.predictorWidth, 512, "section 3", .featureWidth),
    ],
    remedies: [
      .point: "Keep the stop-gradient and the batch normalization of the projector's output, and lower learningRate.",
      .dimension: "Keep the stop-gradient and the batch normalization of the projector's output, lower learningRate, and use a batch of at least 64.",
    ]
  ) { try SimpleSiamese($0) }
}

/// Two views, one network with a predictor, no memory, and `negativeCosine` both ways.
final class SimpleSiamese: SelfSupervisedMethod {
  private let encoder: Encoder
  private let predictor: Head
  /// False only where a test shows what happens without it.
  private let stopsGradient: Bool

  init(_ materials: MethodMaterials, stopsGradient: Bool = true) throws {
    let settings = materials.settings, size = try settings.count(.embeddingSize), width = try settings.count(.projectorWidth)
    // The output's normalization takes any bias away, so the map before it has none.
    encoder = try materials.encoder(
      projector: .multilayer(hidden: [width, width], hiddenBias: false, output: size, outputBias: false, outputNorm: BatchNorm1d.Affine.none))
    predictor = try Head(
      ParameterScope(materials.heads) / "predictor", inputCount: size,
      design: .multilayer(hidden: [try settings.count(.predictorWidth)], hiddenBias: false, output: size))
    self.stopsGradient = stopsGradient
  }

  func loss(of batch: ViewBatch, at moment: Moment) throws -> Tensor {
    let z = try batch.views.map { try encoder($0) }, p = try z.map { try encoder.apply(predictor, $0) }
    let terms = try [(p[0], z[1]), (p[1], z[0])].map { try negativeCosine($0, targets: $1, stopsGradient: stopsGradient) }
    return try (terms[0] + terms[1]) * 0.5
  }

  var result: BackboneNetwork { encoder.backbone }

  func inspect(_ views: Tensor) throws -> Inspection { Inspection(embedding: try encoder(views)) }
}
