/// A CSV table with one row an image.
///
/// Labels are columns of 0 and 1 (`labelColumns`), or names in one column (`labelListColumn`, as in `Edema|Effusion`);
/// a segmentation task names the column of its masks (`maskColumn`) or of their run lengths (`rleColumn`) instead, a regression the columns
/// of its numbers (`numberColumns`).
public struct ManifestSource: SourceDescription {
  public enum Rows: String, Codable, Sendable, CaseIterable {
    /// Every row counts; an image that is not there is an error.
    case all
    /// Only rows whose image exists count.
    case present
  }

  /// What stands in `pathColumn`.
  public enum PathForm: String, Codable, Sendable, CaseIterable {
    /// A path below `imageRoot`.
    case path
    /// A file's name without its ending; the file lies anywhere below `imageRoot`, as those of DICOM archives do.
    case stem
  }

  /// How a column of run lengths is written. All go down the columns of an image, the leftmost first.
  public enum RunLengthFormat: String, Codable, Sendable, CaseIterable {
    /// The gap from the end of the run before, and the run's length: SIIM-ACR. `-1` is an image without object.
    case relativePairs
    /// The first pixel from 1 on, and the run's length: most Kaggle competitions.
    case absolutePairs
    /// Background and object in turn: COCO's uncompressed counts.
    case counts
    /// COCO's letters.
    case compressedCounts
  }

  /// What a label column means by nothing.
  public enum EmptyLabels: String, Codable, Sendable, CaseIterable {
    /// The class is not known.
    case unknown
    /// The class is absent, as the 2021 benchmark reads CheXpert.
    case absent
  }

  /// What stands between two columns of a table.
  public enum ColumnSeparator: String, Codable, Sendable, CaseIterable {
    /// A comma, a semicolon or a tab: the one that divides the first line into the most columns.
    case automatic
    case comma, semicolon, tab
    /// One or more spaces or tabs; nothing is quoted.
    case space
  }

  /// How `labelListColumn` lists names.
  public enum LabelSyntax: String, Codable, Sendable, CaseIterable {
    /// With `labelSeparator` between them.
    case separated
    /// As Python writes a list: `['mass', 'pleural effusion']`.
    case python
  }

  /// What several rows of one image in one table make.
  public enum RepeatedRows: String, Codable, Sendable, CaseIterable {
    case error
    /// A class is present where more than half of the rows that know it say so, as of several readers.
    case majority
    /// A class is present where one row says so.
    case any
  }

  /// The table, plain or gzipped.
  public var file: String
  /// Tables that are read where there is no `file`, in this order.
  public var otherFiles: [String]
  /// A table of the same columns whose images are for validation; `file` then is for training.
  public var validationFile: String?
  /// A table of the same columns whose images are for the test; `file` then is for training.
  public var testFile: String?
  /// The folder to which image and mask paths are relative.
  public var imageRoot: String
  /// More folders in which an image may be, such as those of an archive in parts. An image is looked for in `imageRoot`
  /// first, then in each of these that is there.
  public var imageFolders: [String]
  public var pathColumn: String
  public var pathForm: PathForm
  /// The path as made of several columns (see `PathTemplate`); instead of `pathColumn`.
  public var pathTemplate: String?
  /// The names of the columns of tables that have no header; empty where they have one.
  public var columns: [String]
  public var columnSeparator: ColumnSeparator
  /// New names of columns, by the old ones, where tables call one thing differently.
  public var renamedColumns: [String: String]
  /// Tables whose columns are added, one after the other.
  public var joins: [TableJoin]
  /// Only rows that pass all of these count.
  public var keep: [RowFilter]
  public var repeatedRows: RepeatedRows
  /// What is taken from the front of a path: the first of these it begins with.
  public var removedPathPrefixes: [String]
  /// The columns that are the classes, in the order of the network's outputs.
  public var labelColumns: [String]
  /// The column that lists the classes an image has.
  public var labelListColumn: String?
  public var labelSyntax: LabelSyntax
  /// A regular expression on `labelListColumn` whose first group is the one name it says.
  public var labelPattern: String?
  /// What stands between two names in `labelListColumn`.
  public var labelSeparator: String
  /// The names in `labelListColumn` that are the classes, in the order of the network's outputs.
  public var labels: [String]
  /// The names in `labelListColumn` that are no classes; nil where any may be. With them, a name that is neither is an error.
  public var otherLabels: [String]?
  public var emptyLabels: EmptyLabels
  /// What stands in `labelColumns` where the class is uncertain, as −1 in CheXpert; the recipe's label policy says what to make of it.
  public var uncertainLabel: Double?
  /// The columns that hold the numbers a regression asks for, in the order of the network's outputs; nil where it asks for none. An empty
  /// cell is a number that is not known.
  public var numberColumns: [String]?
  /// What all of them are counted in, as tables print it, such as `months`; nil for none.
  public var unit: String?
  public var maskColumn: String?
  /// A second observer's masks, beside those of `maskColumn`: a test image whose cell is empty was seen once. No part of a run's identity.
  public var secondMaskColumn: String?
  /// What the levels of the files of `maskColumn` mean.
  public var meaning = MaskMeaning()
  /// A column of run lengths, instead of `maskColumn`. Several rows of one image are united.
  public var rleColumn: String?
  /// Must be given with `rleColumn`.
  public var rleFormat: RunLengthFormat?
  public var patientColumn: String?
  /// A regular expression on the path whose first group is the patient; instead of `patientColumn`.
  public var patientPattern: String?
  /// The column that says which part an image belongs to.
  public var splitColumn: String?
  /// Lists that say which part an image belongs to; instead of `splitColumn`.
  public var splitLists: SplitLists?
  public var rows: Rows
  /// What a report groups the images by. No part of a run's identity.
  public var groupColumns: [GroupColumn]
  public var split: SplitRule

