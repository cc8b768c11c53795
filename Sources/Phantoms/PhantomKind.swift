public import Datasets
public import Studies

/// The made-up data sets, one for each kind of task and of image.
public enum PhantomKind: String, CaseIterable, Codable, Sendable {
  /// Radiographs with the five findings of `ChestFindings`, each present or absent.
  case findings
  /// Radiographs, half of them with an effusion, beside any other findings.
  case effusion
  /// Radiographs, half of them with a nodule, beside any other findings.
  case nodule
  /// Radiographs with lung masks.
  case lungs
  /// Radiographs that all show a pneumothorax, beside any other findings, with masks of its free air.
  case pneumothorax
  /// Photographs of the retina with vessel masks.
  case vessels
  /// Color photographs of things, by their shape: the coarse labels of `ObjectPhantom`.
  case objects
  /// Such photographs by shape and pattern: the fine labels.
  case objectKinds

  public var task: TaskKind {
    switch self {
    case .findings: .multiLabelClassification
    case .effusion, .nodule: .binaryClassification
    case .lungs, .pneumothorax, .vessels: .binarySegmentation
    case .objects, .objectKinds: .multiclassClassification
    }
  }

  /// The classes of a classification set, which are the label columns of its manifest; empty for segmentation.
  public var classNames: [String] {
    switch self {
    case .findings: ChestFindings.names
    case .effusion: ["Effusion"]
    case .nodule: ["Nodule"]
    case .lungs, .pneumothorax, .vessels: []
    case .objects: ObjectPhantom.shapeNames
    case .objectKinds: ObjectPhantom.kindNames
    }
  }

  /// Channels of its images.
  public var channels: Int {
    switch self {
    case .findings, .effusion, .nodule, .lungs, .pneumothorax: 1
    case .vessels, .objects, .objectKinds: 3
    }
  }
}

/// How many images each part of a made-up data set has.
public struct PhantomCounts: Hashable, Sendable {
  public var training: Int
  public var validation: Int
  public var test: Int

  public init(training: Int, validation: Int, test: Int) {
    self.training = training
    self.validation = validation
    self.test = test
  }

  /// 70, 10 and 20 % of `total`, as the 2021 benchmark divides the Shenzhen set.
  public init(total: Int) {
    validation = total / 10
    test = total / 5
    training = total - validation - test
  }

  public var total: Int { training + validation + test }

  func count(of part: DatasetPart) -> Int {
    switch part {
    case .training: training
    case .validation: validation
    case .test: test
    }
  }
}
