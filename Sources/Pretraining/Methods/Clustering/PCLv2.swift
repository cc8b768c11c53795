extension PretrainingMethod {
  /// PCL with MoCo-v2's head, augmentation and schedule.
  static let pclV2 = PretrainingMethod(
    "pcl-v2", "PCL-v2", paper: "Li et al., “Prototypical Contrastive Learning of Unsupervised Representations”, ICLR 2021",
    views: .two(.b, scale: 0.2...1), optimization: Optimization(.gradientDescent, .cosineByEpochs), settings: .prototypicalContrast,
    remedies: .prototypicalContrast
  ) { materials in try PrototypicalContrast(materials, projector: .mocoV2(materials)) }
}
