import NeuralNetworks
import Studies
import Torch

/// The recipe's loss of a batch, from logits.
struct Objective {
  let loss: Loss
  let answer: TaskKind.Answer
  /// Whether each class has the three states of `LabelPolicy.multiClass`.
  let hasThreeStates: Bool
  /// Whether targets of pixels may be NaN. Asking the tensor would wait for the device in every step.
  let hasUnknownPixels: Bool
  /// `[classes]`, of a label map with the background first `[1 + classes]`, of masks `[classes, 1, 1]`; nil where all weigh the same.
  let weights: Tensor?
  /// Mean and standard deviation of each number, `[numbers]`; nil where numbers are not asked for.
  let scale: (mean: Tensor, deviation: Tensor)?

  init(
    _ recipe: Recipe, answer: TaskKind.Answer, weights: LossWeights? = nil, scale: NumberScale? = nil, on numerics: NumericSetting,
    hasUnknownPixels: Bool = false
  ) throws {
    loss = recipe.loss
    self.answer = answer
    hasThreeStates = recipe.labelPolicy == .multiClass
    self.hasUnknownPixels = hasUnknownPixels
    func placed(_ values: [Double]) throws -> Tensor { try Tensor(values).to(type: numerics.parameterType).to(device: numerics.device) }
    self.weights = try weights.map { weights in
      let all = try placed(weights.values)
      return answer == .masks ? try all.reshape([weights.values.count, 1, 1]) : all
    }
    self.scale = try scale.map { (try placed($0.means), try placed($0.standardDeviations)) }
  }

  /// The mean loss of the batch, a scalar.
  ///
  /// - Parameters:
  ///   - logits: `[batch, classes]`, `[batch, 3 × classes]`, `[batch, numbers]`, `[batch, classes, height, width]` of masks (1 of one object),
  ///     or `[batch, 1 + classes, height, width]` of a label map, the background first; any float type. The loss is computed in at least
  ///     float32.
  ///   - targets: one a class; NaN where a label is not known or a pixel does not count, which then has no part in the loss.
  func callAsFunction(logits: Tensor, targets: Tensor) throws -> Tensor {
    let logits = try logits.to(type: targets.scalarType)
    switch answer {
    case .labelMap: return try labelMapLoss(logits, targets)
    case .masks: return try masksLoss(logits, targets)
    case .findings, .oneClass, .mask, .numbers: break
    }
    switch loss {
    case .meanSquaredError: return try maskedSquaredError(logits, targets: standardized(targets))
    case .huber: return try maskedHuberLoss(logits, targets: standardized(targets))
    case .binaryCrossEntropy where hasThreeStates: return try threeStateCrossEntropy(logits, targets: targets)
    case .binaryCrossEntropy: return try maskedBinaryCrossEntropy(logits, targets: targets, positiveWeights: weights)
    case .softmaxCrossEntropy: return try softmaxCrossEntropy(logits, targets: targets, classWeights: weights)
    case .softDice, .diceCrossEntropy:
      guard hasUnknownPixels else { return try softDiceLoss(logits, targets: targets) }
      // Neither predicted nor there: such a pixel adds to no sum.
      return try softDiceLoss(logits.maskedFill(targets.isNaN(), value: -1e4), targets: targets.nanToNum())
    }
  }

  private func labelMapLoss(_ logits: Tensor, _ targets: Tensor) throws -> Tensor {
    func dice() throws -> Tensor { try meanSoftDiceLoss(probabilities: labelMapProbabilities(logits), targets: targets) }
    switch loss {
    case .softDice: return try dice()
    case .diceCrossEntropy: return try labelMapCrossEntropy(logits, targets: targets, classWeights: weights) + dice()
    default: return try labelMapCrossEntropy(logits, targets: targets, classWeights: weights)
    }
  }

  private func masksLoss(_ logits: Tensor, _ targets: Tensor) throws -> Tensor {
    func dice() throws -> Tensor { try meanSoftDiceLoss(probabilities: logits.sigmoid(), targets: targets) }
    switch loss {
    case .softDice: return try dice()
    case .diceCrossEntropy: return try maskedBinaryCrossEntropy(logits, targets: targets, positiveWeights: weights) + dice()
    default: return try maskedBinaryCrossEntropy(logits, targets: targets, positiveWeights: weights)
    }
  }

  /// Numbers in standard deviations from their mean.
  private func standardized(_ targets: Tensor) throws -> Tensor {
    guard let scale else { return targets }
    return try (targets - scale.mean) / scale.deviation
  }
}
