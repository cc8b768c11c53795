public import Studies

/// One thing that is looked for in the data of a task before any training. A look is one file and one line of `DataLooks.catalog`.
protocol DataLook: Sendable {
  /// The codes of its findings, each with what it means.
  static var codes: [FindingCode] { get }
  /// Whether it has to open images or masks. What such looks find is kept as long as no file changes.
  static var opensPictures: Bool { get }

  init()
  /// What is found. A look that cannot see something says nothing of it: another one tells that it cannot be seen.
  func findings(in subject: DataSubject) -> [DataFinding]
}

/// The name of a kind of finding.
public struct FindingCode: Hashable, Sendable, Codable {
  public let code: String
  /// The highest severity that such findings have.
  public let severity: DataFinding.Severity
  /// What it means, in a few words.
  public let meaning: String

  init(_ code: String, _ severity: DataFinding.Severity, _ meaning: String) {
    (self.code, self.severity, self.meaning) = (code, severity, meaning)
  }
}

/// Every look that there is; a new one is one line here.
public enum DataLooks {
  static let catalog: [any DataLook.Type] = [
    ListingLook.self,
    FileUseLook.self,
    SameFileLook.self,
    PatientLook.self,
    LabelLook.self,
    ClassFolderLook.self,
    NamedLabelLook.self,
    NumberLook.self,
    StatedCountLook.self,
    GeometryLook.self,
    UnreadableLook.self,
    MaskLevelLook.self,
    MaskFileLook.self,
    MaskShareLook.self,
    MaskClassLook.self,
    MaskOutlierLook.self,
    MapNumberLook.self,
    RemarkLook.self,
    PictureLook.self,
    ScaleLook.self,
    StorageLook.self,
    CopyLook.self,
  ]

  /// The codes of those for which images are opened, or of the others.
  public static func codes(openingPictures: Bool) -> [String] { catalog.filter { $0.opensPictures == openingPictures }.flatMap { $0.codes.map(\.code) } }

  /// The codes of all findings, in the order of the catalog.
  public static var codes: [FindingCode] { catalog.flatMap { $0.codes } }
}
