extension PretrainingMethod {
  /// Momentum contrast with a linear head.
  static let mocoV1 = PretrainingMethod(
    "moco-v1", "MoCo-v1", paper: "He et al., “Momentum Contrast for Unsupervised Visual Representation Learning”, CVPR 2020",
    views: .two(.a, scale: 0.2...1), optimization: Optimization(.gradientDescent, .steps([0.6, 0.8])),
    settings: .training("section 3.3", epochs: 200, batch: 256, rate: 0.03, .linear(perBatch: 256), decay: 1e-4)
      + .momentumContrast("section 3.3", queue: 65_536, temperature: 0.07),
    remedies: .momentumContrast
  ) { try MomentumContrast($0, projector: .linear($0.settings.count(.embeddingSize))) }
}
