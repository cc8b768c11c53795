/// One NumPy archive (`.npz`) with the arrays `train_images`, `train_labels`, `val_images`, `val_labels`, `test_images` and
/// `test_labels`, as MedMNIST's: images `[items, height, width]` or `[items, height, width, 3]` of bytes, labels `[items, classes]`
/// of 0 and 1, or `[items, 1]` of the number of one class, from 0, for a multiclass classification.
public struct ArraySource: Codable, Hashable, Sendable {
  public var file: String
  /// The classes in the order of the labels' columns, or of their numbers.
  public var classes: [String]
  public var split: SplitRule

  public init(file: String, classes: [String], split: SplitRule = SplitRule()) {
    self.file = file
    self.classes = classes
    self.split = split
  }
}
