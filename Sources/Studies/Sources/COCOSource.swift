/// Images with a file of annotations in COCO's layout (Lin et al. 2014): `images`, `annotations` and `categories`.
///
/// Segmentation unites the annotations of the chosen categories; classification labels an image by the categories it has.
public struct COCOSource: SourceDescription {
  /// What of an annotation is object.
  public enum Shape: String, Codable, Sendable, CaseIterable {
    /// Its polygons or run lengths.
    case segmentation
    /// Its bounding box, filled.
    case box
  }

  /// A file of annotations and the folder to which its `file_name`s are relative.
  public struct Part: Codable, Hashable, Sendable {
    public var annotations: String
    public var images: String

    public init(annotations: String, images: String) {
      self.annotations = annotations
      self.images = images
    }
  }

  public var training: Part
  public var validation: Part?
  public var test: Part?
  /// Names of categories: those that are object, or the classes in the order of the network's outputs. Empty for all, in the order of
  /// the training file; classification needs them named.
  public var categories: [String]
  public var shape: Shape
  public var maskSize: MaskSizeRule
  /// Whether an image that the annotations name and that is not there is an error; nil for `all`: it is.
  public var rows: ManifestSource.Rows?
  /// A regular expression on `file_name` whose first group is the patient.
  public var patientPattern: String?
  public var split: SplitRule

  public init(
    training: Part, validation: Part? = nil, test: Part? = nil, categories: [String] = [], shape: Shape = .segmentation,
    maskSize: MaskSizeRule = .exact, rows: ManifestSource.Rows? = nil, patientPattern: String? = nil, split: SplitRule = SplitRule()
  ) {
    self.training = training
    self.validation = validation
    self.test = test
    self.rows = rows
    self.categories = categories
    self.shape = shape
    self.maskSize = maskSize
    self.patientPattern = patientPattern
    self.split = split
  }
}

extension COCOSource {
  public static let key = "coco"
  public var classNames: [String] { categories }
  public var maskClasses: [String] { categories }
  public var givesTestPart: Bool { test != nil }
  public var givesValidationPart: Bool { validation != nil }
  public var keepsPresentOnly: Bool { rows == .present }

  public func mappingPaths(_ place: (String) -> String) -> COCOSource {
    func part(_ part: Part) -> Part { Part(annotations: place(part.annotations), images: place(part.images)) }
    return changed {
      $0.training = part(training)
      $0.validation = validation.map(part)
      $0.test = test.map(part)
    }
  }
}

extension DataSource {
  public static func coco(_ source: COCOSource) -> DataSource { DataSource(source) }
}
