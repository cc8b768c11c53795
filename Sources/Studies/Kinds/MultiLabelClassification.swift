internal import Metrics

extension TaskKind {
  /// Several yes/no findings an image; judged by the AUROC of each finding and their plain mean.
  public static let multiLabelClassification = TaskKind(
    "multiLabelClassification", answer: .findings, recipe: .classification, losses: [.binaryCrossEntropy], tableMetrics: [.aurocMacro])
}
