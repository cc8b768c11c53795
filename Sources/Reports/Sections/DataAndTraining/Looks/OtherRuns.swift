internal import Foundation
internal import Foundations
internal import RunStore
internal import Studies

/// The finished runs below a study's output that its report does not count.
struct OtherRuns {
  struct Run {
    let record: CellRecord
    let timing: RunTiming?
    let asked: Set<AskedTestSet>
  }

  /// The runs of this report, by task, initialization and amount of training images.
  typealias Reported = [(key: CellGroup.Key, training: GroupTraining)]

  let runs: [Run]
  private let planned: Set<String>
  private let source: any RunSource

  init(_ context: SectionContext) throws {
    let paths = context.outline.runPaths, source = context.source
    let found = try source.runs().filter { !paths.contains($0) }
    self.source = source
    planned = Set(context.outline.tasks.map(\.name))
    runs = concurrentMap(found.count) { index -> Run? in
      let reader = RunReader(source, run: found[index])
      guard let status = try? reader.read(RunStatus.self, from: "status.json"), status.state == .finished, let record = try? reader.record()
      else { return nil }
      // What learns without labels asks no test set anything.
      if record.cell.isSelfSupervised { return nil }
      return Run(
        record: record, timing: try? reader.read(RunTiming.self, from: "timing.json"),
        asked: AskedTestSet.all(of: reader, identity: record.cell.identity))
    }.compactMap(\.self)
  }

  /// The looks at a task's test images.
  ///
  /// - Parameter reported: the runs of all tasks of this report.
  func looks(at task: StudyOutline.Task, _ reported: Reported) throws -> TestSetLooks {
    let testSets = TestSets(task, source), groups = Self.groups(of: task.name, reported)
    var looks = [[TestSetLooks.Look.Change]: [Run]](), elsewhere = 0, unknown = 0, counted = Set<String>()
    // A task that has another name now is still a look at these images.
    for run in runs where run.record.cell.task == task.name || !planned.contains(run.record.cell.task) {
      switch testSets.isSame(run.record.configuration.data, of: run.record.cell.task) {
      case true?:
        let changes = try changes(run, task.name, groups)
        counted.insert(run.record.cell.identity)
        if !changes.isEmpty { looks[changes, default: []].append(run) }
      case false?: if run.record.cell.task == task.name { elsewhere += 1 }
      case nil: if run.record.cell.task == task.name { unknown += 1 }
      }
    }
    let others = looks.map { changes, runs in
      TestSetLooks.Look(changes: changes, runs: runs.count, order: Self.order(of: runs, beside: groups))
    }
    // A run that was tested on these images already does not look again when it is asked about them.
    let asked = try askedLooks(
      reported.filter { $0.key.task != task.name }, runs.filter { !counted.contains($0.record.cell.identity) }, of: reported,
      at: allAsked(reported).filter { testSets.isSame($0) })
    return TestSetLooks(
      others: others.sorted { $0.place < $1.place }, asked: asked, runsOnOtherTestImages: elsewhere, runsOnUnknownData: unknown)
  }

  /// The looks by `medtransfer evaluate` at test sets that are none of this report's tasks'.
  func looksElsewhere(_ tasks: [StudyOutline.Task], _ reported: Reported) throws -> [LooksElsewhere] {
    let own = tasks.map { TestSets($0, source) }, all = allAsked(reported)
    // Records of one data set with and without the digest of its test images are of one test set.
    let digests = Dictionary(all.compactMap { set in set.testSet.map { (set.data, $0) } }, uniquingKeysWith: { first, _ in first })
    func name(_ set: AskedTestSet) -> String { set.testSet ?? digests[set.data] ?? "data \(set.data)" }
    let others = Dictionary(grouping: all.filter { set in !own.contains { $0.isSame(set) } }, by: name)
    return try others.keys.sorted().map { wanted in
      let looks = try askedLooks(reported, runs, of: reported, at: all.filter { name($0) == wanted })
      return LooksElsewhere(onTask: others[wanted]?.map(\.task).min() ?? "", looks: looks)
    }.sorted { ($0.onTask, $0.looks.first?.task ?? "") < ($1.onTask, $1.looks.first?.task ?? "") }
  }

  /// Each test set once that any run was asked about.
  private func allAsked(_ reported: Reported) -> Set<AskedTestSet> {
    Set(reported.flatMap { $0.training.asked.keys } + runs.flatMap(\.asked))
  }

