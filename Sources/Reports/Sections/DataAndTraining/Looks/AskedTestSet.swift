internal import RunStore

/// A test set that a run was asked about with `medtransfer evaluate`: what tells it from others.
struct AskedTestSet: Hashable, Sendable {
  /// The task whose images they are.
  let task: String
  /// The fingerprint of that task's data.
  let data: String
  /// The digest of its test images; nil in older records.
  let testSet: String?

  /// The sets that a run answered for, each once, whether its test images or all were asked about: the test images are among all.
  ///
  /// The record alone is read, so that a pack, which has no predictions of runs that a study does not plan, says the same.
  static func all(of run: RunReader, identity: String) -> Set<AskedTestSet> {
    let folders = (try? run.externalSets()) ?? []
    return Set(
      folders.compactMap { folder in
        let file = "\(ExternalAnswers.folderName)/\(folder)/\(ExternalAnswers.recordFileName)"
        guard let record = try? run.read(ExternalEvaluation.self, from: file), record.run == identity else { return nil }
        return AskedTestSet(task: record.task, data: record.data, testSet: record.testSet)
      })
  }
}

/// A recipe whose runs were asked about a test set.
struct AskedLook: Codable, Hashable, Sendable {
  /// The task that they were trained on.
  let task: String
  /// Whether this report has that task.
  let isReported: Bool
  /// From this report's recipe of that task; none for this very recipe, and where the report does not have the task.
  let changes: [TestSetLooks.Look.Change]
  let runs: Int
  /// Whether they were trained before the runs of this report's recipe.
  let order: TestSetLooks.Look.Order

  /// For an order: this report's own first.
  var place: (Int, String, String) {
    (isReported ? changes.isEmpty ? 0 : 1 : 2, task, changes.map { "\($0.key) \($0.other) \($0.this)" }.joined(separator: "\n") + order.rawValue)
  }
}

/// The looks at a test set that is no planned task's, all of them by `medtransfer evaluate`.
struct LooksElsewhere: Codable, Hashable, Sendable {
  /// The task whose test images they are.
  let onTask: String
  let looks: [AskedLook]

  var isRepeated: Bool { looks.contains { !$0.changes.isEmpty } }
}
