/// A folder with one subfolder an image, which holds the picture and a mask for each object, as the 2018 Data Science Bowl has nuclei:
/// `CASE/images/x.png` and `CASE/masks/….png`. The masks of an image are united.
public struct CaseFolderSource: SourceDescription {
  public var training: String
  public var validation: String?
  public var test: String?
  /// The folder within each subfolder that holds its one picture.
  public var imageFolder: String
  /// The folder within each subfolder that holds its masks. One that is not there, or is empty, says that there is no object.
  public var maskFolder: String
  /// What the levels of the mask files mean.
  public var meaning: MaskMeaning
  public var maskSize: MaskSizeRule
  /// A regular expression on the subfolder's name whose first group is the patient.
  public var patientPattern: String?
  public var split: SplitRule

  public init(
    training: String, validation: String? = nil, test: String? = nil, imageFolder: String = "images", maskFolder: String = "masks",
    threshold: MaskThreshold = .automatic, maskSize: MaskSizeRule = .exact, patientPattern: String? = nil, split: SplitRule = SplitRule()
  ) {
    self.training = training
    self.validation = validation
    self.test = test
    self.imageFolder = imageFolder
    self.maskFolder = maskFolder
    meaning = MaskMeaning(threshold: threshold)
    self.maskSize = maskSize
    self.patientPattern = patientPattern
    self.split = split
  }
}

extension CaseFolderSource {
  public static let key = "caseFolders"
  public var classNames: [String] { [] }
  public var givesTestPart: Bool { test != nil }
  public var givesValidationPart: Bool { validation != nil }
  public var maskMeaning: MaskMeaning? { meaning }

  public func mappingPaths(_ place: (String) -> String) -> CaseFolderSource {
    changed {
      $0.training = place(training)
      $0.validation = validation.map(place)
      $0.test = test.map(place)
    }
  }
}

extension DataSource {
  public static func caseFolders(_ source: CaseFolderSource) -> DataSource { DataSource(source) }
}
