public import Vocabulary

extension PretrainingMethod {
  /// The method with another optimizer than its own; nil for itself.
  ///
  /// Rate, decay and warm-up of a method are for its own optimizer and say nothing to another, so they are those that DINO was published with for AdamW (Caron et al.
  /// 2021, section 3.2): 0.0005 per 256 images in proportion to the batch, a warm-up of a tenth of the epochs, 10 at most, 10⁻⁶ at the end where the method ends with a rate,
  /// and a decay of 0.04, which there rises to 0.4 and here stays. Biases and normalizations do not decay. The course of the rate, clipping, and all that is no optimizer's
  /// stay the method's. Each row of the table has the method's value beside it.
  public func trained(by optimizer: PretrainingOptimizer?) -> PretrainingMethod {
    guard optimizer == .adamW else { return self }
    let source = "DINO, section 3.2, for AdamW"
    func instead(_ value: Double, _ words: String) -> ScalingRule { ScalingRule { _, _ in (value, "\(words) (\(source))") } }
    var settings = self.settings.compactMap { setting -> Setting? in
      switch setting.key {
      case .trustCoefficient, .biasLearningRate: nil
      case .learningRate: Setting(setting.key, setting.published, setting.source, .rateOfAdamW)
      case .weightDecay: Setting(setting.key, setting.published, setting.source, instead(0.04, "decoupled from the gradient"))
      case .finalLearningRate: Setting(setting.key, setting.published, setting.source, instead(1e-6, "the last rate"))
      case .warmUpEpochs: Setting(setting.key, setting.published, setting.source, .epochsOf(100))
      case .warmUpStart: Setting(setting.key, setting.published, setting.source, instead(0, "from nothing"))
      default: setting
      }
    }
    if !settings.contains(where: { $0.key == .warmUpEpochs }) { settings.append(Setting(.warmUpEpochs, 10, source, .epochsOf(100))) }
    let other = Optimization(.adamW, optimization.shape, excludesVectors: true, constantHeads: optimization.constantHeads)
    return PretrainingMethod(
      id, title, paper: paper, remark: remark, views: views, optimization: other, settings: settings, remedies: remedies, bounds: bounds
    ) { try assemble($0) }
  }

  /// How this one differs from the published one, as a sentence; nil where it is trained as published.
  ///
  /// - Parameter published: the method with its own optimizer.
  public func optimizerSentence(insteadOf published: PretrainingMethod) -> String? {
    if optimization.rule == published.optimization.rule { return nil }
    let own = optimization.rule.words, theirs = published.optimization.rule.words
    return "\(own) (Loshchilov and Hutter 2019; β₂ 0.999, ε 1e-8) trained it, where \(title) was published with \(theirs): rate, decay and warm-up are those that DINO was "
      + "published with for AdamW, and biases and normalizations do not decay."
  }
}

extension ScalingRule {
  fileprivate static let rateOfAdamW = ScalingRule { _, scale in
    (0.0005 * Double(scale.batchSize) / 256, "0.0005 per 256 images, in proportion to the batch (DINO, section 3.2, for AdamW)")
  }
}
