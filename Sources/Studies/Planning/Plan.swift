internal import Containers
internal import Weights

/// The runs of a study, in an order in which each starts after those it needs.
///
/// Pre-training runs come first. Then all targets with the first seed, all with the second and so on, so that an early
/// stop leaves a whole table of fewer seeds. A run that several cells start from is there once, and a pre-training run
/// that is also a target is one run.
public struct Plan: Sendable, Hashable {
  /// A field of the table that stays empty.
  public struct NotApplicable: Codable, Hashable, Sendable {
    public let task: String
    public let initialization: String

    public init(task: String, initialization: String) {
      self.task = task
      self.initialization = initialization
    }
  }

  public let study: Study
  public internal(set) var cells: [Cell]
  /// Cells of the study that are left out, since the verdicts they would be for are settled without them.
  public internal(set) var notNeeded: [Cell] = []
  /// The numerics revision of the cells: the program's own, or the one that kept runs are of.
  public let numericsRevision: Int
  /// Target tasks on which an initialization was itself trained: in the study, directly or through the one it started from, or by
  /// the publisher of its weights.
  public let notApplicable: [NotApplicable]
  /// What each cell's identity is made of, by identity.
  public let configurations: [String: CellConfiguration]

  public func cell(identity: String) -> Cell? { cells.first { $0.identity == identity } }

  public func isApplicable(task: String, initialization: String) -> Bool {
    !notApplicable.contains(NotApplicable(task: task, initialization: initialization))
  }

  /// The cells a cell descends from, nearest first.
  public func lineage(of cell: Cell) -> [Cell] {
    var ancestors = [Cell](), next = cell.source
    while let identity = next, let ancestor = self.cell(identity: identity), !ancestors.contains(ancestor) {
      ancestors.append(ancestor)
      next = ancestor.source
    }
    return ancestors
  }
}

extension Study {
  /// The tasks an initialization was trained on with their labels: its own, and those of the initializations it started from.
  public func pretrainingTasks(of initialization: String) -> [String] {
    var tasks = [String](), walked = Set<String>(), name = initialization
    while walked.insert(name).inserted, let source = self.initialization(named: name)?.source, let start = source.start {
      // A pre-training sees images of tasks without their labels.
      if case .training(let task, _, _) = source { tasks.append(task) }
      name = start
    }
    return tasks
  }

  /// Target tasks on which an initialization was itself trained: their fields of the table stay empty.
  public var notApplicable: [Plan.NotApplicable] {
    tasks.filter(\.isTarget).flatMap { task in
      initializations.filter { wasTrained($0.name, on: task) }.map { Plan.NotApplicable(task: task.name, initialization: $0.name) }
    }
  }

  /// Whether an initialization was trained on a task, or on the data set that the task is made of; then there is nothing to compare.
  func wasTrained(_ initialization: String, on task: TaskSpecification) -> Bool {
    if pretrainingTasks(of: initialization).contains(task.name) { return true }
    guard let dataset = task.dataset?.lowercased(), let entry = entry(behind: initialization) else { return false }
    return entry.trainedOn.contains { $0.lowercased() == dataset }
  }
}
