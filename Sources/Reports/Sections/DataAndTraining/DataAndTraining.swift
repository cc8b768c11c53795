internal import Figures
internal import Foundation
internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
internal import Studies
internal import Vocabulary

/// Which images a study's numbers are of, how its networks were trained, and on what: what a reader must know before believing them.
///
/// From the files of the runs and those of the study (`splits/`, `audits/`, `training-lists/`): no image is needed.
struct DataAndTraining: StudySection {
  struct Task: Codable, Hashable, Sendable {
    let task: String
    /// Of a task with folds that of the first.
    let split: Available<SplitRecord>
    /// Of a task with folds that of each; nil for others.
    let folds: [SplitRecord]?
    /// The images that runs could not read, by part.
    let leftOut: Available<[String: Int]>
    let audit: Available<AuditFindings>
    /// The lists of training images that initializations name, with what is on them.
    let lists: [ListFinding]
    /// Those whose list was not compared with the task's images as they are.
    let uncheckedLists: [String]
    /// Each recipe, with those it was used for; several where weights bring their own preprocessing.
    let recipes: [RecipeUse]
    let groups: [Group]
    let looks: TestSetLooks
  }

  /// What the last audit found.
  struct AuditFindings: Codable, Hashable, Sendable {
    let identicalAcross: Int
    let identicalWithin: Int
    let nearAcross: Int
    let nearWithin: Int
    let labelConflicts: Int
    let uniform: Int
    let unreadable: Int
    /// Test images that are known from training or validation.
    let leakingTestImages: Int
    /// Test images that a task which initializations were trained on in the study has for training or validation.
    let lineages: [AuditRecord.Lineage]
  }

  struct ListFinding: Codable, Hashable, Sendable {
    let initializations: [String]
    let list: String
    let sha256: String
    let entries: Int
    let testImages: Int
    /// Test images on the list, by how they were recognized.
    let found: [String: Int]
    /// What is said of further names that agree and prove nothing; nil for none.
    let unproven: String?

    var foundCount: Int { found.values.reduce(0, +) }
  }

  struct RecipeUse: Codable, Hashable, Sendable {
    let initializations: [String]
    let recipe: SpelledSettings
    let arithmetic: String
  }

  /// The runs of one initialization at one amount of training images.
  struct Group: Codable, Hashable, Sendable {
    let initialization: String
    let fraction: TrainingFraction
    let seeds: [Int]
    /// The last epoch, and that of the weights that were tested, least and most over the runs whose history was read.
    let epochs: Available<Span>
    let bestEpoch: Available<Span>
    let historiesRead: Int
    /// Of a run: the median, and all together. Of interrupted runs the last start alone.
    let medianSeconds: Available<Double>
    let allSeconds: Available<Double>
    let interruptedRuns: Int
    /// Places in `machines`, with the runs made there.
    let machines: [Machines]
    let firstBegan: String?
    let lastEnded: String?
    /// The first metric without the test images that are known from training.
    let leakFree: Available<LeakFree>
  }

  struct Span: Codable, Hashable, Sendable {
    let least: Int
    let most: Int
  }

  struct Machines: Codable, Hashable, Sendable {
    let machine: Int
    let runs: Int
  }

  struct LeakFree: Codable, Hashable, Sendable {
    let imagesLeftOut: Int
    let whole: Summary
    let without: Summary
    /// How the values are written; nil for percent.
    let scale: ResultTable.Scale?
  }

  static let id = "dataAndTraining"

  let tasks: [Task]
  /// Everything that may give other bytes for the same run, each combination once, those with most runs first.
  let machines: [RunEnvironment]
  /// Runs whose machine is not known.
  let runsWithoutMachine: Int
  /// Test sets that are none of the tasks', about which runs were asked with `medtransfer evaluate`.
  let looksElsewhere: [LooksElsewhere]

  var title: String { "Data and training" }

  static func part(of group: GroupContents) -> GroupTraining? { group.runs.isEmpty ? nil : GroupTraining(group) }

  static func make(_ parts: [CellGroup.Key: GroupTraining], _ context: SectionContext) throws -> DataAndTraining? {
    if parts.isEmpty { return nil }
    let runs = parts.values.flatMap(\.runs)
    var counts = [RunEnvironment: Int]()
    for environment in runs.flatMap(\.environments) { counts[environment, default: 0] += 1 }
    let machines = counts.sorted { ($1.value, $0.key.sortKey) < ($0.value, $1.key.sortKey) }.map(\.key)
    let places = Dictionary(uniqueKeysWithValues: machines.enumerated().map { ($1, $0) })
    let others = try OtherRuns(context)
    let lists = TrainingListFindings(context.outline, context.source)
    let reported = context.groups.compactMap { group in parts[group.key].map { (key: group.key, training: $0) } }
    let tasks = try context.outline.tasks.map { task -> Task in
      let groups = reported.filter { $0.key.task == task.name }, splits = splits(of: task, context.source)
      return Task(
        task: task.name, split: splits.map { $0[0] }, folds: task.folds == nil ? nil : splits.known,
        leftOut: leftOut(groups.map(\.training)),
        audit: try audit(of: task, context.source), lists: lists.current(task),
        uncheckedLists: lists.unchecked(task), recipes: try recipes(groups), groups: groups.map { Group($0.key, $0.training, machines: places) },
        looks: try others.looks(at: task, reported))
    }
    return DataAndTraining(
      tasks: tasks, machines: machines, runsWithoutMachine: runs.count(where: \.environments.isEmpty),
      looksElsewhere: try others.looksElsewhere(context.outline.tasks, reported))
  }

  // MARK: - Reading

