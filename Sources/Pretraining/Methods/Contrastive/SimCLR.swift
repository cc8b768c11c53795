import Models
import NeuralNetworks
import Torch

/// SimCLR, the mechanism of both versions: two views, one network, a head with batch normalization, no memory, and `ntXent` over the
/// batch. Chen et al., “A Simple Framework for Contrastive Learning of Visual Representations” (2020), algorithm 1.
final class SimCLR: SelfSupervisedMethod {
  private let encoder: Encoder
  private let temperature: Double

  init(_ materials: MethodMaterials) throws {
    let settings = materials.settings
    let layers = try settings.count(.projectorLayers), size = try settings.count(.embeddingSize)
    encoder = try materials.encoder(
      projector: HeadDesign(
        (1...layers).map { layer -> HeadDesign.Layer in
          layer < layers
            ? .init(width: materials.featureCount, hasBias: false, norm: .scaleAndShift, activation: .relu)
            : .init(width: size, hasBias: false, norm: .scaleOnly)
        }, weights: .normal(standardDeviation: 0.01)))
    temperature = try settings(.temperature)
  }

  func loss(of batch: ViewBatch, at moment: Moment) throws -> Tensor {
    // Both views in one batch, so that batch normalization sees all 2B as the official code's does.
    let z = try encoder(cat(batch.views)).chunk(2)
    // The official code adds the means over both halves. Biases and normalizations are not adapted by LARS and feel the factor.
    return try ntXent(z[0], z[1], temperature: temperature) * 2
  }

  var result: BackboneNetwork { encoder.backbone }

  func inspect(_ views: Tensor) throws -> Inspection { Inspection(embedding: try encoder(views)) }
}

extension [CollapseKind: String] {
  static let simCLR: [CollapseKind: String] = [
    .point: "Lower learningRate and check that the batch's images differ: equal images in a batch are pushed apart as negatives.",
    .dimension: "Raise temperature (0.1 to 0.5) and the batch size; a deeper head (projectorLayers 3) helps small batches.",
  ]
}
