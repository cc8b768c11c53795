internal import Metrics

extension TaskKind {
  /// Exactly one of several classes a pixel, or none; judged by the Dice of each class and their plain mean, the background left out.
  ///
  /// The network answers with a softmax over the background and the classes, and a pixel is of the most probable one. The recipe is the
  /// segmentation's with the sum of cross entropy and soft Dice that nnU-Net trains by (Isensee et al. 2021, Nature Methods 18).
  public static let multiclassSegmentation = TaskKind(
    "multiclassSegmentation", answer: .labelMap, recipe: Recipe.segmentation.changed { $0.loss = .diceCrossEntropy },
    losses: [.diceCrossEntropy, .softmaxCrossEntropy, .softDice], tableMetrics: [.dicePooled, .dicePerImage])
}