  public init(
    file: String, otherFiles: [String] = [], validationFile: String? = nil, testFile: String? = nil, imageRoot: String,
    imageFolders: [String] = [], pathColumn: String = "path", pathForm: PathForm = .path, pathTemplate: String? = nil,
    removedPathPrefixes: [String] = [], columns: [String] = [], columnSeparator: ColumnSeparator = .automatic,
    renamedColumns: [String: String] = [:], joins: [TableJoin] = [], keep: [RowFilter] = [], repeatedRows: RepeatedRows = .error,
    labelColumns: [String] = [], labelListColumn: String? = nil, labelSyntax: LabelSyntax = .separated, labelPattern: String? = nil,
    labelSeparator: String = "|", labels: [String] = [], otherLabels: [String]? = nil, emptyLabels: EmptyLabels = .unknown,
    uncertainLabel: Double? = nil, maskColumn: String? = nil, rleColumn: String? = nil,
    rleFormat: RunLengthFormat? = nil, patientColumn: String? = nil, patientPattern: String? = nil,
    splitColumn: String? = nil, splitLists: SplitLists? = nil, rows: Rows = .all,
    groupColumns: [GroupColumn] = [], split: SplitRule = SplitRule()
  ) {
    self.file = file
    self.otherFiles = otherFiles
    self.validationFile = validationFile
    self.testFile = testFile
    self.imageRoot = imageRoot
    self.imageFolders = imageFolders
    self.pathColumn = pathColumn
    self.pathForm = pathForm
    self.pathTemplate = pathTemplate
    self.columns = columns
    self.columnSeparator = columnSeparator
    self.renamedColumns = renamedColumns
    self.joins = joins
    self.keep = keep
    self.repeatedRows = repeatedRows
    self.labelSyntax = labelSyntax
    self.labelPattern = labelPattern
    self.removedPathPrefixes = removedPathPrefixes
    self.labelColumns = labelColumns
    self.labelListColumn = labelListColumn
    self.labelSeparator = labelSeparator
    self.labels = labels
    self.otherLabels = otherLabels
    self.emptyLabels = emptyLabels
    self.uncertainLabel = uncertainLabel
    self.maskColumn = maskColumn
    self.rleColumn = rleColumn
    self.rleFormat = rleFormat
    self.patientColumn = patientColumn
    self.patientPattern = patientPattern
    self.splitColumn = splitColumn
    self.splitLists = splitLists
    self.rows = rows
    self.groupColumns = groupColumns
    self.split = split
  }

  /// The classes in the order of the network's outputs; empty for segmentation and regression.
  public var classNames: [String] { labelListColumn == nil ? labelColumns : labels }
}

extension ManifestSource {
  public static let key = "manifest"
  public var maskClasses: [String] { meaning.classes.map(\.name) }
  public var givesTestPart: Bool { testFile != nil || splitColumn != nil || splitLists?.isRequired ?? false }
  public var givesValidationPart: Bool { validationFile != nil || splitColumn != nil }
  public var maskMeaning: MaskMeaning? { maskColumn == nil ? nil : meaning }
  /// `labels` is something else here.
  public static let maskLabelsKey = "maskLabels"
  public var hasUncertainLabels: Bool { uncertainLabel != nil }
  public var keepsPresentOnly: Bool { rows == .present }
  public var keepingPresent: ManifestSource { changed { $0.rows = .present } }

  public func mappingPaths(_ place: (String) -> String) -> ManifestSource {
    changed {
      $0.file = place(file)
      $0.otherFiles = otherFiles.map(place)
      $0.validationFile = validationFile.map(place)
      $0.testFile = testFile.map(place)
      $0.imageRoot = place(imageRoot)
      $0.imageFolders = imageFolders.map(place)
      $0.splitLists = splitLists?.mappingPaths(place)
      $0.joins = joins.map { TableJoin(file: place($0.file), on: $0.on, unmatched: $0.unmatched) }
    }
  }
}

extension DataSource {
  public static func manifest(_ source: ManifestSource) -> DataSource { DataSource(source) }
}
