public import Foundations
public import RunStore
public import Studies

/// How far a study is: the states of its runs by task and initialization, and every failure with its reason.
public struct StatusReport: Codable, Hashable, Sendable {
  /// A folder in the output that cannot be read as a run.
  public struct BrokenFolder: Codable, Hashable, Sendable {
    public let run: String
    public let reason: String
  }

  public let plan: PlanReport
  public let brokenFolders: [BrokenFolder]
  /// How far the verdicts are where seeds are added round by round; nil where all seeds are run.
  public let rounds: StudyRounds?
  private let tasks: [String]
  private let initializations: [String]

  /// - Parameter seals: how closely the seals of finished runs are looked at.
  public init(_ plan: Plan, seals: SealCheck = .quick) throws {
    let needed = plan.asNeeded(keepsLater: true)
    rounds = needed.rounds
    self.plan = PlanReport(plan, seals: seals, notNeeded: Set(needed.plan.notNeeded.map(\.identity)))
    tasks = plan.study.tasks.map(\.name) + (plan.cells.contains(where: \.isSelfSupervised) ? [Cell.selfSupervised] : [])
    initializations = plan.study.initializations.map(\.name)
    // The planned ones were just read.
    let planned = Set(plan.cells.map(\.relativePath))
    brokenFolders = try RunCatalog.scan(plan.study.outputDirectory) { !planned.contains($0) }.broken.map {
      BrokenFolder(run: $0.relativePath, reason: $0.reason)
    }
  }

  /// Tasks by initializations, with how many of the field's runs are finished and what the others are.
  public var table: Table {
    let hasFractions = plan.lines.contains { !$0.fraction.isWhole }, hasModes = Set(plan.lines.map(\.mode)).count > 1
    var table = Table(
      columns: [Table.Column("Task")] + (hasModes ? [Table.Column("Mode")] : []) + (hasFractions ? [Table.Column("Training images", .right)] : [])
        + initializations.map { Table.Column($0, .right) })
    for task in tasks {
      let own = plan.lines.filter { $0.task == task }
      for mode in FineTuningMode.allCases {
        let fractions = Set(own.filter { $0.mode == mode }.map(\.fraction))
        for fraction in fractions.sorted(by: { $0.value < $1.value }) {
          table.append(
            [task] + (hasModes ? [mode.words] : []) + (hasFractions ? [fraction.percentText] : [])
              + initializations.map { field(task: task, mode: mode, fraction: fraction, initialization: $0) })
        }
      }
    }
    return table
  }

  private func field(task: String, mode: FineTuningMode, fraction: TrainingFraction, initialization: String) -> String {
    let lines = plan.lines.filter { $0.task == task && $0.mode == mode && $0.fraction == fraction && $0.initialization == initialization }
    if lines.isEmpty {
      return plan.notApplicable.contains(Plan.NotApplicable(task: task, initialization: initialization)) ? "–" : ""
    }
    let others = CellState.Word.allCases.filter { $0 != .finished && $0 != .missing }.compactMap { state -> String? in
      let count = lines.count { $0.state == state }
      return count == 0 ? nil : "\(count) \(state.rawValue)"
    }
    return (["\(lines.count { $0.state == .finished })/\(lines.count)"] + others).joined(separator: ", ")
  }

  /// The table and the reasons, for a terminal.
  public var terminalText: String {
    var text = table.rendered() + "\n\(plan.lines.count) run\(plan.lines.count == 1 ? "" : "s"): \(plan.summary).\n"
    for sentence in plan.foldSentences { text += sentence + "\n" }
    for sentence in rounds?.sentences ?? [] { text += wrapped(sentence, width: 120).joined(separator: "\n") + "\n" }
    for line in plan.lines where line.epoch != nil {
      text += "\(line.title): \(line.stateText)\n"
    }
    for line in plan.lines {
      guard let reason = line.reason else { continue }
      text += "\(line.title), \(line.state.rawValue): \(reason)\n"
    }
    for folder in brokenFolders {
      text += "The folder \(folder.run) cannot be read as a run: \(folder.reason)\n"
    }
    if plan.unsealedCount > 0 {
      text +=
        "\(grouped(plan.unsealedCount)) of the finished runs \(plan.unsealedCount == 1 ? "has" : "have") no seal, as an earlier version made \(plan.unsealedCount == 1 ? "it" : "them").\n"
    }
    if plan.weightlessCount > 0 {
      text +=
        "\(grouped(plan.weightlessCount)) of the finished runs \(plan.weightlessCount == 1 ? "has" : "have") no best.safetensors any more; “medtransfer run --verify” makes it again.\n"
    }
    return text
  }
}
