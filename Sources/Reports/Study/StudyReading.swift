internal import Foundation
internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
internal import Studies

/// The runs of a study, read: how far each is, and what follows from its predictions.
///
/// A group of runs that differ in their seed alone is read by one thread, and its predictions are let go before the next, so
/// that the memory used does not grow with the study.
struct StudyReading: Sendable {
  /// A run that is planned, and what came of it.
  struct Run: Sendable {
    let cell: Cell
    let state: CellState
    /// Of a finished run, recomputed from its predictions.
    let metrics: RunMetrics?
    /// What is to be said of a finished run's files.
    var findings = RunFindings()
    /// The runs of its folds, where it is a repeat of a cross-validation.
    var folds: [Cell] = []

    /// What lies below the study's output for it.
    var runCells: [Cell] { folds.isEmpty ? [cell] : folds }
  }

  /// How much is computed beside the metrics of each run.
  enum Depth {
    case metrics
    /// How patients move one metric; nil for the first of each task.
    case evidence(MetricName?)
    case everything(StudySettings)
  }

  /// In the order of the outline's cells.
  let runs: [Run]
  /// One for each task, initialization and fraction that has cells; empty for all but `.everything`.
  let groups: [CellGroup]
  /// What the groups contribute to the sections of the report; empty for all but `.everything`.
  let parts: [CellGroup.Key: StudySections.Parts]
  /// Of each metric of a task's table, or of the one that is asked for, how patients move it; empty for `.metrics`.
  let evidence: [CellGroup.Key: [MetricName: TaskEvidence.Group]]
  /// The same of each further mode of the outline, apart.
  private(set) var furtherModes: [(mode: StudyOutline.Mode, reading: StudyReading)] = []

  /// The runs of all modes.
  var allRuns: [Run] { runs + furtherModes.flatMap(\.reading.runs) }

  init(
    _ outline: StudyOutline, from source: any RunSource, depth: Depth, seals: SealCheck = .quick,
    planned: @escaping @Sendable (String) -> CellConfiguration? = { _ in nil }
  ) {
    let keys = outline.cells.map(CellGroup.Key.init)
    var order: [CellGroup.Key] = [], members: [CellGroup.Key: [Int]] = [:]
    for (index, key) in keys.enumerated() {
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(index)
    }
    let tasks = Dictionary(outline.tasks.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    // A cell of a task that the outline does not have has no row to stand in.
    let jobs = order.compactMap { key in
      tasks[key.task].map { task in (key: key, task: task, cells: (members[key] ?? []).map { outline.cells[$0] }) }
    }
    // Once a task, since a table is as long as its data set.
    var strata: [String: Available<TestGroups>] = [:]
    if case .everything = depth { for task in outline.tasks { strata[task.name] = TestGroups.read(task, from: source) } }
    let groupsOfTask = strata, folds = outline.foldsByIdentity
    let readings = concurrentMap(jobs.count) { index in
      let job = jobs[index]
      return GroupReading(
        job.key, job.cells, task: job.task, source: source, depth: depth, seals: seals, groupCount: jobs.count, groups: groupsOfTask[job.key.task],
        folds: folds, planned: planned)
    }
    var runs = [Run?](repeating: nil, count: outline.cells.count)
    for (job, reading) in zip(jobs, readings) {
      for (place, run) in zip(members[job.key] ?? [], reading.runs) { runs[place] = run }
    }
    self.runs = runs.compactMap(\.self)
    groups = readings.compactMap(\.group)
    evidence = Dictionary(zip(jobs, readings).map { ($0.key, $1.evidence) }, uniquingKeysWith: { first, _ in first })
    parts = Dictionary(
      zip(jobs, readings).compactMap { job, reading in reading.parts.map { (job.key, $0) } }, uniquingKeysWith: { first, _ in first })
    furtherModes = (outline.furtherModes ?? []).map { mode in
      (mode, StudyReading(outline.alone(mode), from: source, depth: depth, seals: seals, planned: planned))
    }
  }
}

/// The runs of one group as one thread reads them.
private struct GroupReading: Sendable {
  let runs: [StudyReading.Run]
  let group: CellGroup?
  let parts: StudySections.Parts?
  let evidence: [MetricName: TaskEvidence.Group]

