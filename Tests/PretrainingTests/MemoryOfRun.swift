import Containers
import Foundation
import Training

/// Keeps history and snapshots in memory, as a run directory keeps them on disk, and can kill its process.
final class MemoryOfRun: RunRecorder {
  struct Killed: Error {}

  struct Kept {
    let progress: Data
    let tensors: [NamedArray]
    let steps: Int
    let epochs: Int
  }

  var steps: [StepRecord] = []
  var epochs: [EpochRecord] = []
  var latest: Kept?
  /// After how many more snapshots the process is killed, before anything else is written; nil never kills it.
  var snapshotsLeft: Int?
  /// After how many steps it is asked to stop.
  var stopAfter: Int?
  private let saves: Bool

  init(saves: Bool = true) { self.saves = saves }

  func restore<Progress: Codable & Equatable>(_: Progress.Type) throws -> Snapshot<Progress>? {
    steps = Array(steps.prefix(latest?.steps ?? 0))
    epochs = Array(epochs.prefix(latest?.epochs ?? 0))
    return try latest.map {
      Snapshot(progress: try JSONDecoder().decode(TrainingProgress<Progress>.self, from: $0.progress), tensors: $0.tensors)
    }
  }

  func record(_ step: StepRecord) throws {
    if snapshotsLeft == 0 { throw Killed() }
    steps.append(step)
  }

  func record(_ epoch: EpochRecord) throws {
    if snapshotsLeft == 0 { throw Killed() }
    epochs.append(epoch)
  }

  func save<Progress: Codable & Equatable>(_ snapshot: Snapshot<Progress>) throws {
    latest = Kept(
      progress: try JSONEncoder().encode(snapshot.progress), tensors: snapshot.tensors, steps: steps.count, epochs: epochs.count)
    if let left = snapshotsLeft { snapshotsLeft = left - 1 }
  }

  func snapshotIsDue(beforeEvaluation _: Bool) -> Bool { saves }
  func stopIsRequested() -> Bool { stopAfter.map { steps.count >= $0 } ?? false }
  func observe(_: TrainingNews) {}
}
