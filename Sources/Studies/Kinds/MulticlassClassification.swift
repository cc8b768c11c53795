internal import Metrics

extension TaskKind {
  /// Exactly one of several classes an image; judged by the AUROC of each class against the rest and their plain mean.
  ///
  /// The 2021 benchmark has no such task: its recipe is the classification recipe with the softmax's cross entropy.
  public static let multiclassClassification = TaskKind(
    "multiclassClassification", answer: .oneClass, recipe: Recipe.classification.changed { $0.loss = .softmaxCrossEntropy },
    losses: [.softmaxCrossEntropy], tableMetrics: [.aurocMacro])
}