  /// One for each recipe whose runs were asked about one of some test sets, which are the same images.
  private func askedLooks(
    _ asked: Reported, _ others: [Run], of reported: Reported, at wanted: Set<AskedTestSet>
  ) throws -> [AskedLook] {
    if wanted.isEmpty { return [] }
    /// Of a task that is not reported there is nothing to compare with: its recipes are told apart by themselves.
    struct Recipe: Hashable {
      let task: String
      let changes: [TestSetLooks.Look.Change]
      let itself: [String: String]
    }
    var counts = [Recipe: Int](), made = [Recipe: [Run]]()
    for group in asked {
      guard let runs = group.training.asked.filter({ wanted.contains($0.key) }).values.max() else { continue }
      counts[Recipe(task: group.key.task, changes: [], itself: [:]), default: 0] += runs
    }
    for run in others where !wanted.isDisjoint(with: run.asked) {
      let task = run.record.cell.task, groups = Self.groups(of: task, reported)
      let recipe =
        groups.isEmpty
        ? Recipe(task: task, changes: [], itself: try Self.choices(run.record.configuration, isSameInitialization: false))
        : Recipe(task: task, changes: try changes(run, task, groups), itself: [:])
      counts[recipe, default: 0] += 1
      made[recipe, default: []].append(run)
    }
    let looks = counts.map { recipe, count in
      let groups = Self.groups(of: recipe.task, reported)
      return AskedLook(
        task: recipe.task, isReported: !groups.isEmpty, changes: recipe.changes, runs: count,
        order: recipe.changes.isEmpty ? .unknown : Self.order(of: made[recipe] ?? [], beside: groups))
    }
    return looks.sorted { $0.place < $1.place }
  }

  private typealias Groups = [(initialization: String, training: GroupTraining)]

  private static func groups(of task: String, _ reported: Reported) -> Groups {
    reported.filter { $0.key.task == task }.map { ($0.key.initialization, $0.training) }
  }

  /// Runs of the same initializations are put in order; one that was added later looked with the recipe of that time.
  private static func order(of runs: [Run], beside groups: Groups) -> TestSetLooks.Look.Order {
    let names = Set(runs.map(\.record.cell.initialization)), same = groups.filter { names.contains($0.initialization) }
    return order(runs.map(\.timing), (same.isEmpty ? groups : same).flatMap { $0.training.runs.map(\.timing) })
  }

  /// What of a run's recipe is another than this report's of a task.
  private func changes(_ run: Run, _ task: String, _ groups: Groups) throws -> [TestSetLooks.Look.Change] {
    let own = groups.first { $0.initialization == run.record.cell.initialization && $0.training.configuration != nil }
    guard let current = (own ?? groups.first { $0.training.configuration != nil })?.training.configuration else { return [] }
    let before = try Self.choices(run.record.configuration, isSameInitialization: own != nil)
    let after = try Self.choices(current, isSameInitialization: own != nil)
    var changes = Set(before.keys).union(after.keys).sorted().filter { before[$0] != after[$0] }.map {
      TestSetLooks.Look.Change(key: $0, other: before[$0] ?? "none", this: after[$0] ?? "none")
    }
    // What weights were trained by changes with a recipe, so it counts only by itself.
    if changes.isEmpty, own != nil, run.record.configuration.start != current.start {
      changes.append(.init(key: "start of \(run.record.cell.initialization)", other: Self.words(run.record.configuration.start), this: Self.words(current.start)))
    }
    if !changes.isEmpty, run.record.cell.task != task { changes.append(.init(key: "name", other: run.record.cell.task, this: task)) }
    return changes
  }

  private static func choices(_ configuration: CellConfiguration, isSameInitialization: Bool) throws -> [String: String] {
    try SpelledSettings.flat(configuration).filter { !isNoChoice($0.key, isSameInitialization: isSameInitialization) }
  }

  /// What differs between the runs of one recipe: the factors of a grid, the data, and, between initializations, what weights bring along.
  private static func isNoChoice(_ key: String, isSameInitialization: Bool) -> Bool {
    if key == "seed" || key == "fraction" || key == "data" || key.hasPrefix("start") { return true }
    if isSameInitialization { return false }
    return key == "arithmetic" || ["recipe.inputChannels", "recipe.interpolation", "recipe.normalization"].contains { key.hasPrefix($0) }
  }

  private static func words(_ start: CellConfiguration.Start) -> String {
    switch start {
    case .random: "random values"
    case .weights(let fingerprint, _, _): "weights \(fingerprint.prefix(12))"
    case .cell(let identity): "run \(identity.prefix(12))"
    }
  }

  private static func order(_ others: [RunTiming?], _ own: [RunTiming?]) -> TestSetLooks.Look.Order {
    let (began, ended) = (others.compactMap { $0?.began }, others.compactMap { $0?.ended })
    let (ownBegan, ownEnded) = (own.compactMap { $0?.began }, own.compactMap { $0?.ended })
    guard began.count == others.count, ownBegan.count == own.count, let first = began.min(), let last = ended.max(), let ownFirst = ownBegan.min(),
      let ownLast = ownEnded.max()
    else { return .unknown }
    // Texts of one form and one zone are in the order of their times.
    return last <= ownFirst ? .before : first >= ownLast ? .after : .beside
  }
}
