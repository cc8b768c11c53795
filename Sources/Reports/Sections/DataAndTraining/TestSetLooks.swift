internal import Foundation
internal import Foundations
internal import RunStore
internal import Studies

/// How often a test set was looked at: the recipe of this report, and every other one whose runs on the same test images lie, finished,
/// below the same output.
///
/// Who changes a recipe after a look and reports the better result reports a test set that helped to choose. More seeds or
/// initializations of the same recipe are no further look; runs that were deleted cannot be counted.
struct TestSetLooks: Codable, Hashable, Sendable {
  /// A recipe that is not this report's.
  struct Look: Codable, Hashable, Sendable {
    enum Order: String, Codable, Sendable, CaseIterable { case before, beside, after, unknown }

    struct Change: Codable, Hashable, Sendable {
      /// The key in `cell.json`, such as `recipe.epochs`; `name` where a task has another name now; `start` where an
      /// initialization starts from something else.
      let key: String
      let other: String
      let this: String
    }

    let changes: [Change]
    let runs: Int
    /// Whether its runs ended before those of this report began.
    let order: Order

    /// For an order: earlier ones first.
    fileprivate var place: (Int, String) {
      (Order.allCases.firstIndex(of: order) ?? 0, changes.map { "\($0.key) \($0.other) \($0.this)" }.joined(separator: "\n"))
    }
  }

  let others: [Look]
  /// Finished runs of the task on other test images, and on data of which no split is kept: they are no looks at this test set, or
  /// cannot be told to be.
  let runsOnOtherTestImages: Int
  let runsOnUnknownData: Int

  var count: Int { 1 + others.count }
}

/// The finished runs below a study's output that its report does not count.
struct OtherRuns {
  private struct Run {
    let record: CellRecord
    let timing: RunTiming?
  }

  private let runs: [Run]
  private let planned: Set<String>
  private let source: any RunSource

  init(_ context: SectionContext) throws {
    let paths = Set(context.outline.cells.map(\.relativePath)), source = context.source
    let found = try source.runs().filter { !paths.contains($0) }
    self.source = source
    planned = Set(context.outline.tasks.map(\.name))
    runs = concurrentMap(found.count) { index -> Run? in
      let reader = RunReader(source, run: found[index])
      guard let status = try? reader.read(RunStatus.self, from: "status.json"), status.state == .finished, let record = try? reader.record()
      else { return nil }
      return Run(record: record, timing: try? reader.read(RunTiming.self, from: "timing.json"))
    }.compactMap(\.self)
  }

  /// The looks at a task's test images.
  ///
  /// - Parameter groups: this report's, by initialization.
  func looks(at task: StudyOutline.Task, _ groups: [(initialization: String, training: GroupTraining)]) throws -> TestSetLooks {
    let testSets = TestSets(task, source)
    var looks = [[TestSetLooks.Look.Change]: [Run]](), elsewhere = 0, unknown = 0
    // A task that has another name now is still a look at these images.
    for run in runs where run.record.cell.task == task.name || !planned.contains(run.record.cell.task) {
      switch testSets.isSame(run.record.configuration.data, of: run.record.cell.task) {
      case true?:
        let changes = try changes(run, task, groups)
        if !changes.isEmpty { looks[changes, default: []].append(run) }
      case false?: if run.record.cell.task == task.name { elsewhere += 1 }
      case nil: if run.record.cell.task == task.name { unknown += 1 }
      }
    }
    let others = looks.map { changes, runs in
      // Runs of the same initializations are put in order; one that was added later looked with the recipe of that time.
      let names = Set(runs.map(\.record.cell.initialization)), same = groups.filter { names.contains($0.initialization) }
      let own = (same.isEmpty ? groups : same).flatMap { $0.training.runs.map(\.timing) }
      return TestSetLooks.Look(changes: changes, runs: runs.count, order: Self.order(runs.map(\.timing), own))
    }
    return TestSetLooks(
      others: others.sorted { $0.place < $1.place }, runsOnOtherTestImages: elsewhere, runsOnUnknownData: unknown)
  }

  private func changes(
    _ run: Run, _ task: StudyOutline.Task, _ groups: [(initialization: String, training: GroupTraining)]
  ) throws -> [TestSetLooks.Look.Change] {
    let own = groups.first { $0.initialization == run.record.cell.initialization && $0.training.configuration != nil }
    guard let current = (own ?? groups.first { $0.training.configuration != nil })?.training.configuration else { return [] }
    var (before, after) = (try SpelledSettings.flat(run.record.configuration), try SpelledSettings.flat(current))
    for key in Set(before.keys).union(after.keys) where Self.isNoChoice(key, isSameInitialization: own != nil) {
      before[key] = nil
      after[key] = nil
    }
    var changes = Set(before.keys).union(after.keys).sorted().filter { before[$0] != after[$0] }.map {
      TestSetLooks.Look.Change(key: $0, other: before[$0] ?? "none", this: after[$0] ?? "none")
    }
    // What weights were trained by changes with a recipe, so it counts only by itself.
    if changes.isEmpty, own != nil, run.record.configuration.start != current.start {
      changes.append(.init(key: "start of \(run.record.cell.initialization)", other: Self.words(run.record.configuration.start), this: Self.words(current.start)))
    }
    if !changes.isEmpty, run.record.cell.task != task.name { changes.append(.init(key: "name", other: run.record.cell.task, this: task.name)) }
    return changes
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

/// Which data have the same test images as a task, by the splits that are kept, those of an earlier state of the data among them.
private struct TestSets {
  private let data: String?
  private let digest: String?
  private let source: any RunSource

  init(_ task: StudyOutline.Task, _ source: any RunSource) {
    let split = try? StudyFiles.read(SplitRecord.self, at: SplitRecord.path(of: task.name), from: source)
    data = task.data
    self.source = source
    digest = split.flatMap { split in task.data.map { split.isOf(data: $0) } ?? true ? split.parts?["test"]?.sha256 : nil }
  }

  /// Nil where it cannot be told.
  func isSame(_ other: String, of task: String) -> Bool? {
    if other == data { return true }
    guard let digest else { return nil }
    for path in ((try? source.paths(in: StudyFiles.splits)) ?? []) where path.hasSuffix(".json") {
      guard let split = try? StudyFiles.read(SplitRecord.self, at: path, from: source), split.isOf(data: other) else { continue }
      return split.parts?["test"].map { $0.sha256 == digest }
    }
    return nil
  }
}
