extension PretrainingMethod {
  /// SimCLR with a deeper head.
  static let simCLRv2 = PretrainingMethod(
    "simclr-v2", "SimCLR-v2", paper: "Chen et al., “Big Self-Supervised Models are Strong Semi-Supervised Learners”, NeurIPS 2020",
    remark: "Without the optional memory of the paper's section 2.",
    views: .two(.s2, scale: 0.08...1), optimization: Optimization(.classicLARS, .cosine, excludesVectors: true),
    settings: .training("section 3.1", epochs: 800, batch: 4096, rate: 6.4, .root(perBatch: 4096), decay: 1e-4)
      + .warmUp("section 3.1", epochs: 40, of: 800)
      + [
        Setting(.trustCoefficient, 0.001, "published code"),
        Setting(.embeddingSize, 128, "published code"), Setting(.projectorLayers, 3, "section 2"), Setting(.temperature, 0.1, "section 3.1"),
      ],
    remedies: .simCLR
  ) { try SimCLR($0) }
}
