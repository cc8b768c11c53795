internal import Foundation
public import Foundations
public import RunStore
public import Studies
public import Weights

/// A plan as it is shown: which runs there are to be, in which order, from what each starts, and how far each is.
public struct PlanReport: Codable, Hashable, Sendable {
  /// One run of the plan.
  public struct Line: Codable, Hashable, Sendable {
    /// Its place in the order, from 1.
    public let number: Int
    public let task: String
    public let initialization: String
    public let mode: FineTuningMode
    public let seed: Int
    public let fraction: TrainingFraction
    /// Of a task with folds the one that it is tested on.
    public let fold: Int?
    public let role: Cell.Role
    public let identity: String
    /// The number of the run whose weights it starts from.
    public let startsFrom: Int?
    /// The run's folder, relative to the study's output.
    public let run: String
    public let state: CellState.Word
    /// Why it failed or cannot be read.
    public let reason: String?
    /// The epoch it is in, where it has begun and not ended.
    public let epoch: Int?

    /// `effusion from random, seed 1`, with the fraction of the training images where it is not the whole.
    var title: String {
      if task == Cell.selfSupervised { return "pre-training of \(initialization), seed \(seed)" }
      return "\(task) from \(initialization)\(mode.isHeadOnFeatures ? ", \(mode.words)" : ""), seed \(seed)\(fold.map { ", fold \($0)" } ?? "")"
        + (fraction.isWhole ? "" : ", \(fraction.percentText) of the training images")
    }

    /// `in work, epoch 7`
    var stateText: String { epoch.map { "\(state.rawValue), epoch \($0)" } ?? state.rawValue }
  }

  public let study: String
  public let output: String
  public let lines: [Line]
  /// Finished runs of programs that made no seals, and finished runs whose trained weights are gone.
  public let unsealedCount: Int
  public let weightlessCount: Int
  public let notApplicable: [Plan.NotApplicable]
  /// How tasks are trained that are not trained by the standard rules of their kind.
  public let training: [TrainingRules]
  /// What the initializations start from, with the certificates of the files that were looked at.
  public let origins: [WeightsOrigin]

  /// - Parameters:
  ///   - certificates: of the files that unfinished runs start from, by initialization.
  ///   - seals: how closely the seals of finished runs are looked at.
  ///   - notNeeded: the identities of cells that are not to come, since the verdicts are settled without them.
  public init(_ plan: Plan, certificates: [String: Certificate] = [:], seals: SealCheck = .quick, notNeeded: Set<String> = []) {
    origins = plan.study.initializations.map { WeightsOrigin($0, certificate: certificates[$0.name]) }
    let planned = Set(plan.cells.map(\.task))
    training = plan.study.tasks.filter { planned.contains($0.name) }.compactMap(TrainingRules.init)
    study = plan.study.name
    output = plan.study.outputDirectory.path
    notApplicable = plan.notApplicable
    var numbers = [String: Int]()
    for (index, cell) in plan.cells.enumerated() where numbers[cell.identity] == nil { numbers[cell.identity] = index + 1 }
    let cells = plan.cells, output = plan.study.outputDirectory, source = RunFolderSource(output), configurations = plan.configurations
    let conditions = concurrentMap(cells.count) { index in
      RunReader(source, run: cells[index].relativePath).condition(of: cells[index], planned: { configurations[$0] }, check: seals)
    }
    unsealedCount = conditions.count { $0.state == .finished && !$0.isSealed }
    weightlessCount = conditions.count(where: \.lacksWeights)
    lines = zip(cells, conditions).enumerated().map { index, pair in
      let (cell, state) = (pair.0, pair.1.state), isLeft = state != .finished && notNeeded.contains(cell.identity)
      return Line(
        number: index + 1, task: cell.task, initialization: cell.initialization, mode: cell.mode, seed: cell.seed,
        fraction: cell.fraction, fold: cell.fold, role: cell.role, identity: cell.identity, startsFrom: cell.source.flatMap { numbers[$0] }, run: cell.relativePath,
        state: isLeft ? .notNeeded : state.word, reason: isLeft ? nil : state.reason,
        epoch: isLeft ? nil : [.inWork, .interrupted].contains(state) ? RunDirectory(of: cell, in: output).lastEpoch() : nil)
    }
  }

  /// How many runs are in each state.
  public func count(_ state: CellState.Word) -> Int { lines.count { $0.state == state } }

  /// One line a run.
  public var table: Table {
    let hasFractions = lines.contains { !$0.fraction.isWhole }, hasFolds = lines.contains { $0.fold != nil }
    var table = Table(
      columns: [Table.Column("#", .right), Table.Column("Task"), Table.Column("Initialization"), Table.Column("Seed", .right)]
        + (hasFolds ? [Table.Column("Fold", .right)] : [])
        + (hasFractions ? [Table.Column("Training images", .right)] : [])
        + [
          Table.Column("Mode"), Table.Column("Purpose"), Table.Column("After", .right), Table.Column("State"),
        ])
    for line in lines {
      var row = [String(line.number), line.task, line.initialization, String(line.seed)]
      if hasFolds { row.append(line.fold.map(String.init) ?? "") }
      if hasFractions { row.append(line.fraction.percentText) }
      row += [line.mode.rawValue, line.role == .target ? "result" : "pre-training"]
      row += [line.startsFrom.map { "#\($0)" } ?? "", line.stateText]
      table.append(row)
    }
    return table
  }

  /// The runs, and the fields of the table that stay empty, for a terminal.
  public var terminalText: String {
    var text = table.rendered() + "\n\(lines.count) run\(lines.count == 1 ? "" : "s"): \(summary).\n"
    for sentence in foldSentences { text += sentence + "\n" }
    if !notApplicable.isEmpty {
      let pairs = notApplicable.map { "\($0.task) from \($0.initialization)" }.joined(separator: ", ")
      text += "Not run, because the initialization was trained on the task itself: \(pairs).\n"
    }
    if !training.isEmpty { text += "\n" + TrainingRules.table(training).rendered() }
    if origins.contains(where: { $0.certificate != nil }) { text += "\n" + WeightsOrigin.table(origins).rendered() }
    for caution in WeightsOrigin.cautions(origins) { text += wrapped(caution, width: 100).joined(separator: "\n") + "\n" }
    return text
  }

  /// Of each task with folds, how many repeats there are and are whole: a sentence each.
  public var foldSentences: [String] {
    struct Repeat: Hashable {
      let initialization: String
      let mode: FineTuningMode
      let seed: Int
      let fraction: TrainingFraction
    }
    let tasks = Dictionary(grouping: lines.filter { $0.fold != nil }, by: \.task)
    return tasks.keys.sorted().map { task in
      let own = tasks[task] ?? [], folds = Set(own.compactMap(\.fold)).count
      let repeats = Dictionary(grouping: own) { Repeat(initialization: $0.initialization, mode: $0.mode, seed: $0.seed, fraction: $0.fraction) }
      let whole = repeats.values.count { runs in runs.count == folds && runs.allSatisfy { $0.state == .finished } }
      return
        "\(task): \(folds)-fold cross-validation; a repeat is one seed over all folds, and \(grouped(whole)) of \(grouped(repeats.count)) \(repeats.count == 1 ? "is" : "are") whole."
    }
  }

  /// `2 finished, 1 missing`
  public var summary: String {
    CellState.Word.allCases.compactMap { state in
      let count = count(state)
      return count == 0 ? nil : "\(count) \(state.rawValue)"
    }.joined(separator: ", ")
  }
}
