extension PretrainingMethod {
  /// Momentum contrast with a multilayer head, stronger augmentation and a cosine schedule.
  static let mocoV2 = PretrainingMethod(
    "moco-v2", "MoCo-v2", paper: "Chen et al., “Improved Baselines with Momentum Contrastive Learning”, 2020",
    views: .two(.b, scale: 0.2...1), optimization: Optimization(.gradientDescent, .cosineByEpochs),
    settings: .training("published code", epochs: 800, batch: 256, rate: 0.03, .linear(perBatch: 256), decay: 1e-4)
      + .momentumContrast("section 3", queue: 65_536, temperature: 0.2),
    remedies: .momentumContrast
  ) { materials in try MomentumContrast(materials, projector: .mocoV2(materials)) }
}

extension HeadDesign {
  /// The backbone's width, ReLU, and the embedding; no normalization.
  static func mocoV2(_ materials: MethodMaterials) throws -> HeadDesign {
    .multilayer(hidden: [materials.featureCount], hiddenNorm: nil, output: try materials.settings.count(.embeddingSize))
  }
}
