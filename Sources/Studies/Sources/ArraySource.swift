/// One NumPy archive (`.npz`) with the arrays `train_images`, `train_labels`, `val_images`, `val_labels`, `test_images` and
/// `test_labels`, as MedMNIST's: images `[items, height, width]` or `[items, height, width, 3]` of bytes, labels `[items, classes]`
/// of 0 and 1, or `[items, 1]` of the number of one class, from 0, for a multiclass classification. For a segmentation, label maps
/// `[items, height, width]` of bytes in `train_label`, `val_label` and `test_label`, as MedSegBench's.
public struct ArraySource: SourceDescription {
  public var file: String
  /// The classes in the order of the labels' columns, or of their numbers.
  public var classes: [String]
  /// The numbers of a label map that are object; nil for all but 0.
  public var objects: [Int]?
  /// The numbers of a label map whose pixels have no part in loss or metric, such as 255 for a border; nil for none.
  public var ignore: [Int]?
  public var split: SplitRule

  public init(file: String, classes: [String], objects: [Int]? = nil, ignore: [Int]? = nil, split: SplitRule = SplitRule()) {
    self.file = file
    self.objects = objects
    self.ignore = ignore
    self.classes = classes
    self.split = split
  }
}

extension ArraySource {
  public static let key = "arrays"
  public var classNames: [String] { classes }
  public var patientPattern: String? { nil }
  public var givesTestPart: Bool { true }
  public var givesValidationPart: Bool { true }

  public func mappingPaths(_ place: (String) -> String) -> ArraySource {
    changed {
      $0.file = place(file)
    }
  }
}

extension DataSource {
  public static func arrays(_ source: ArraySource) -> DataSource { DataSource(source) }
}
