public import Vocabulary

/// A pre-training on images without labels, whose result is an initialization of the study.
public struct PretrainingSpecification: Codable, Hashable, Sendable {
  /// The self-supervised method, such as `moco-v2`.
  public var method: String
  public var images: [UnlabeledSource]
  /// The initialization of the study that it starts from.
  public var initialization: String
  /// The study's first where nil.
  public var seed: Int?
  /// The backbone; that of the study's first target where nil.
  public var architecture: String?
  /// The side of a full view in pixels; the input size of the study's first target where nil.
  public var inputSize: Int?
  /// The side of the square that images are brought to before views are cut out of them, in pixels; twice the input size where nil.
  public var sourceSize: Int?
  /// That of the study's first target where nil.
  public var precision: Precision?
  public var epochs: Int
  public var batchSize: Int
  /// The most steps of the optimizer; nil for no such limit.
  public var maximumSteps: Int?
  /// What trains it; nil for the method's own optimizer.
  public var optimizer: PretrainingOptimizer?
  /// Values that are to be other than the method's rules make them, by the names of its settings, the learning rate among them.
  public var settings: [String: Double]
  /// Whether images whose channels are equal are spared what only photographs bear.
  public var hasGrayRule: Bool
  /// Whether an epoch sees one image of each patient, another one each time.
  public var onePerPatient: Bool
  /// Which views are of one thing.
  public var positives: PositiveViews
  /// What becomes of images that the study validates or tests on, and of others of their patients.
  public var heldOutImages: HeldOutImages
  /// What becomes of other files that nearly are such an image.
  public var nearCopies: NearCopies
  /// What judges it on its way; nil keeps the last state.
  public var probe: PretrainingProbeSpecification?
  /// The fraction of unreadable image files (0…1) above which it fails.
  public var brokenFileLimit: Double

  public init(
    method: String, images: [UnlabeledSource], initialization: String, seed: Int? = nil, architecture: String? = nil, inputSize: Int? = nil,
    sourceSize: Int? = nil, precision: Precision? = nil, epochs: Int = 200, batchSize: Int = 128, maximumSteps: Int? = nil,
    optimizer: PretrainingOptimizer? = nil, settings: [String: Double] = [:], hasGrayRule: Bool = true, onePerPatient: Bool = false, positives: PositiveViews = .sameImage,
    heldOutImages: HeldOutImages = .leaveOut, nearCopies: NearCopies = .unsought, probe: PretrainingProbeSpecification? = nil, brokenFileLimit: Double = 0.01
  ) {
    (self.method, self.images, self.initialization, self.seed) = (method, images, initialization, seed)
    (self.architecture, self.inputSize, self.sourceSize, self.precision) = (architecture, inputSize, sourceSize, precision)
    (self.epochs, self.batchSize, self.maximumSteps, self.settings) = (epochs, batchSize, maximumSteps, settings)
    (self.hasGrayRule, self.onePerPatient, self.positives, self.heldOutImages) = (hasGrayRule, onePerPatient, positives, heldOutImages)
    (self.probe, self.brokenFileLimit, self.optimizer, self.nearCopies) = (probe, brokenFileLimit, optimizer, nearCopies)
  }
}

/// Images without labels. All paths are absolute.
public enum UnlabeledSource: Codable, Hashable, Sendable {
  /// The images of a task of the study.
  case task(String)
  /// All image files below a folder, DICOM files without an ending among them.
  case folder(path: String, patientPattern: String?)
  /// The images that a table names.
  case manifest(UnlabeledTable)

  /// What it is called in texts and in the ids of its images.
  public var name: String {
    switch self {
    case .task(let name): name
    case .folder(let path, _): path.split(separator: "/").last.map(String.init) ?? path
    case .manifest(let table): table.file.split(separator: "/").last.map(String.init) ?? table.file
    }
  }
}

/// A table with one row an image.
public struct UnlabeledTable: Codable, Hashable, Sendable {
  public var file: String
  /// The folder that its paths are relative to.
  public var imageRoot: String
  public var pathColumn: String
  public var patientColumn: String?
  public var patientPattern: String?

  public init(file: String, imageRoot: String, pathColumn: String = "path", patientColumn: String? = nil, patientPattern: String? = nil) {
    (self.file, self.imageRoot, self.pathColumn) = (file, imageRoot, pathColumn)
    (self.patientColumn, self.patientPattern) = (patientColumn, patientPattern)
  }
}

/// Which views a method takes for views of one thing.
public enum PositiveViews: String, Codable, Sendable, CaseIterable {
  case sameImage
  /// The second view, and every other one after it, is of another image of the patient where there is one (Azizi et al. 2021, arXiv 2101.05224, section
  /// 3.3, for SimCLR).
  case samePatient
}

/// What becomes of images that targets of the study are validated or tested on.
public enum HeldOutImages: String, Codable, Sendable, CaseIterable {
  /// They are left out, and with them all other images of their patients.
  case leaveOut
  /// They are learned from, without their labels: results on them are then of images that were seen before.
  case keep
}

/// What becomes of images that nearly are one that targets are validated or tested on: compressed anew, of another size, brighter, mirrored, negative.
public enum NearCopies: String, Codable, Sendable, CaseIterable {
  /// Nobody looks for them; a file of the same name or bytes is found without looking at images.
  case unsought
  /// Every image is opened to find them, and they are left out, with all other images of their patients.
  case leaveOut
}

/// What alters the numbers of a pre-training besides what every cell has.
public struct PretrainingConfiguration: Codable, Hashable, Sendable {
  /// The probe, with the fingerprints of the data that it judges on.
  public struct Probe: Codable, Hashable, Sendable {
    public let data: [String]
    public let everyEpochs: Int
    /// Nil for the nearest neighbors alone, as everything was before there was a choice.
    public let heads: [ProbeHead]?

    public init(data: [String], everyEpochs: Int, heads: [ProbeHead]) {
      (self.data, self.everyEpochs) = (data, everyEpochs)
      self.heads = heads == [.kNN] ? nil : heads
    }
  }

  public let method: String
  public let settings: [String: Double]
  public let sourceSize: Int
  public let hasGrayRule: Bool
  public let onePerPatient: Bool
  /// Nil for the same image, as everything was before there was a choice.
  public let positives: PositiveViews?
  public let probe: Probe?
  /// Nil for the method's own.
  public let optimizer: PretrainingOptimizer?

  public init(
    method: String, settings: [String: Double], sourceSize: Int, hasGrayRule: Bool, onePerPatient: Bool, positives: PositiveViews, probe: Probe?,
    optimizer: PretrainingOptimizer?
  ) {
    self.positives = positives == .sameImage ? nil : positives
    (self.method, self.settings, self.sourceSize, self.hasGrayRule) = (method, settings, sourceSize, hasGrayRule)
    (self.onePerPatient, self.probe, self.optimizer) = (onePerPatient, probe, optimizer)
  }
}
