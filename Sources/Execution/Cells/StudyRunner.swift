import Dispatch
import Foundation
import Foundations
import RunStore
public import Studies
import Torch
import Training
import Weights

/// Carries out a plan: each cell that is not finished, one after another, in order.
///
/// A cell that another process is at is left to it; a cell that fails is recorded with its error and the others go on. A finished run whose
/// seal is broken is made anew, and after it what was trained from weights that it no longer has.
public struct StudyRunner {
  private(set) var plan: Plan
  let data: StudyData
  let watcher: (ExecutionEvent) -> Void
  /// Whether every file of finished runs is read and compared with its seal, and runs whose weights are gone are made anew.
  let verifies: Bool
  /// The other processes that make each training with this one; nil where it is alone.
  let spread: SpreadStudy?

  /// Leaves out of a plan what its verdicts do not need, as far as the runs are, before each round; nil where all cells are run.
  let asNeeded: ((Plan) throws -> Plan)?

  public init(
    plan: Plan, data: StudyData, verifies: Bool = false, spread: SpreadStudy? = nil, asNeeded: ((Plan) throws -> Plan)? = nil,
    watcher: @escaping (ExecutionEvent) -> Void
  ) {
    self.plan = plan
    self.asNeeded = asNeeded
    self.data = data
    self.verifies = verifies
    self.spread = spread
    self.watcher = watcher
  }

  /// Cells that failed before are run again.
  ///
  /// - Throws: `TrainingError` of kind `interrupted` when the process was asked to stop; its state is saved.
  public func run() throws -> ExecutionSummary {
    let device = try ComputeSetting.apply(plan.study.execution)
    let (summary, last) = try prepare().carryOut { round, open in
      var pass = StudyPass(runner: round, device: device, open: open)
      return Rounds.Pass(summary: try pass.carryOut(), failed: pass.failed)
    }
    last.drawPictures(device: device)
    return summary
  }

  /// Does what comes before the first cell: keeps the plan, clears what killed processes left, and checks what would fail hours later.
  ///
  /// - Returns: the passes that are to be made.
  func prepare() throws -> Rounds {
    try AtomicFile.makeFolder(plan.study.outputDirectory)
    for sentence in try StudyFiles.makePlaces(in: plan.study.outputDirectory) { watcher(.madePlace(sentence)) }
    try KeptPlan.keep(plan)
    clearLeftovers()
    let rounds = try Rounds(self), open = rounds.first.openCells()
    let check = try WeightsCheck(plan, data: data, wanted: { open.contains($0.identity) })
    for finding in check.findings {
      for caution in finding.certificate.cautions ?? [] { watcher(.aboutWeights(initialization: finding.initialization, caution)) }
    }
    try data.checkBatches(of: plan) { open.contains($0.identity) }
    try writeSplits()
    try writeObservers()
    for record in try TrainingListCheck(plan.study, data: data, comparesBytes: true).keep(Set(plan.cells.map(\.task))) {
      for sentence in record.sentences { watcher(.onTrainingList(sentence)) }
    }
    for groups in try data.groups(of: plan) { try groups.write(to: plan.study.outputDirectory) }
    return rounds
  }

  /// The same runner of another part of its plan.
  func with(_ plan: Plan) -> StudyRunner {
    var other = self
    other.plan = plan
    return other
  }

  /// The cells that are to be run: those that are not finished, and those whose weights such a cell starts from and that have none.
  func openCells() -> Set<String> {
    var open = Set<String>(), sources = Set<String>()
    for cell in plan.cells.reversed() {
      let condition = condition(of: cell)
      guard condition.state != .finished || condition.lacksWeights && (verifies || sources.contains(cell.identity)) else { continue }
      open.insert(cell.identity)
      if let source = cell.source { sources.insert(source) }
    }
    return open
  }

  func directory(of cell: Cell) -> RunDirectory { RunDirectory(of: cell, in: plan.study.outputDirectory) }

  func condition(of cell: Cell, check: SealCheck? = nil, holdsLease: Bool = false) -> RunCondition {
    let configurations = plan.configurations
    return directory(of: cell).reader.condition(
      of: cell, planned: { configurations[$0] }, check: check ?? (verifies ? .whole : .quick), holdsLease: holdsLease)
  }

  /// Removes what killed processes left beside results: temporary files, and checkpoints of runs that have ended.
  private func clearLeftovers() {
    let output = plan.study.outputDirectory
    for folder in [""] + StudyFiles.folders { AtomicFile.removeAbandoned(in: folder.isEmpty ? output : output.appendingPathComponent(folder)) }
    for cell in plan.cells where directory(of: cell).hasLeftovers {
      let directory = directory(of: cell)
      guard let lease = try? Lease.acquire(in: directory.url) else { continue }
      withExtendedLifetime(lease) {
        try? directory.removeLeftovers()
        if condition(of: cell, holdsLease: true).state == .finished { try? directory.removeUnfinished() }
      }
    }
  }

  /// Records a failure in the run's own folder where that is possible; on a full disk it is only said.
  func record(_ error: any Error, of cell: Cell, position: CellPosition) {
    let sentence = sentence(for: error)
    let code = (error as? any RemediedError)?.code ?? "unknown"
    watcher(.failed(cell, position: position, problem: sentence))
    do {
      // Whoever has the lease says what becomes of the run.
      guard directory(of: cell).isLeased else { return }
      try directory(of: cell).write(RunStatus.failed(code: code, message: sentence))
    } catch let second {
      watcher(.remark(cell, "The failure could not be written to the run's folder: \(Foundations.sentence(for: second))"))
    }
  }
}
