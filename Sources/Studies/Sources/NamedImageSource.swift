/// A folder of images whose names tell the label, as `CHNCXR_0402_1.png` of the Shenzhen set.
public struct NamedImageSource: SourceDescription {
  public var images: String
  /// Folders that are read where there is no `images`, in this order.
  public var otherFolders: [String]
  /// The class that the network answers for.
  public var className: String
  /// A regular expression on the file name whose first group is the label.
  public var labelPattern: String
  /// The text of the label that means 1; every other means 0.
  public var positive: String
  /// A regular expression on the file name whose first group is the patient.
  public var patientPattern: String?
  public var splitLists: SplitLists?
  /// Whether an image that a list names and that is not there is an error.
  public var rows: ManifestSource.Rows
  public var split: SplitRule

  public init(
    images: String, otherFolders: [String] = [], className: String, labelPattern: String, positive: String,
    patientPattern: String? = nil, splitLists: SplitLists? = nil, rows: ManifestSource.Rows = .all, split: SplitRule = SplitRule()
  ) {
    self.images = images
    self.otherFolders = otherFolders
    self.className = className
    self.labelPattern = labelPattern
    self.positive = positive
    self.patientPattern = patientPattern
    self.splitLists = splitLists
    self.rows = rows
    self.split = split
  }
}

extension NamedImageSource {
  public static let key = "namedImages"
  public var classNames: [String] { [className] }
  public var givesTestPart: Bool { false }
  public var givesValidationPart: Bool { false }
  public var keepsPresentOnly: Bool { rows == .present }
  public var keepingPresent: NamedImageSource { changed { $0.rows = .present } }

  public func mappingPaths(_ place: (String) -> String) -> NamedImageSource {
    var source = self
    source.images = place(images)
    source.otherFolders = otherFolders.map(place)
    source.splitLists = splitLists?.mappingPaths(place)
    return source
  }
}

extension DataSource {
  public static func namedImages(_ source: NamedImageSource) -> DataSource { DataSource(source) }
}
