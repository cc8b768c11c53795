import Dispatch
import Foundation
import Foundations
import RunStore
import Studies
import Torch
import Training

/// What came of a cell.
enum CellOutcome: String, Codable {
  case finishedBefore, finishedNow, failed
  /// Another process is at it, or at what it starts from; it may be asked for again.
  case elsewhere
}

/// The cells of a plan that this process looks at, one after another, until none is left that it could run.
struct StudyPass {
  let runner: StudyRunner
  let device: Device
  private(set) var summary = ExecutionSummary()
  /// Those that were not finished when the study began here, and those that descend from them.
  private let candidates: [Cell]
  private let openCount: Int
  private var started = 0
  private var outcomes: [String: CellOutcome] = [:]
  /// Runs whose weights were read and are those of their seal.
  private var readWeights = Set<String>()
  private var said = Set<String>()

  /// The cells that failed here.
  var failed: Set<String> { Set(outcomes.filter { $0.value == .failed }.keys) }

  private var plan: Plan { runner.plan }

  /// - Parameter open: the identities of the cells that are to be run.
  init(runner: StudyRunner, device: Device, open: Set<String>) {
    self.runner = runner
    self.device = device
    openCount = open.count
    candidates = runner.plan.affected(by: open)
  }

  /// Goes over the cells, and once more over those that were elsewhere as long as that leads to runs.
  mutating func carryOut() throws -> ExecutionSummary {
    var remaining = candidates
    repeat {
      let before = started
      var later: [Cell] = [], order = WorkOrder(remaining, seed: Int(getpid()))
      while let cell = order.next() {
        if let signal = StopRequest.current { throw ExecutionError.stopped(signal) }
        let outcome = try carryOutNoted(cell)
        if outcome == .elsewhere {
          later.append(cell)
          order.scatter()
        }
      }
      remaining = later
      if started == before { break }
    } while !remaining.isEmpty
    summary.finishedBefore = plan.cells.count - candidates.count
    for cell in candidates {
      switch outcomes[cell.identity] {
      case .finishedBefore?: summary.finishedBefore += 1
      case .finishedNow?: summary.finishedNow += 1
      case .failed?: summary.failed += 1
      // The other process may have come to its end by now.
      case .elsewhere?, nil: if runner.condition(of: cell).state == .finished { summary.finishedBefore += 1 } else { summary.elsewhere += 1 }
      }
    }
    return summary
  }

  /// Carries out one cell; what comes of it is known to those that start from it.
  mutating func carryOutNoted(_ cell: Cell) throws -> CellOutcome {
    let outcome = try carryOut(cell)
    outcomes[cell.identity] = outcome
    return outcome
  }

  private mutating func carryOut(_ cell: Cell) throws -> CellOutcome {
    let condition = runner.condition(of: cell)
    if condition.state == .finished, !condition.lacksWeights || !isNeeded(cell) { return outcomes[cell.identity] ?? .finishedBefore }
    if let source = cell.source.flatMap(plan.cell(identity:)), let problem = try prepare(source) {
      if said.insert(cell.identity).inserted { runner.watcher(.waits(cell, for: source)) }
      return problem
    }
    return try run(cell)
  }

  /// Whether a run that has ended is made anew for its weights alone.
  private func isNeeded(_ cell: Cell) -> Bool {
    runner.verifies || plan.cells.contains { $0.source == cell.identity && runner.condition(of: $0).state != .finished }
  }

  /// Sees to it that the weights which a cell starts from are there and are those that were sealed.
  ///
  /// - Returns: why the cell cannot be run now; nil where it can.
  private mutating func prepare(_ source: Cell) throws -> CellOutcome? {
    if readWeights.contains(source.identity) { return nil }
    let condition = runner.condition(of: source, check: .weights)
    if condition.state == .finished, !condition.lacksWeights {
      readWeights.insert(source.identity)
      return nil
    }
    switch (condition.state, outcomes[source.identity]) {
    // A source in work elsewhere will come; one that failed here will not come by waiting.
    case (.inWork, _), (_, .elsewhere?): return .elsewhere
    case (_, .failed?): return .failed
    default: break
    }
    // It was finished when this process began, and is not what it was.
    if let its = source.source.flatMap(plan.cell(identity:)), let problem = try prepare(its) { return problem }
    let outcome = try run(source)
    outcomes[source.identity] = outcome
    return outcome == .finishedNow || outcome == .finishedBefore ? nil : outcome
  }

