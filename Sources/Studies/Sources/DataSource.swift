/// Where a task's images and their labels or masks are, in whatever way they lie.
public struct DataSource: Sendable {
  /// All kinds, in the order in which errors list them.
  static let catalog: [any StudyFileSource.Type] = [
    ManifestSource.self, MaskFolderSource.self, ClassFolderSource.self, NamedImageSource.self, SliceTableSource.self, ArraySource.self, COCOSource.self,
    NNUNetSource.self, CaseFolderSource.self, MedIMetaSource.self,
  ]

  public let description: any SourceDescription

  public init(_ description: any SourceDescription) { self.description = description }

  /// The source as one of a kind; nil where it is of another.
  public func `as`<Source: SourceDescription>(_: Source.Type) -> Source? { description as? Source }

  public static var kinds: [any SourceDescription.Type] { catalog }
  /// The keys of all kinds of source.
  public static var keys: [String] { catalog.map { $0.key } }

  public var key: String { type(of: description).key }
  public var split: SplitRule { description.split }
  public var classNames: [String] { description.classNames }
  public var maskClasses: [String] { description.maskClasses }
  public var unit: String? { description.unit }
  public var patientPattern: String? { description.patientPattern }
  public var givesTestPart: Bool { description.givesTestPart }
  public var givesValidationPart: Bool { description.givesValidationPart }
  public var maskMeaning: MaskMeaning? { description.maskMeaning }
  public var maskLabelsKey: String { type(of: description).maskLabelsKey }
  public var hasUncertainLabels: Bool { description.hasUncertainLabels }
  public var groupColumns: [GroupColumn] { description.groupColumns }
  public var keepsPresentOnly: Bool { description.keepsPresentOnly }
  public var keepingPresent: DataSource { DataSource(description.keepingPresent) }

  /// The source with the parts of one of its folds.
  func inFold(_ fold: Int) -> DataSource { DataSource(description.inFold(fold)) }

  /// The source with every path below `root`; absolute paths stay.
  public func rooted(at root: String) -> DataSource { DataSource(description.rooted(RootedPath(root: root).callAsFunction)) }
}

/// As `{"manifest": {"_0": {…}}}`, which identities of runs are made of.
extension DataSource: Codable {
  private struct Key: CodingKey {
    static let content = Key(stringValue: "_0")
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue _: Int) { nil }
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    guard container.allKeys.count == 1, let key = container.allKeys.first, let kind = Self.catalog.first(where: { $0.key == key.stringValue }) else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "one of \(Self.keys.joined(separator: ", ")) is expected"))
    }
    func read<Source: SourceDescription>(_: Source.Type) throws -> DataSource {
      DataSource(try container.nestedContainer(keyedBy: Key.self, forKey: key).decode(Source.self, forKey: .content))
    }
    self = try read(kind)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    var inner = container.nestedContainer(keyedBy: Key.self, forKey: Key(stringValue: key))
    try inner.encode(description, forKey: .content)
  }
}

/// Puts relative paths below a root.
struct RootedPath {
  let root: String

  func callAsFunction(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    return "/" + (root + "/" + path).split(separator: "/").filter { $0 != "." }.joined(separator: "/")
  }
}
