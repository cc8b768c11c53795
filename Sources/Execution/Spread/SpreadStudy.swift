import Foundation
import Foundations
import RunStore
public import Studies
import Torch
public import Training

/// A study whose trainings are each spread over several processes, as the first of them sees it: it carries out the plan as one process does,
/// and tells the others which training begins.
public final class SpreadStudy {
  public let spread: Spread
  /// Whether an error was met that the others cannot know of: they wait for what does not come.
  private(set) var mustEndAll = false

  public init(_ spread: Spread) { self.spread = spread }

  enum Order: Codable {
    /// The study is checked and planned: do the same.
    case begin
    /// Train this cell with the others.
    case train(identity: String)
    case end(status: Int32)
  }

  /// Tells the others that the study is planned.
  public func begin() throws { try tell(.begin) }

  func begin(_ cell: Cell) throws { try tell(.train(identity: cell.identity)) }

  /// Tells the others how this process ends, and takes leave of them.
  public func end(status: Int32) {
    if mustEndAll { return spread.group.endAll(status: status) }
    try? tell(.end(status: status))
    spread.group.leave()
  }

  private func tell(_ order: Order) throws { _ = try spread.group.fromFirst(CanonicalJSON.encode(order)) }

  /// Does what all processes do together.
  func together<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch {
      if (error as? any SharedFailure)?.isMetByAll != true { mustEndAll = true }
      throw error
    }
  }

  /// What a person should know of a run before it is spread; nil where there is nothing.
  func remark(on cell: Cell, recipe: Recipe?) -> String? {
    guard let recipe, recipe.mode == .fullFineTuning, !spread.synchronizesStatistics else { return nil }
    return "each of \(spread.group.size) processes normalizes its own part of a batch, so the run is not that of one process "
      + "(synchronizedBatchNorm: true takes the statistics of the whole batch)"
  }
}

/// One of the other processes: trains what the first one says, and writes nothing.
public struct SpreadFollower {
  private let plan: Plan
  private let data: StudyData
  private let spread: Spread

  public init(plan: Plan, data: StudyData, spread: Spread) { (self.plan, self.data, self.spread) = (plan, data, spread) }

  /// Waits until the first process has planned the study.
  ///
  /// - Returns: how it ends, where it came to that before.
  public static func waitForBeginning(_ spread: Spread) throws -> Int32? {
    if case .end(let status) = try order(spread) { return status }
    return nil
  }

  private static func order(_ spread: Spread) throws -> SpreadStudy.Order {
    try JSONDecoder().decode(SpreadStudy.Order.self, from: spread.group.fromFirst(nil))
  }

  /// - Returns: how the first process ends.
  /// - Throws: what the others cannot know of: they are to be ended.
  public func serve() throws -> Int32 {
    let device = try ComputeSetting.apply(plan.study.execution)
    // Signals come to all; what is done about them is agreed on.
    return try StopRequest.deferring {
      while true {
        switch try Self.order(spread) {
        case .begin: continue
        case .end(let status): return status
        case .train(let identity):
          guard let cell = plan.cell(identity: identity) else { throw ExecutionError.planChanged() }
          try train(cell, device: device)
        }
      }
    }
  }

  private func train(_ cell: Cell, device: Device) throws {
    let precision = plan.configurations[cell.identity]?.recipe.precision ?? .float32
    let numerics = NumericSetting(device: device, precision: precision)
    // What it starts from comes from the first process.
    if cell.isSelfSupervised {
      try follow(PretrainingParts(cell: cell, plan: plan, data: data, numerics: numerics).loop(SilentRecorder(), cacheWatcher: { _ in }, spread: spread))
    } else {
      try follow(CellTraining(cell: cell, plan: plan, data: data, numerics: numerics).loop(SilentRecorder(), cacheWatcher: { _ in }, spread: spread))
    }
  }

  private func follow<Kind: Procedure>(_ training: TrainingLoop<Kind>) throws {
    do {
      try training.prepare()
      try training.train()
    } catch let error as any SharedFailure where error.isMetByAll {}
  }
}

/// Keeps nothing.
private final class SilentRecorder: RunRecorder {
  func restore<Progress: Codable & Equatable>(_: Progress.Type) throws -> Snapshot<Progress>? { nil }
  func record(_ step: StepRecord) throws {}
  func record(_ epoch: EpochRecord) throws {}
  func save<Progress: Codable & Equatable>(_ snapshot: Snapshot<Progress>) throws {}
  func snapshotIsDue(beforeEvaluation _: Bool) -> Bool { false }
  func stopIsRequested() -> Bool { StopRequest.current != nil }
  func observe(_ news: TrainingNews) {}
}
