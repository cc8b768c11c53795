internal import Metrics

extension TaskKind {
  /// One region an image; judged by Dice.
  public static let binarySegmentation = TaskKind(
    "binarySegmentation", answer: .mask, recipe: .segmentation, losses: [.softDice, .binaryCrossEntropy],
    tableMetrics: [.dicePooled, .dicePerImage])
}
