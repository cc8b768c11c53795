internal import Metrics

extension TaskKind {
  /// One yes/no finding an image; judged by its AUROC.
  public static let binaryClassification = TaskKind(
    "binaryClassification", answer: .findings, hasOneClass: true, recipe: .classification, losses: [.binaryCrossEntropy],
    tableMetrics: [.aurocMacro])
}
