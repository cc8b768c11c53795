extension PretrainingMethod {
  /// Momentum contrast of images and of the clusters they belong to, with a linear head.
  static let pclV1 = PretrainingMethod(
    "pcl-v1", "PCL-v1", paper: "Li et al., “Prototypical Contrastive Learning of Unsupervised Representations”, ICLR 2021",
    views: .two(.a, scale: 0.2...1), optimization: Optimization(.gradientDescent, .steps([0.6, 0.8])), settings: .prototypicalContrast,
    remedies: .prototypicalContrast
  ) { try PrototypicalContrast($0, projector: .linear($0.settings.count(.embeddingSize))) }
}