  /// Runs a cell, if nobody else does.
  private mutating func run(_ cell: Cell) throws -> CellOutcome {
    let directory = runner.directory(of: cell), watcher = runner.watcher
    let position = CellPosition(number: started + 1, count: max(openCount, started + 1))
    var held: Lease?
    // What a failure leaves is written while the lease is held.
    defer { withExtendedLifetime(held) { held = nil } }
    do {
      try directory.make()
      switch try Lease.attempt(in: directory.url) {
      case .taken(let lease): held = lease
      case .held(let holder):
        if said.insert(cell.identity).inserted { watcher(.standsBack(cell, holder: holder)) }
        return .elsewhere
      }
      return try runLeased(cell, in: directory, position: position)
    } catch let error as TrainingError where error.kind == .interrupted {
      throw error
    } catch let error as ExecutionError where error.kind == .stopped {
      throw error
    } catch let error as RunStoreError where error.kind == .leaseLost {
      watcher(.lost(cell, reason: sentence(for: error)))
      if runner.spread?.mustEndAll == true { throw error }
      return .elsewhere
    } catch let error as UnreadableRun {
      started = max(started, position.number)
      watcher(.failed(cell, position: position, problem: error.reason))
      return .failed
    } catch {
      started = max(started, position.number)
      runner.record(error, of: cell, position: position)
      if runner.spread?.mustEndAll == true { throw error }
      return .failed
    }
  }

  /// A run whose files the system does not give: its cell fails here, and nothing of it is touched.
  private struct UnreadableRun: Error {
    let reason: String
  }

  /// The same, with the lease held.
  private mutating func runLeased(_ cell: Cell, in directory: RunDirectory, position: CellPosition) throws -> CellOutcome {
    let watcher = runner.watcher
    // Another process may have finished the cell between the look and the lease.
    let condition = runner.condition(of: cell, check: runner.verifies ? .whole : .weights, holdsLease: true)
    if condition.state == .finished, !condition.lacksWeights { return .finishedBefore }
    // Whatever it is, it is left as it is.
    if case .unreadable(let reason) = condition.state { throw UnreadableRun(reason: reason) }
    if let remarks = try directory.restoreStatus(cell) {
      for remark in remarks { watcher(.remark(cell, remark)) }
      return .finishedBefore
    }
    switch condition.state {
    case .broken(let reason): watcher(.madeAnew(cell, reason: reason))
    case .finished: watcher(.madeAnew(cell, reason: "Its best.safetensors, which is needed, is not there."))
    case .missing, .inWork, .interrupted, .failed, .unreadable: break
    }
    started += 1
    try run(cell, in: directory, position: position)
    return .finishedNow
  }

  /// Makes a run; its lease is held.
  private mutating func run(_ cell: Cell, in directory: RunDirectory, position: CellPosition) throws {
    let start = DispatchTime.now().uptimeNanoseconds, watcher = runner.watcher
    let precision = plan.configurations[cell.identity]?.recipe.precision ?? .float32
    let numerics = NumericSetting(device: device, precision: precision)
    if let remark = runner.spread?.remark(on: cell, recipe: plan.configurations[cell.identity]?.recipe) { watcher(.remark(cell, remark)) }
    let outcome: CellRun.Outcome
    if cell.isSelfSupervised {
      outcome = try PretrainingRun(
        cell: cell, plan: plan, data: runner.data, directory: directory, numerics: numerics,
        started: { watcher(.started(cell, position: position, resumedAfterStep: $0)) },
        watcher: { watcher(.news(cell, $0)) }, cacheWatcher: { watcher(.caching(task: cell.task, $0)) }, spread: runner.spread
      ).run()
    } else if cell.mode.isHeadOnFeatures {
      let run = ProbeRun(cell: cell, plan: plan, data: runner.data, directory: directory, numerics: numerics)
      watcher(.started(cell, position: position, resumedAfterStep: nil))
      let (found, pass) = try run.run(
        watcher: { watcher(.features(cell, done: $0, count: $1)) }, cacheWatcher: { watcher(.caching(task: cell.task, $0)) })
      outcome = found
      summary.featurePasses += pass > 0 ? 1 : 0
      summary.featureImages += pass
    } else {
      let run = CellRun(
        cell: cell, plan: plan, data: runner.data, directory: directory, numerics: numerics,
        started: { watcher(.started(cell, position: position, resumedAfterStep: $0)) },
        watcher: { watcher(.news(cell, $0)) }, cacheWatcher: { watcher(.caching(task: cell.task, $0)) }, spread: runner.spread)
      outcome = try run.run()
    }
    for remark in outcome.remarks { watcher(.remark(cell, remark)) }
    watcher(
      .finished(
        cell, headline: outcome.headline, seconds: Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9,
        brokenFiles: outcome.brokenFiles))
  }
}

extension Plan {
  /// Cells that are to be run and those that descend from them, in their order: what a cell starts from stands before it.
  func affected(by open: Set<String>) -> [Cell] {
    var affected = open
    return cells.filter { cell in
      guard affected.contains(cell.identity) || cell.source.map(affected.contains) == true else { return false }
      affected.insert(cell.identity)
      return true
    }
  }
}
