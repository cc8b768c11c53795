internal import Foundation
internal import Foundations
internal import Metrics
public import Studies
internal import Weights

/// All that a study's numbers depend on beside the files of its runs: which runs count, and how tasks are measured.
///
/// A plain value, so that numbers can be computed again where neither the study's data sets nor its weights are.
public struct StudyOutline: Codable, Hashable, Sendable {
  public struct Task: Codable, Hashable, Sendable {
    public let name: String
    public let kind: TaskKind
    public let architecture: String
    /// How much of the training images runs see, in the order of the study.
    public let fractions: [TrainingFraction]
    /// The fingerprint of its images, labels and split, which tasks with other architectures may share; nil where it is not known.
    public let data: String?
    /// What its images are grouped by, in the order of the study; nil where by nothing.
    public let groups: [String]?
    /// What the numbers of a regression are counted in; nil for none and for all else.
    public let unit: String?
    /// Into how many folds its images are parted, each the test part once; nil where there is one test part.
    public let folds: Int?

    public init(
      name: String, kind: TaskKind, architecture: String, fractions: [TrainingFraction] = [.whole], data: String? = nil,
      groups: [String]? = nil, unit: String? = nil, folds: Int? = nil
    ) {
      self.name = name
      self.kind = kind
      self.architecture = architecture
      self.fractions = fractions
      self.data = data
      self.groups = groups
      self.unit = unit
      self.folds = folds
    }

    /// What tables call a metric, with the unit where its values have one that is no percent.
    func title(of metric: MetricName) -> String { kind.title(of: metric) + (ownScale(of: metric).flatMap { $0.symbol.isEmpty ? nil : ", \($0.symbol)" } ?? "") }

    /// The same with percent too.
    func titleWithUnit(of metric: MetricName) -> String { title(of: metric) + metric.unit.suffix }

    /// How values of a metric are written; nil for shares, which are written in percent.
    func ownScale(of metric: MetricName) -> ResultTable.Scale? { metric.unit.isPercent ? nil : scale(of: metric) }

    func scale(of metric: MetricName) -> ResultTable.Scale {
      metric.unit == .ofTruth ? .init(symbol: unit ?? "", decimals: metric.unit.decimals) : metric.scale
    }

    /// What differences of its values are in: `points` of percentages, else the values' own unit; empty for none.
    func unitOfDifferences(in metric: MetricName) -> String {
      if case .distance(let unit) = metric.unit { return unit.title }
      return scale(of: metric).differenceUnit
    }

    /// The most training images that runs are planned with: what verdicts speak of.
    var largestFraction: TrainingFraction { fractions.max { $0.value < $1.value } ?? .whole }
  }

  public struct Initialization: Codable, Hashable, Sendable {
    public let name: String
    /// What its method learns from: `supervised`, `clustering`, `random`, …
    public let family: String
    /// Whether it is a supervised training on ImageNet alone, which comparisons start from.
    public let isSupervisedImageNet: Bool
    /// The file name of the list of the images that the weights behind it were trained on; nil where the study names none.
    public let trainingList: String?
    /// The folder of the pre-training on images without labels that made it, below the study's output; nil for others.
    public let pretraining: String?

    public init(name: String, family: String, isSupervisedImageNet: Bool = false, trainingList: String? = nil, pretraining: String? = nil) {
      self.name = name
      self.family = family
      self.isSupervisedImageNet = isSupervisedImageNet
      self.trainingList = trainingList
      self.pretraining = pretraining
    }
  }

  public let study: String
  /// The rows of the table that runs are planned for.
  public let tasks: [Task]
  public let initializations: [Initialization]
  /// The runs that count in the mode that verdicts are of, in the order of the plan.
  public let cells: [Cell]
  public let notApplicable: [Plan.NotApplicable]
  /// Other modes of the same tasks, each for itself: their runs stand beside the others and are never taken together with them. Nil where
  /// there are none.
  public let furtherModes: [Mode]?
  /// The most seeds where they are added round by round until the verdicts are settled; nil where all are run.
  public let seedLimit: Int?

  /// The runs behind those of `cells` that stand for one seed over all folds of a task; nil where no task has folds.
  public let repeats: [Repeat]?

  /// What is planned in a further mode.
  public struct Mode: Codable, Hashable, Sendable {
    public let mode: FineTuningMode
    public let tasks: [Task]
    public let cells: [Cell]
    /// As those of the outline.
    public let repeats: [Repeat]?
  }

  /// The runs of all modes.
  public var allCells: [Cell] { cells + (furtherModes ?? []).flatMap(\.cells) }

