/// One task of a study: what is asked, on which data, and how the network is trained for it.
public struct TaskSpecification: Codable, Hashable, Sendable {
  /// The name that folders, tables and overrides use.
  public var name: String
  public var kind: TaskKind
  /// Whether the task is a row of the table. A task that is not serves only as a pre-training set.
  public var isTarget: Bool
  /// The published data set that the images are of, such as `ChestX-ray14`, where it is one. Weights whose catalog entry was trained on
  /// it are not compared on this task.
  public var dataset: String?
  public var data: DataSource
  /// How the pictures of the data's files are read; nil as they come.
  public var pictures: PictureChoices?
  /// Whose images they are, where the source does not tell.
  public var patients: PatientTable?
  /// The whole recipe: the built-in defaults of the kind, the study's changes and the task's own.
  public var recipe: Recipe
  /// Whether the study leaves the recipe's precision to what is fastest on the machine that runs it first (`precision: fastest`). The recipe
  /// then holds the one that was found (`PrecisionRecord`), or `float32` before any was.
  public var takesFastestPrecision = false
  /// The name of the built-in task it was made of.
  public var builtIn: String?
  /// The classes that the task's metrics are of, in the order of its tables; nil for all that it is trained on. Predictions of the others
  /// are kept beside them.
  public var scoredClasses: [String]?
  /// What is measured beside what every task of the kind has; no part of a run's identity.
  public var metrics: [FurtherMetric]
  /// How much of the training images runs see, each fraction a row of the table. Only a target has others than the whole.
  public var fractions: [TrainingFraction]
  /// The modes that the task is run in beside its recipe's, each a group of rows of its own. Only a target has any.
  public var furtherModes: [FineTuningMode]
  /// The codes of findings of the data check that the study takes as read, such as `masks.empty`; no part of a run's identity.
  public var acceptedFindings: [String]

  public init(
    name: String, kind: TaskKind, isTarget: Bool = true, dataset: String? = nil, data: DataSource, pictures: PictureChoices? = nil, patients: PatientTable? = nil,
    recipe: Recipe? = nil,
    builtIn: String? = nil, scoredClasses: [String]? = nil, metrics: [FurtherMetric] = [], fractions: [TrainingFraction] = [.whole],
    furtherModes: [FineTuningMode] = [], acceptedFindings: [String] = []
  ) {
    self.name = name
    self.kind = kind
    self.isTarget = isTarget
    self.dataset = dataset
    self.data = data
    self.pictures = pictures
    self.patients = patients
    self.recipe = recipe ?? .standard(for: kind)
    self.builtIn = builtIn
    self.scoredClasses = scoredClasses
    self.metrics = metrics
    self.fractions = fractions
    self.furtherModes = furtherModes
    self.acceptedFindings = acceptedFindings
  }
}

extension TaskSpecification {
  /// Into how many folds the images are parted, each the test part once; nil where there is one test part.
  public var folds: Int? { data.split.folds }

  /// Every fold, from 1; one nil where there are none.
  public var everyFold: [Int?] { folds.map { Array(1...max(1, $0)) } ?? [nil] }

  /// The same task with the parts of one of its folds.
  public func inFold(_ fold: Int?) -> TaskSpecification {
    guard let fold else { return self }
    var task = self
    task.data = data.inFold(fold)
    return task
  }
}
