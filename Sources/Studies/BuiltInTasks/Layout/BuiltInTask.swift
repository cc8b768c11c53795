/// A published task: what is asked of which data set, where its files lie below a root, and what tells a good copy from a bad one.
///
/// A value, not a code path: reading, checking and showing a task know nothing of it but what stands here. Paths are relative to
/// the root that a study gives.
public struct BuiltInTask: Hashable, Sendable {
  /// The short name that studies and the published tables use, such as `DXC14`.
  public let name: String
  /// What is asked, in a few words: “Fourteen thorax diseases”.
  public let title: String
  public let kind: TaskKind
  /// The name of the data set, as weights name what they were trained on: `ChestX-ray14`.
  public let dataset: String
  public let modality: Modality
  /// Where images, labels or masks are, below the root.
  public let data: DataSource
  /// The files a copy has.
  public let layout: TaskLayout
  /// The recipe of the task: the kind's standard with the task's own changes.
  public let recipe: Recipe
  /// What the publications report.
  public let metric: TaskMetric
  /// The classes the metric is of, in the order of the tables; nil where it is of all.
  public let scoredClasses: [String]?
  /// What is measured beside what every task of the kind has.
  public let metrics: [FurtherMetric]
  /// Splits that a good copy may have, the one that the publications use first.
  public let splits: [ExpectedSplit]
  /// The images of a whole copy, where neither a split nor the files of the layout say how many they are.
  public let images: Int?
  /// The patients of a whole copy, where the publisher states them and files or tables name them.
  public let patients: Int?
  /// The number of images that have each class, over all parts; empty where it is not published.
  public let positives: [String: Int]
  public let citation: Citation
  /// Who gives the data and on what terms.
  public let access: DataAccess
  /// What a user should know before comparing with published numbers, one sentence each.
  public let remarks: [String]
  /// What no source was found for, one sentence each: it may be wrong.
  public let unverified: [String]

  public init(
    name: String, title: String, kind: TaskKind, dataset: String, modality: Modality, data: DataSource, layout: TaskLayout,
    recipe: Recipe? = nil, metric: TaskMetric, scoredClasses: [String]? = nil, metrics: [FurtherMetric] = [], splits: [ExpectedSplit] = [],
    images: Int? = nil, patients: Int? = nil, positives: [String: Int] = [:], citation: Citation, access: DataAccess, remarks: [String] = [],
    unverified: [String] = []
  ) {
    self.name = name
    self.title = title
    self.kind = kind
    self.dataset = dataset
    self.modality = modality
    self.data = data
    self.layout = layout
    self.recipe = recipe ?? .standard(for: kind)
    self.metric = metric
    self.scoredClasses = scoredClasses
    self.metrics = metrics
    self.splits = splits
    self.images = images
    self.patients = patients
    self.positives = positives
    self.citation = citation
    self.access = access
    self.remarks = remarks
    self.unverified = unverified
  }

  /// The classes in the order of the network's outputs; empty for a segmentation of one object.
  public var classNames: [String] { kind.hasSeveralMasks ? data.maskClasses : kind.isSegmentation ? [] : data.classNames }

  /// The task of a study that reads a copy below `root`, an absolute path.
  ///
  /// - Parameter name: What the study calls it; its own name where nil.
  public func specification(root: String, name: String? = nil) -> TaskSpecification {
    TaskSpecification(
      name: name ?? self.name, kind: kind, dataset: dataset, data: data.rooted(at: root), recipe: recipe, builtIn: self.name,
      scoredClasses: scoredClasses, metrics: metrics)
  }
}

/// How images were made.
public enum Modality: String, Codable, Sendable, CaseIterable {
  case xray = "X-ray"
  case computedTomography = "CT"
  case fundusPhotography = "fundus photography"
  case ultrasound
  case dermatoscopy
  case opticalCoherenceTomography = "optical coherence tomography"
  case microscopy
}

/// The number that publications give for a task.
public enum TaskMetric: String, Codable, Sendable, CaseIterable {
  /// The plain mean of the AUROC of the scored classes.
  case meanAUROC = "mean AUROC"
  case auroc = "AUROC"
  case dice = "Dice"
}

/// The sizes of the parts of one published split.
public struct ExpectedSplit: Codable, Hashable, Sendable {
  /// Whose split it is: “2021 lists”.
  public let name: String
  /// Numbers of images; nil where the split does not fix the part.
  public let training: Int?
  public let validation: Int?
  public let test: Int?
  /// Numbers of patients, where they are published.
  public let trainingPatients: Int?
  public let validationPatients: Int?
  public let testPatients: Int?

  public init(
    _ name: String, training: Int? = nil, validation: Int? = nil, test: Int? = nil, trainingPatients: Int? = nil, validationPatients: Int? = nil,
    testPatients: Int? = nil
  ) {
    self.name = name
    self.training = training
    self.validation = validation
    self.test = test
    self.trainingPatients = trainingPatients
    self.validationPatients = validationPatients
    self.testPatients = testPatients
  }
}

/// The paper that made a data set public.
public struct Citation: Codable, Hashable, Sendable {
  /// Authors, title, place and year, in one line.
  public let text: String
  /// Without a prefix: `10.1109/CVPR.2017.369`; nil where there is none.
  public let doi: String?

  public init(_ text: String, doi: String?) {
    self.text = text
    self.doi = doi
  }
}

/// Where a data set is to be had, and what its publisher allows.
public struct DataAccess: Codable, Hashable, Sendable {
  /// The publisher's page.
  public let url: String
  /// What to do there, in the imperative: “Download images_001.tar.gz … images_012.tar.gz and unpack them in one folder.”
  public let steps: String
  /// The license's name, or the terms in a few words.
  public let license: String

  public init(url: String, steps: String, license: String) {
    self.url = url
    self.steps = steps
    self.license = license
  }
}
