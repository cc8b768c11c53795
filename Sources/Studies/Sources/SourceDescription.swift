/// One way in which images and their labels or masks can lie: what a study says of it, and what follows from that alone.
///
/// A new one is a type that conforms, in a file of its own here; a file that reads its keys (`YAML/Sources`); a line in `DataSource.catalog`;
/// and one conformance each that lists its samples (`SampleSource` in Datasets) and its folders (`FolderSource` in Inspection). All paths are absolute.
public protocol SourceDescription: Codable, Hashable, Sendable {
  /// The key of this kind of source in a study file.
  static var key: String { get }
  /// How the parts that the source does not give are carved out.
  var split: SplitRule { get set }
  /// The classes in the order of the network's outputs; empty for segmentation and regression.
  var classNames: [String] { get }
  /// The classes of a segmentation of several, in the order of the network's outputs, where the study names them; empty where it does not,
  /// as an nnU-Net folder's own description does.
  var maskClasses: [String] { get }
  /// What the numbers of a regression are counted in; nil for none.
  var unit: String? { get }
  /// The regular expression that finds the patient in a file's name or path.
  var patientPattern: String? { get }
  /// Whether the source says which images are for the test; else they are drawn by `split`.
  var givesTestPart: Bool { get }
  /// Whether it may say which images are for validation; else they are drawn from the training part.
  var givesValidationPart: Bool { get }
  /// What the levels of its mask files mean; nil for a source without such files.
  var maskMeaning: MaskMeaning? { get }
  /// The key of the labels of its mask files.
  static var maskLabelsKey: String { get }
  /// Whether its labels may be uncertain.
  var hasUncertainLabels: Bool { get }
  /// What its images are grouped by; empty where it has no table with such columns.
  var groupColumns: [GroupColumn] { get }
  /// Whether the source names a window of its own.
  var hasWindow: Bool { get }
  /// Whether only the rows whose images are there count, as the study says.
  var keepsPresentOnly: Bool { get }
  /// The source with images that are not there passed over, where it can do that.
  var keepingPresent: Self { get }

  /// The source with each of its paths replaced, but for that of its split.
  func mappingPaths(_ place: (String) -> String) -> Self
}

extension SourceDescription {
  public var maskClasses: [String] { [] }
  public var unit: String? { nil }
  public var maskMeaning: MaskMeaning? { nil }
  public static var maskLabelsKey: String { "labels" }
  public var hasUncertainLabels: Bool { false }
  public var groupColumns: [GroupColumn] { [] }
  public var hasWindow: Bool { false }
  public var keepsPresentOnly: Bool { false }
  public var keepingPresent: Self { self }

  func changed(_ change: (inout Self) -> Void) -> Self {
    var source = self
    change(&source)
    return source
  }

  func inFold(_ fold: Int) -> Self { changed { $0.split.fold = fold } }

  func rooted(_ place: (String) -> String) -> Self {
    let path = split.file.map(place)
    return mappingPaths(place).changed { $0.split.file = path }
  }

  fileprivate func isEqual(to other: any SourceDescription) -> Bool { other as? Self == self }
}

extension DataSource: Hashable {
  public static func == (first: DataSource, second: DataSource) -> Bool { first.description.isEqual(to: second.description) }

  public func hash(into hasher: inout Hasher) { description.hash(into: &hasher) }
}
