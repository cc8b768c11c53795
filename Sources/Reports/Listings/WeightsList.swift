public import Containers
public import Foundations
public import Vocabulary
public import Weights

/// The catalog of published weights as it is shown: a table of all entries, or everything on one.
public struct WeightsList: Codable, Hashable, Sendable {
  /// An entry, for people and programs.
  public struct Entry: Codable, Hashable, Sendable {
    public let id: String
    public let title: String
    public let method: String
    public let trainedOn: [String]
    public let architecture: String
    /// Nil for `random`, which has no file.
    public let file: WeightsEntry.File?
    public let container: ContainerKind?
    public let preprocessing: PreprocessingCard?
    /// Nil where it is known to differ from torchvision's and is not offered.
    public let arithmeticAsTrained: Arithmetic?
    public let linearAccuracy: Double?
    public let license: String
    public let paper: String
    public let verification: WeightsEntry.Verification?
    /// What differs from torchvision's network and the card, in a sentence.
    public let remark: String?
    /// The published list of the images that they were trained on, where there is one.
    public let trainingImages: WeightsEntry.TrainingImages?

    /// Weights that are drawn, not published: listed so that the list is what a study can start from.
    static let random = Entry(
      id: "random", title: "Random", method: "none", trainedOn: [], architecture: "any", file: nil, container: nil,
      preprocessing: nil, arithmeticAsTrained: .torchvision, linearAccuracy: nil, license: "–",
      paper: "He et al. 2015, arXiv 1502.01852: normal law over fan-out", verification: nil, remark: nil, trainingImages: nil)

    init(_ entry: WeightsEntry) {
      self.init(
        id: entry.id, title: entry.title, method: entry.method, trainedOn: entry.trainedOn, architecture: entry.architecture,
        file: entry.file, container: entry.container, preprocessing: entry.preprocessing,
        arithmeticAsTrained: entry.arithmeticAsTrained, linearAccuracy: entry.linearAccuracy, license: entry.license,
        paper: entry.paper, verification: entry.verification, remark: entry.remark, trainingImages: entry.trainingImages)
    }

    private init(
      id: String, title: String, method: String, trainedOn: [String], architecture: String, file: WeightsEntry.File?,
      container: ContainerKind?, preprocessing: PreprocessingCard?, arithmeticAsTrained: Arithmetic?, linearAccuracy: Double?,
      license: String, paper: String, verification: WeightsEntry.Verification?, remark: String?, trainingImages: WeightsEntry.TrainingImages?
    ) {
      self.id = id
      self.title = title
      self.method = method
      self.trainedOn = trainedOn
      self.architecture = architecture
      self.file = file
      self.container = container
      self.preprocessing = preprocessing
      self.arithmeticAsTrained = arithmeticAsTrained
      self.linearAccuracy = linearAccuracy
      self.license = license
      self.paper = paper
      self.verification = verification
      self.remark = remark
      self.trainingImages = trainingImages
    }
  }

  public let entries: [Entry]

  /// The entries of a method and an architecture, or of all; `random` stands for every architecture.
  ///
  /// - Throws: `WeightsError` for a method or an architecture that no entry has.
  public init(method: String? = nil, architecture: String? = nil) throws {
    let published = try WeightsCatalog.entries(method: method, architecture: architecture).map(Entry.init)
    entries = (method == nil ? [.random] : []) + published
  }

  /// One entry.
  ///
  /// - Throws: `WeightsError` for an id that is not in the catalog.
  public init(id: String) throws {
    entries = [id == Entry.random.id ? .random : Entry(try WeightsCatalog.named(id))]
  }

  /// One line an entry.
  public var table: Table {
    var table = Table(columns: [
      .init("Id"), .init("Method"), .init("Trained on"), .init("Linear", .right), .init("Container"), .init("Layout"),
      .init("License"),
    ])
    for entry in entries {
      table.append([
        entry.id, entry.method, entry.trainedOn.isEmpty ? "–" : entry.trainedOn.joined(separator: " → "),
        entry.linearAccuracy.map { fixed($0, 1) } ?? "–", entry.container?.shortName ?? "–",
        entry.verification?.shortName ?? "–", entry.license,
      ])
    }
    return table
  }

  /// The table and what its words mean, for a terminal.
  ///
  /// - Parameter width: in columns; long cells are cut to it. Nil cuts nothing.
  public func terminalText(width: Int?) -> String {
    let count = entries.count { $0.file != nil }
    let shown = width.map { width in
      table.fitted(toWidth: width, cutting: ["Method", "Trained on", "License"], keepingEndsOf: ["Trained on"])
    }
    return (shown ?? table).rendered() + """

      \(count) published \(count == 1 ? "entry" : "entries"). Linear: top-1 accuracy of a linear classifier on frozen features, ImageNet, in %.
      Layout: “known” was read in the code that wrote or reads the file; “unverified” follows from descriptions.
      All about one: medtransfer weights show ID. Nothing downloads by itself: medtransfer weights get ID.

      """
  }
}

extension WeightsEntry.Verification {
  var shortName: String {
    switch self {
    case .fromCode: "known"
    case .unverified: "unverified"
    }
  }
}