  /// How the task's images are parted: one record, or one a fold, of which none may be missing.
  private static func splits(of task: StudyOutline.Task, _ source: any RunSource) -> Available<[SplitRecord]> {
    var found: [SplitRecord] = []
    for fold in task.everyFold {
      let path = SplitRecord.path(of: task.name, fold: fold)
      do {
        guard let record = try StudyFiles.read(SplitRecord.self, at: path, from: source) else {
          return .notAvailable(reason: "the study's output has no \(path); “medtransfer run” writes it, and makes no finished run anew")
        }
        // What is known of the task's data is of its first fold.
        if let data = task.data, found.isEmpty, !record.isOf(data: data) {
          return .notAvailable(reason: "\(path) is of other data than the runs")
        }
        found.append(record)
      } catch {
        return .notAvailable(reason: "\(path) cannot be read, or is not as it was written; “medtransfer run” writes it anew, and makes no finished run anew")
      }
    }
    return .value(found)
  }

  private static func audit(of task: StudyOutline.Task, _ source: any RunSource) throws -> Available<AuditFindings> {
    let path = AuditRecord.path(of: task.name)
    let kept: AuditRecord?
    do {
      kept = try StudyFiles.read(AuditRecord.self, at: path, from: source)
    } catch {
      return .notAvailable(reason: "\(path) cannot be read, or is not as it was written; “medtransfer tasks audit” makes a new one")
    }
    guard let record = kept else {
      return .notAvailable(reason: "no audit of its images is kept; “medtransfer tasks audit” makes one")
    }
    guard task.isAbout(record.data, in: source) else {
      return .notAvailable(reason: "\(path) is of other data than the runs; “medtransfer tasks audit” makes a new one")
    }
    return .value(
      AuditFindings(
        identicalAcross: record.identicalAcross, identicalWithin: record.identicalWithin, nearAcross: record.nearAcross,
        nearWithin: record.nearWithin, labelConflicts: record.labelConflicts, uniform: record.uniform, unreadable: record.unreadable,
        leakingTestImages: record.leakingTestImages.count, lineages: record.lineages))
  }

  private static func leftOut(_ groups: [GroupTraining]) -> Available<[String: Int]> {
    let known = groups.compactMap(\.leftOut)
    guard !known.isEmpty else { return .notAvailable(reason: "the runs say nothing of images that they could not read") }
    return .value(known.reduce(into: [String: Set<String>]()) { $0.merge($1) { $0.union($1) } }.mapValues(\.count))
  }

  private static func recipes(_ groups: [(key: CellGroup.Key, training: GroupTraining)]) throws -> [RecipeUse] {
    var uses = [(recipe: Recipe, arithmetic: String, initializations: [String])]()
    for group in groups {
      guard let configuration = group.training.configuration else { continue }
      let arithmetic = configuration.arithmetic.rawValue
      if let index = uses.firstIndex(where: { $0.recipe == configuration.recipe && $0.arithmetic == arithmetic }) {
        if !uses[index].initializations.contains(group.key.initialization) { uses[index].initializations.append(group.key.initialization) }
      } else {
        uses.append((configuration.recipe, arithmetic, [group.key.initialization]))
      }
    }
    return try uses.map { RecipeUse(initializations: $0.initializations, recipe: try SpelledSettings(ofUsed: $0.recipe), arithmetic: $0.arithmetic) }
  }
}

extension DataAndTraining.Group {
  init(_ key: CellGroup.Key, _ training: GroupTraining, machines: [RunEnvironment: Int]) {
    initialization = key.initialization
    fraction = key.fraction
    let runs = training.runs
    seeds = runs.map(\.seed)
    let counts = runs.compactMap(\.epochs), times = runs.compactMap(\.timing)
    historiesRead = counts.count
    let noHistory = "no history of its runs can be read"
    epochs = .init(counts.map(\.last), orNot: noHistory)
    bestEpoch = .init(counts.map(\.best), orNot: noHistory)
    let seconds = times.map(\.seconds).sorted()
    let noTimes = "its runs do not say how long they took"
    medianSeconds = seconds.isEmpty ? .notAvailable(reason: noTimes) : .value((seconds[(seconds.count - 1) / 2] + seconds[seconds.count / 2]) / 2)
    allSeconds = seconds.isEmpty ? .notAvailable(reason: noTimes) : .value(seconds.reduce(0, +))
    interruptedRuns = times.count { $0.resumedAfterStep != nil }
    var made = [Int: Int]()
    for environment in runs.flatMap(\.environments) { if let place = machines[environment] { made[place, default: 0] += 1 } }
    self.machines = made.keys.sorted().map { .init(machine: $0, runs: made[$0] ?? 0) }
    firstBegan = times.compactMap(\.began).min()
    lastEnded = times.compactMap(\.ended).max()
    leakFree =
      training.leakFree.map { found in
        .value(
          .init(
            imagesLeftOut: found.leftOut, whole: Summary(found.values.compactMap(\.whole.number)),
            without: Summary(found.values.compactMap(\.without.number)), scale: found.scale))
      } ?? .notAvailable(reason: "no audit of these data found a test image in training or validation")
  }
}

extension Available<DataAndTraining.Span> {
  init(_ values: [Int], orNot reason: String) {
    guard let least = values.min(), let most = values.max() else {
      self = .notAvailable(reason: reason)
      return
    }
    self = .value(DataAndTraining.Span(least: least, most: most))
  }
}

extension RunEnvironment {
  /// For an order that does not depend on which thread was first.
  fileprivate var sortKey: String { [program, libtorch, deviceWords, processor, vectorInstructions, system, "\(threads)"].joined(separator: "\n") }
}