  init(
    _ key: CellGroup.Key, _ cells: [Cell], task: StudyOutline.Task, source: any RunSource, depth: StudyReading.Depth, seals: SealCheck,
    groupCount: Int, groups: Available<TestGroups>?, folds: [String: [Cell]], planned: (String) -> CellConfiguration?
  ) {
    let kind = task.kind
    var runs: [StudyReading.Run] = [], seeds: [SeedPredictions.Seed] = [], counted: [GroupContents.Run] = []
    var isSameForEverySeed = true, fewShots: [ProbeRecord.FewShot] = []
    // The runs differ in their seed, and are of the same images.
    var knownRecord = KnownRecord(), known = KnownRows(), knownOfValidation = KnownRows(), knownOfFolds = RepeatReading.Known()
    for cell in cells {
      if let own = folds[cell.identity] {
        var comparesMetrics = true
        if case .metrics = depth { comparesMetrics = false }
        let found = RepeatReading(
          own, count: task.folds ?? own.count, kind: kind, source: source, seals: seals, comparesMetrics: comparesMetrics, known: &knownOfFolds, planned: planned)
        guard let folded = found.folded else {
          runs.append(.init(cell: cell, state: found.state, metrics: nil, folds: own))
          continue
        }
        if case .metrics = depth {
          runs.append(.init(cell: cell, state: found.state, metrics: folded.metrics(of: kind), findings: found.findings, folds: own))
          continue
        }
        let seed = SeedPredictions.Seed(folded)
        runs.append(.init(cell: cell, state: found.state, metrics: seed.metrics, findings: found.findings, folds: own))
        seeds.append(seed)
        isSameForEverySeed = isSameForEverySeed && found.isSameForEverySeed
        counted.append(.init(cell: cell, predictions: folded.together, metrics: seed.metrics, readers: found.readers, folded: folded))
        continue
      }
      let reader = RunReader(source, run: cell.relativePath)
      let condition = reader.condition(of: cell, planned: planned, check: seals, known: &knownRecord), state = condition.state
      guard let imageCount = condition.imageCount else {
        runs.append(.init(cell: cell, state: state, metrics: nil))
        continue
      }
      do {
        let found = try condition.predictions ?? reader.predictions(imageCount: imageCount, known: &known)
        guard found.isOf(kind) else { throw ReportsError.otherKind(of: reader.run) }
        switch depth {
        case .metrics:
          runs.append(.init(cell: cell, state: state, metrics: found.metrics(of: kind), findings: RunFindings(condition, reader, own: nil)))
        case .evidence, .everything:
          let (metrics, measures) = found.measured(validation: try reader.validationPredictions(known: &knownOfValidation))
          runs.append(.init(cell: cell, state: state, metrics: metrics, findings: RunFindings(condition, reader, own: metrics)))
          seeds.append(SeedPredictions.Seed(found, metrics, measures))
          let probe = Self.probe(cell, reader)
          // Another seed of a training gives other answers; of a head that is what it says.
          isSameForEverySeed = isSameForEverySeed && probe?.dependsOnSeed == false
          fewShots += [probe?.fewShot].compactMap(\.self)
          counted.append(.init(cell: cell, predictions: found, metrics: metrics, readers: [reader], folded: nil))
        }
      } catch {
        let reason = sentence(for: error)
        runs.append(.init(cell: cell, state: SystemFault.isFault(error) ? .unreadable(reason: reason) : .broken(reason: reason), metrics: nil))
      }
    }
    self.runs = runs
    if case .evidence(let metric) = depth {
      let wanted = (metric.map(\.macro) ?? kind.tableMetrics[0]), isOfKind = kind.isJudged(by: wanted)
      (group, parts) = (nil, nil)
      evidence =
        isOfKind ? SeedPredictions(seeds, isSameForEverySeed: isSameForEverySeed).evidence(of: kind, by: [wanted], patients: .notAvailable(reason: "they are not asked for")) : [:]
      return
    }
    guard case .everything(let settings) = depth else {
      (group, parts, evidence) = (nil, nil, [:])
      return
    }
    let patients: Available<PatientIntervals> =
      task.folds != nil
      ? .notAvailable(reason: CrossValidation.ofOneNetwork)
      : PatientIntervals.make(
        counted.map { ($0.cell.seed, $0.metrics) }, counted.map(\.predictions), kind: kind, rule: settings.bootstrap, groupCount: groupCount)
    let together = SeedPredictions(seeds, isSameForEverySeed: isSameForEverySeed)
    evidence = together.evidence(of: kind, patients: patients)
    group = CellGroup(
      key, kind: kind, plannedCount: cells.count, together,
      first: evidence[kind.tableMetrics[0]], margin: settings.equivalenceMargin, patients: patients, fewShot: FewShotResult.all(fewShots))
    parts = StudySections.Parts(
      GroupContents(
        key: key, task: task, runs: counted, seeds: together, settings: settings, groupCount: groupCount, plannedCount: cells.count, groups: groups, source: source))
  }
}

extension GroupReading {
  /// How a head came to its answers; nil for a training.
  fileprivate static func probe(_ cell: Cell, _ reader: RunReader) -> ProbeRecord? {
    cell.mode.isHeadOnFeatures ? try? reader.read(ProbeRecord.self, from: ProbeRecord.fileName) : nil
  }
}

extension Predictions {
  func isOf(_ kind: TaskKind) -> Bool {
    switch self {
    case .classification: kind.isClassification
    case .segmentation: kind.answer == .mask
    case .classMasks: kind.hasSeveralMasks
    case .numbers: kind.answer == .numbers
    }
  }
}
