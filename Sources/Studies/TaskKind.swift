/// What a task asks of the network and how its answers are judged.
public enum TaskKind: String, Codable, Sendable, CaseIterable {
  /// Several yes/no findings an image; judged by the AUROC of each finding and their plain mean.
  case multiLabelClassification
  /// One yes/no finding an image; judged by its AUROC.
  case binaryClassification
  /// Exactly one of several classes an image; judged by the AUROC of each class against the rest and their plain mean.
  case multiclassClassification
  /// One region an image; judged by Dice.
  case binarySegmentation

  /// Whether the network answers with one mask an image instead of one probability a class.
  public var isSegmentation: Bool { self == .binarySegmentation }

  public var isClassification: Bool { !isSegmentation }
}
