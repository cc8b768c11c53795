internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
internal import Studies

/// What one group of runs has answered on other test sets.
struct ExternalParts: Sendable {
  /// On one other test set.
  struct Answered: Sendable {
    let onTask: String
    let part: String
    let question: Question
    let record: ExternalSet.Matching
    let rows: [ExternalReport.Row]
    /// Of the metrics over all classes or images.
    let pairs: [MetricName: ExternalPairs]
    /// By metric, where the answers there are no better than a constant one.
    let nothingLearned: [MetricName: NothingLearned]
    let runCount: Int
    let patientCount: Int
  }

  /// What was asked. Initializations that were not asked the same are not compared.
  struct Question: Hashable, Sendable {
    let data: String
    let classes: [ExternalEvaluation.ClassPair]
    /// Of the images and patients that were answered for and what is true of them.
    let images: String
  }

  /// Answers that do not count, and why.
  struct Fault: Hashable, Sendable {
    let set: String
    let run: String
    let reason: String
  }

  let answered: [Answered]
  let faults: [Fault]

  /// Nil where no run of the group was ever asked.
  init?(_ group: GroupContents) {
    // Networks of folds are not asked about other test sets.
    if group.task.folds != nil { return nil }
    var results: [String: [(question: Question, result: ExternalReport.Result)]] = [:], faults: [Fault] = []
    for run in group.runs {
      let sets: [String]
      do {
        sets = try run.readers.flatMap { try $0.externalSets() }
      } catch {
        faults.append(Fault(set: ExternalAnswers.folderName, run: run.cell.relativePath, reason: "the folder cannot be read"))
        continue
      }
      for set in sets {
        switch Self.result(set, run, group) {
        case .notAvailable(let reason): faults.append(Fault(set: set, run: run.cell.relativePath, reason: reason))
        case .value(let result): results[set, default: []].append((Question(result), result))
        }
      }
    }
    var answered: [Answered] = []
    for set in results.keys.sorted() {
      let all = results[set] ?? [], question = mostCommon(all.map(\.question))
      let same = all.filter { $0.question == question }.map(\.result)
      for other in all where other.question != question {
        faults.append(
          Fault(set: set, run: other.result.cell.relativePath, reason: "they are of other images, labels or classes than those of the other seeds"))
      }
      guard let question, let first = same.first?.record else { continue }
      let made = ExternalGroup(same)
      answered.append(
        Answered(
          onTask: first.task, part: first.part, question: question, record: ExternalSet.Matching(same.map(\.record)), rows: made.rows,
          pairs: made.pairs, nothingLearned: Self.nothingLearned(made, same, group.task.kind), runCount: same.count, patientCount: Set(same[0].other.patients).count))
    }
    if answered.isEmpty && faults.isEmpty { return nil }
    (self.answered, self.faults) = (answered, faults)
  }

  /// As it is asked on the own test set, of each metric of the task's table.
  private static func nothingLearned(
    _ made: ExternalGroup, _ results: [ExternalReport.Result], _ kind: TaskKind
  ) -> [MetricName: NothingLearned] {
    var found: [MetricName: NothingLearned] = [:]
    for metric in kind.tableMetrics {
      guard let pairs = made.pairs[metric], let place = MedianRun.index(zip(pairs.seeds, pairs.other).map { ($0, $1) }),
        let median = results.first(where: { $0.cell.seed == pairs.seeds[place] })
      else { continue }
      let interval = MetricIntervals(median.other, validation: nil, wanted: [metric], bootstrap: .notAvailable(reason: "it is not needed"))
        .entry(of: metric)?.interval.known
      guard let constant = median.other.constantAnswer(of: metric, areExclusive: kind.answer == .labelMap) else { continue }
      found[metric] = NothingLearned(metric, values: pairs.other, constant: constant, seeds: pairs.otherGroup, patients: interval)
    }
    return found
  }

  /// The answers of one run, held to what it says of itself.
  private static func result(_ set: String, _ run: GroupContents.Run, _ group: GroupContents) -> Available<ExternalReport.Result> {
    guard let reader = run.readers.first else { return .notAvailable(reason: "the run has no folder") }
    return reader.externalAnswers(set).flatMap { answers in
      let record = answers.record
      func refused(_ reason: String) -> Available<ExternalReport.Result> { .notAvailable(reason: reason) }
      guard record.folderName == set else { return refused("their record is of \(record.folderName)") }
      guard record.run == run.cell.identity else { return refused("their record is of another run (identity \(record.run.prefix(12))…)") }
      guard record.imageCount == answers.predictions.imageCount, record.imageCount > 0 else {
        return refused("their record says \(record.imageCount) images, and there are \(answers.predictions.imageCount)")
      }
      guard answers.predictions.isOf(group.task.kind) else { return refused("they are of another kind of task") }
      if record.part == "test", record.task == group.task.name, record.data == group.task.data {
        return refused("it is the task's own test set, which is no external one")
      }
      guard !answers.predictions.columnNames.isEmpty else {
        return .value(.init(cell: run.cell, kind: group.task.kind, record: record, own: run.predictions, other: answers.predictions))
      }
      let names = record.classes.map(\.ofRun)
      guard !names.isEmpty, answers.predictions.columnNames == names else { return refused("they are of other classes than their record says") }
      guard let own = own(run, names) else { return refused("their record has a class that the run has not") }
      return .value(.init(cell: run.cell, kind: group.task.kind, record: record, own: own, other: answers.predictions))
    }
  }

  /// The run's predictions on its own test set of some classes, also of ones that its task does not score.
  private static func own(_ run: GroupContents.Run, _ names: [String]) -> Predictions? {
    func has(_ predictions: Predictions) -> Bool { names.allSatisfy(predictions.columnNames.contains) }
    if has(run.predictions) { return run.predictions.keeping(classes: names) }
    guard let all = try? run.readers.first?.predictionsOfAllClasses(), has(all) else { return nil }
    return all.keeping(classes: names)
  }
}

extension ExternalParts.Question {
  init(_ result: ExternalReport.Result) {
    self.init(data: result.record.data, classes: result.record.classes, images: result.other.testSet)
  }
}

/// The value that occurs most often; of equally common ones the first.
func mostCommon<Value: Hashable>(_ values: [Value]) -> Value? {
  let counts = values.reduce(into: [Value: Int]()) { $0[$1, default: 0] += 1 }
  let most = counts.values.max()
  return values.first { counts[$0] == most }
}
