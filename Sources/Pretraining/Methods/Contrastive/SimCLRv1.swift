extension PretrainingMethod {
  /// Two views of each image against all others of the batch.
  static let simCLRv1 = PretrainingMethod(
    "simclr-v1", "SimCLR-v1", paper: "Chen et al., “A Simple Framework for Contrastive Learning of Visual Representations”, ICML 2020",
    views: .two(.s, scale: 0.08...1), optimization: Optimization(.classicLARS, .cosine, excludesVectors: true),
    settings: .training("section 2.4 and appendix B.1", epochs: 1000, batch: 4096, rate: 4.8, .root(perBatch: 4096), decay: 1e-6)
      + .warmUp("section 2.4", epochs: 10, of: 1000)
      + [
        Setting(.trustCoefficient, 0.001, "published code"),
        Setting(.embeddingSize, 128, "section 2.3"), Setting(.projectorLayers, 2, "section 2.3"), Setting(.temperature, 0.1, "section 2.4"),
      ],
    remedies: .simCLR
  ) { try SimCLR($0) }
}
