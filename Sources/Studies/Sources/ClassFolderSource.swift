/// Folders with one subfolder a class: one of them means 1 (`positive`), or each is one of several classes (`classes`).
public struct ClassFolderSource: SourceDescription {
  public var training: String
  public var validation: String?
  public var test: String?
  /// Of a binary classification: the name of the subfolder whose images are labelled 1; those of every other subfolder are labelled 0.
  public var positive: String?
  /// Of a multiclass classification: the subfolders that are the classes, in the order of the network's outputs; others are left out.
  /// Empty for all of them, in the order of their names.
  public var classes: [String]
  /// The folder within each subfolder that holds its images, where they do not lie in the subfolder itself.
  public var imageFolder: String?
  /// A regular expression on the file name whose first group is the patient.
  public var patientPattern: String?
  public var split: SplitRule

  public init(
    training: String, validation: String? = nil, test: String? = nil, positive: String? = nil, classes: [String] = [],
    imageFolder: String? = nil, patientPattern: String? = nil, split: SplitRule = SplitRule()
  ) {
    self.training = training
    self.validation = validation
    self.test = test
    self.positive = positive
    self.classes = classes
    self.imageFolder = imageFolder
    self.patientPattern = patientPattern
    self.split = split
  }

  /// The classes in the order of the network's outputs; empty where the subfolders say them.
  public var classNames: [String] { positive.map { [$0] } ?? classes }
}

extension ClassFolderSource {
  public static let key = "classFolders"
  public var givesTestPart: Bool { test != nil }
  public var givesValidationPart: Bool { validation != nil }

  public func mappingPaths(_ place: (String) -> String) -> ClassFolderSource {
    changed {
      $0.training = place(training)
      $0.validation = validation.map(place)
      $0.test = test.map(place)
    }
  }
}

extension DataSource {
  public static func classFolders(_ source: ClassFolderSource) -> DataSource { DataSource(source) }
}