  /// A further mode as if the study had no other.
  func alone(_ mode: Mode) -> StudyOutline {
    StudyOutline(study: study, tasks: mode.tasks, initializations: initializations, cells: mode.cells, notApplicable: notApplicable, seedLimit: seedLimit, repeats: mode.repeats)
  }

  public init(
    study: String, tasks: [Task], initializations: [Initialization], cells: [Cell], notApplicable: [Plan.NotApplicable] = [],
    furtherModes: [Mode]? = nil, seedLimit: Int? = nil, repeats: [Repeat]? = nil
  ) {
    self.study = study
    self.tasks = tasks
    self.initializations = initializations
    self.cells = cells
    self.notApplicable = notApplicable
    self.furtherModes = furtherModes
    self.seedLimit = seedLimit
    self.repeats = repeats
  }

  public init(_ plan: Plan) {
    let all = plan.cells.filter { $0.role == .target }, modes = Dictionary(grouping: all, by: \.task).mapValues { Set($0.map(\.mode)) }
    // Of a part of the plan that leaves a task's first mode out, the next is the one that verdicts are of.
    let first = Dictionary(
      plan.study.tasks.compactMap { task in task.modes.first { modes[task.name]?.contains($0) == true }.map { (task.name, $0) } },
      uniquingKeysWith: { first, _ in first })
    let further = FineTuningMode.allCases.compactMap { mode -> Mode? in
      let cells = all.filter { $0.mode == mode && first[$0.task] != mode }
      let (counted, repeats) = Self.gathered(cells)
      return cells.isEmpty ? nil : Mode(mode: mode, tasks: Self.tasks(of: cells, in: plan), cells: counted, repeats: repeats.isEmpty ? nil : repeats)
    }
    let cells = all.filter { first[$0.task] == $0.mode }, (counted, repeats) = Self.gathered(cells)
    self.init(
      study: plan.study.name, tasks: Self.tasks(of: cells, in: plan),
      initializations: plan.study.initializations.map { initialization in
        Initialization(
          initialization, of: plan.study,
          pretraining: plan.cells.first { $0.isSelfSupervised && $0.initialization == initialization.name }?.relativePath)
      }, cells: counted, notApplicable: plan.notApplicable,
      furtherModes: further.isEmpty ? nil : further, seedLimit: plan.study.seeding == .sequential ? plan.study.seeds.count : nil, repeats: repeats.isEmpty ? nil : repeats)
  }

  /// The tasks of some cells, with what is planned of each.
  private static func tasks(of cells: [Cell], in plan: Plan) -> [Task] {
    let planned = Dictionary(grouping: cells, by: \.task).mapValues { Set($0.map(\.fraction)) }
    return plan.study.tasks.filter(\.isTarget).compactMap { task in
      planned[task.name].map { found in
        Task(
          name: task.name, kind: task.kind, architecture: task.recipe.architecture, fractions: task.fractions.filter(found.contains),
          data: cells.filter { $0.task == task.name }.max { $0.fraction.value < $1.fraction.value }
            .flatMap { plan.configurations[$0.identity]?.data },
          groups: task.data.groupColumns.isEmpty ? nil : task.data.groupColumns.map(\.name), unit: task.data.unit, folds: task.folds)
      }
    }
  }

  public func isApplicable(task: String, initialization: String) -> Bool {
    !notApplicable.contains(Plan.NotApplicable(task: task, initialization: initialization))
  }

  /// The initialization that the others are compared with where none is named: supervised ImageNet, else the first.
  public var standardBaseline: String? { (initializations.first(where: \.isSupervisedImageNet) ?? initializations.first)?.name }
}

extension StudyOutline.Initialization {
  init(_ specification: InitializationSpecification, of study: Study, pretraining: String? = nil) {
    let list = study.weights(behind: specification.name)?.trainingImages.map { URL(fileURLWithPath: $0).lastPathComponent }
    switch specification.source {
    case .random: self.init(name: specification.name, family: "random")
    case .training: self.init(name: specification.name, family: "pre-trained in the study", trainingList: list)
    case .pretraining: self.init(name: specification.name, family: "pre-trained in the study", trainingList: list, pretraining: pretraining)
    case .weights(let source):
      let entry = source.entry.flatMap { try? WeightsCatalog.named($0) }
      self.init(
        name: specification.name, family: entry?.family ?? "weights of one's own",
        isSupervisedImageNet: entry?.isSupervisedImageNet ?? false, trainingList: list)
    }
  }
}
