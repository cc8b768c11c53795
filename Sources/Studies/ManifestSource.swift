/// A CSV table with one row an image.
///
/// Labels are columns of 0 and 1 (`labelColumns`), or names in one column (`labelListColumn`, as in `Edema|Effusion`);
/// a segmentation task names the column of its masks (`maskColumn`) instead.
public struct ManifestSource: Codable, Hashable, Sendable {
  public enum Rows: String, Codable, Sendable, CaseIterable {
    /// Every row counts; an image that is not there is an error.
    case all
    /// Only rows whose image exists count.
    case present
  }

  /// The table, plain or gzipped.
  public var file: String
  /// The folder to which image and mask paths are relative.
  public var imageRoot: String
  public var pathColumn: String
  /// The columns that are the classes, in the order of the network's outputs.
  public var labelColumns: [String]
  /// The column that lists the classes an image has.
  public var labelListColumn: String?
  /// What stands between two names in `labelListColumn`.
  public var labelSeparator: String
  /// The names in `labelListColumn` that are the classes, in the order of the network's outputs.
  public var labels: [String]
  public var maskColumn: String?
  public var patientColumn: String?
  /// The column that says which part an image belongs to.
  public var splitColumn: String?
  public var rows: Rows
  public var split: SplitRule

  public init(
    file: String, imageRoot: String, pathColumn: String = "path", labelColumns: [String] = [],
    labelListColumn: String? = nil, labelSeparator: String = "|", labels: [String] = [], maskColumn: String? = nil,
    patientColumn: String? = nil, splitColumn: String? = nil, rows: Rows = .all, split: SplitRule = SplitRule()
  ) {
    self.file = file
    self.imageRoot = imageRoot
    self.pathColumn = pathColumn
    self.labelColumns = labelColumns
    self.labelListColumn = labelListColumn
    self.labelSeparator = labelSeparator
    self.labels = labels
    self.maskColumn = maskColumn
    self.patientColumn = patientColumn
    self.splitColumn = splitColumn
    self.rows = rows
    self.split = split
  }

  /// The classes in the order of the network's outputs; empty for segmentation.
  public var classNames: [String] { labelListColumn == nil ? labelColumns : labels }
}
