internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
internal import Studies

extension ExternalMatrix {
  static func make(_ parts: [CellGroup.Key: ExternalParts], _ context: SectionContext) throws -> Self? {
    let parts = context.groups.compactMap { group in parts[group.key].map { (group: group, parts: $0) } }
    guard !parts.isEmpty else { return nil }
    var sets: [ExternalSet] = [], compared: [(values: ResultTable.Task, evidence: TaskEvidence)] = [], remarks = faultRemarks(parts)
    for task in context.outline.tasks {
      let groups = parts.filter { $0.group.task == task.name }
      let names = Set(groups.flatMap { $0.parts.answered.map(TestSet.init) }).sorted { ($0.onTask, $0.part) < ($1.onTask, $1.part) }
      for name in names {
        let answered = groups.compactMap { group in
          group.parts.answered.first { TestSet($0) == name }.map { (key: group.group.key, answered: $0) }
        }
        let made = made(task, name, answered, context)
        sets.append(made.set)
        compared += made.compared
        remarks += made.remarks
      }
    }
    if sets.isEmpty && remarks.isEmpty { return nil }
    let table = ResultTable(initializations: context.outline.initializations.map(\.name), tasks: compared.map(\.values), scale: .percent)
    return ExternalMatrix(
      sets: sets, analysis: compared.isEmpty ? nil : try Analysis(table, context.settings.analysis, evidence: compared.map(\.evidence)), remarks: remarks)
  }

  private struct TestSet: Hashable {
    let onTask: String
    let part: String

    init(_ answered: ExternalParts.Answered) { (onTask, part) = (answered.onTask, answered.part) }
  }

  private typealias Answer = (key: CellGroup.Key, answered: ExternalParts.Answered)

  private static func made(
    _ task: StudyOutline.Task, _ name: TestSet, _ answers: [Answer], _ context: SectionContext
  ) -> (set: ExternalSet, compared: [(values: ResultTable.Task, evidence: TaskEvidence)], remarks: [String]) {
    let question = mostCommon(answers.map(\.answered.question))
    let odd = answers.filter { $0.answered.question != question }.map(\.key)
    // What is compared, in the order of the initializations.
    let largest = context.outline.initializations.compactMap { start in
      answers.first { $0.key.initialization == start.name && $0.key.fraction == task.largestFraction && $0.answered.question == question }
    }
    let finished = context.groups.filter { $0.task == task.name }
    let names = Set(answers.map(\.key.initialization))
    let there = exclusions(on: name.onTask, question, context).filter { names.contains($0.key) }
    let here = context.exclusions(on: task.name).filter { names.contains($0.key) }
    let set = ExternalSet(
      task: task.name, onTask: name.onTask, part: name.part, unit: task.unit, matching: .init(answers.map(\.answered.record)),
      answeredCount: answers.reduce(0) { $0 + $1.answered.runCount }, finishedCount: finished.reduce(0) { $0 + $1.runCount },
      rows: answers.flatMap(\.answered.rows), asked: odd,
      ranks: ranks(task, largest.filter { there[$0.key.initialization] == nil && here[$0.key.initialization] == nil }),
      leftOut: there.isEmpty ? nil : there, leftOutOnOwn: here.isEmpty ? nil : here)
    let compared = task.kind.tableMetrics.map { metric in
      let values = ResultTable.Task(
        set.comparedName, metric: set.words(metric), higherIsBetter: metric.direction == .higher, scale: task.ownScale(of: metric),
        cells: largest.map { answer in cell(answer, metric, exclusion: there[answer.key.initialization]) })
      return (values, TaskEvidence(groups: Dictionary(uniqueKeysWithValues: largest.map { ($0.key.initialization, evidence($0, metric)) })))
    }
    var remarks: [String] = []
    if !odd.isEmpty {
      remarks.append(
        "On \(set.testSet), \(firstFew(odd.map { $0.initialization + ($0.fraction.isWhole ? "" : " at \($0.fraction.percentText)") })) of \(task.name) answered about other images, labels or classes than the others: shown, and not compared."
      )
    }
    if !set.matching.leavesOverlapOut {
      remarks.append(
        "Runs of \(task.name) were trained or chosen on \(count(set.matching.overlapCount, "image")) of \(set.testSet) and are scored on it all the same: this is no external result."
      )
    }
    for (name, reason) in there.sorted(by: { $0.key < $1.key }) {
      remarks.append("On \(set.testSet), \(name) is shown and left out of the comparisons: \(reason).")
    }
    return (set, compared, remarks)
  }

  /// Why initializations were trained on images of a test set of this study, as its training lists say; of the images of another study, or of
  /// other ones than the task has now, nothing is known.
  private static func exclusions(on task: String, _ question: ExternalParts.Question?, _ context: SectionContext) -> [String: String] {
    guard let known = context.outline.tasks.first(where: { $0.name == task }) else { return [:] }
    return known.data == nil || known.data == question?.data ? context.exclusions(on: task) : [:]
  }

  private static func cell(_ answer: Answer, _ metric: MetricName, exclusion: String?) -> ResultTable.Cell {
    let pairs = answer.answered.pairs[metric]
    let runs = pairs.map { pairs in zip(pairs.seeds, pairs.other).map { ResultTable.Run("seed \($0)", $1) } } ?? []
    return ResultTable.Cell(answer.key.initialization, runs: runs, gapCount: answer.answered.runCount - runs.count, exclusion: exclusion)
  }

  private static func evidence(_ answer: Answer, _ metric: MetricName) -> TaskEvidence.Group {
    TaskEvidence.Group(
      seeds: answer.answered.pairs[metric]?.otherGroup ?? .notAvailable(reason: "no run has a value"),
      testSet: answer.answered.question.images, patientCount: answer.answered.patientCount, nothingLearned: answer.answered.nothingLearned[metric])
  }

  private static func ranks(_ task: StudyOutline.Task, _ answers: [Answer]) -> Available<RankAgreement> {
    RankAgreement.make(
      answers.compactMap { answer in answer.answered.pairs[task.kind.tableMetrics[0]].map { (answer.key.initialization, $0) } }, direction: task.kind.tableMetrics[0].direction)
  }

  /// One sentence for all answers of a task on a set that do not count for the same reason.
  private static func faultRemarks(_ parts: [(group: CellGroup, parts: ExternalParts)]) -> [String] {
    struct Kind: Hashable { let task, set, reason: String }
    var order: [Kind] = [], runs: [Kind: [String]] = [:]
    for (group, parts) in parts {
      for fault in parts.faults {
        let kind = Kind(task: group.task, set: fault.set, reason: fault.reason)
        if runs[kind] == nil { order.append(kind) }
        runs[kind, default: []].append(fault.run)
      }
    }
    return order.map { kind in
      let found = runs[kind] ?? []
      let whose = found.count == 1 ? "of the run \(found[0])" : "of \(grouped(found.count)) runs of \(kind.task), such as \(found[0]),"
      return "The answers \(whose) in external/\(kind.set) do not count: \(kind.reason)."
    }
  }
}

/// `1 image`, `2 images`.
private func count(_ number: Int, _ word: String) -> String { "\(grouped(number)) \(word)\(number == 1 ? "" : "s")" }

extension ExternalSet {
  /// `A → B`: what a verdict calls the runs of A on the images of B.
  var comparedName: String { "\(task) → \(testSet)" }
}
