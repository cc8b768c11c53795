internal import Foundations
internal import Statistics

/// Published numbers under one name: all that could be read of a paper, or one table or figure of it.
///
/// They are compiled in, so that an installed command has them, and none is generated.
public struct PublishedSet: Sendable {
  /// A value with where it comes from.
  public struct Entry: Codable, Hashable, Sendable {
    public let task: String
    /// The same name for the same weights in every figure: `ImageNet`, `MoCo-v2`, `Swin-B ImageNet->MIMIC`.
    public let initialization: String
    public let value: PublishedValue
    /// `2021, table 2`.
    public let source: String
    public let reading: PublishedTable.Reading
    /// In percentage points.
    public let accuracy: Double
    public let runs: Int
    /// The network: `resnet50`.
    public let architecture: String
  }

  public let name: String
  public let title: String
  /// Where several have a value, the first one's is taken.
  public let tables: [PublishedTable]
  public let entries: [Entry]

  init(name: String, title: String, tables: [PublishedTable]) {
    (self.name, self.title, self.tables) = (name, title, tables)
    var seen: Set<[String]> = []
    entries = tables.flatMap { table in
      table.values.compactMap { value in
        let (architecture, start) = table.meaning(of: value.initialization)
        let name = architecture == "ResNet-50" ? start : "\(architecture) \(start)"
        guard seen.insert([value.task, name]).inserted else { return nil }
        return Entry(
          task: value.task, initialization: name, value: value, source: table.source, reading: table.reading,
          accuracy: table.accuracy(of: value.task), runs: table.paper.runs, architecture: architecture)
      }
    }
  }

  public var tasks: [String] { distinct(entries.map(\.task)) }
  public var initializations: [String] { distinct(entries.map(\.initialization)) }
  public var papers: [Publication] { Publication.allCases.filter { paper in tables.contains { $0.paper == paper } } }

  public func entry(_ task: String, _ initialization: String) -> Entry? {
    entries.first { $0.task == task && $0.initialization == initialization }
  }

  /// What stands between the entries: other figures of the same paper that give another value for the same cell.
  public func others(of entry: Entry) -> [Entry] {
    tables.filter { $0.source != entry.source }.flatMap { table in
      PublishedSet(name: "", title: "", tables: [table]).entries.filter {
        $0.task == entry.task && $0.initialization == entry.initialization
          && ($0.value.mean != entry.value.mean || $0.value.standardDeviation != entry.value.standardDeviation)
      }
    }
  }
}

extension PublishedSet {
  /// Values with a spread first: of the poster's panels those with error bars.
  static let all: [PublishedSet] = {
    let tables2021: [PublishedTable] = [.domainAdaptation2021, .figure1of2021, .figure2of2021]
    let tables2025: [PublishedTable] = [
      .granularity2025, .domainAdaptation2025, .transformers2025, .selfSupervised2025, .architectures2025,
    ]
    let whole = [
      PublishedSet(name: "published-2021", title: "the 2021 paper", tables: tables2021),
      PublishedSet(name: "published-2025", title: "the 2025 paper", tables: tables2025),
    ]
    return whole + (tables2021 + tables2025).map { PublishedSet(name: $0.name, title: "\($0.source)", tables: [$0]) }
  }()

  public static var names: [String] { all.map(\.name) }

  /// Whether a word means a set rather than a file.
  public static func isName(_ word: String) -> Bool { word.hasPrefix("published-") && !word.contains("/") && !word.contains(".") }

  /// - Throws: `ReportsError` that names the nearest set.
  public static func named(_ name: String) throws -> PublishedSet {
    guard let found = all.first(where: { $0.name == name.lowercased() }) else {
      throw ReportsError.unknownName(name, what: "set of published numbers", valid: names)
    }
    return found
  }
}

extension PublishedTable {
  /// The network and the start that a label means: `->CheXpert` is a ResNet-50 from ImageNet->CheXpert.
  func meaning(of label: String) -> (architecture: String, start: String) {
    // A panel of networks names networks only, each from ImageNet.
    if name == Self.architectures2025.name { return (label, "ImageNet") }
    if label == "ImageNet-1K" { return ("ResNet-50", "ImageNet") }
    if label.hasPrefix("->") { return ("ResNet-50", "ImageNet" + label) }
    for architecture in ["Swin-B", "ConvNeXt-B"] where label.hasPrefix(architecture + " ") {
      return (architecture, String(label.dropFirst(architecture.count + 1)))
    }
    return ("ResNet-50", label)
  }
}
