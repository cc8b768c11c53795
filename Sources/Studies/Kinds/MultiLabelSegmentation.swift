internal import Metrics

extension TaskKind {
  /// Several classes whose masks may overlap, as a clavicle lies over a lung; judged by the Dice of each class and their plain mean.
  ///
  /// The network answers with a probability of each class by itself, as segmentations of overlapping regions do in nnU-Net (Isensee et al.
  /// 2021, Nature Methods 18): any order in which organs hid each other would be an answer to another question than their masks give.
  public static let multiLabelSegmentation = TaskKind(
    "multiLabelSegmentation", answer: .masks, recipe: Recipe.segmentation.changed { $0.loss = .diceCrossEntropy },
    losses: [.diceCrossEntropy, .binaryCrossEntropy, .softDice], tableMetrics: [.dicePooled, .dicePerImage])
}
