/// One task of a data set of MedIMeta (Woerner et al. 2024): `images/000000.tiff` and on, `task_labels/TASK.npy` with the label of each image
/// by its number, and lists of the parts in `splits/train.txt`, `val.txt` and `test.txt`.
public struct MedIMetaSource: SourceDescription {
  /// Which lists divide the images.
  public enum Lists: String, Codable, Sendable, CaseIterable {
    /// Those that MedIMeta's authors made: `splits`.
    case splits
    /// Those of the data set's own publishers: `original_splits`.
    case originalSplits
  }

  /// The data set's folder, such as `cxr`.
  public var folder: String
  /// As `info.yaml` names it.
  public var task: String
  /// The classes in the order of `info.yaml`: of the labels' columns, or of their numbers.
  public var classes: [String]
  public var lists: Lists
  public var split: SplitRule

  public init(folder: String, task: String, classes: [String], lists: Lists = .splits, split: SplitRule = SplitRule()) {
    self.folder = folder
    self.task = task
    self.classes = classes
    self.lists = lists
    self.split = split
  }
}

extension MedIMetaSource {
  public static let key = "medIMeta"
  public var classNames: [String] { classes }
  public var patientPattern: String? { nil }
  public var givesTestPart: Bool { true }
  public var givesValidationPart: Bool { true }

  public func mappingPaths(_ place: (String) -> String) -> MedIMetaSource {
    changed {
      $0.folder = place(folder)
    }
  }
}

extension DataSource {
  public static func medIMeta(_ source: MedIMetaSource) -> DataSource { DataSource(source) }
}
