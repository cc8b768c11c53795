import Containers
import Foundation

@testable import Training

/// Keeps everything in memory, as a run directory keeps it: histories that outlive a killed process, and copies of snapshots.
final class MemoryRecorder: RunRecorder {
  /// A snapshot as bytes, with how much history there was.
  struct Kept {
    /// Canonical only in that a decoder reads it; the tensors are copies.
    let progress: Data
    let tensors: [NamedArray]
    let steps: Int
    let epochs: Int

    var loop: LoopProgress { get throws { try JSONDecoder().decode(LoopProgress.self, from: progress) } }
  }

  /// What a killed process leaves unsaid.
  struct Killed: Error {}

  var steps: [StepRecord] = []
  var epochs: [EpochRecord] = []
  /// Every snapshot that was saved, also by the processes before.
  var snapshots: [Kept] = []
  var news: [TrainingNews] = []
  /// The numbers of steps recorded, at each piece of news.
  var recordedAtNews: [Int] = []
  /// Where to start from; the history is as long as it was then.
  var start: Kept?
  var savesAlways = false
  /// After how many steps of this process to ask for a stop.
  var stopAfter: Int?
  private var stopQuestions = 0
  /// How many more writes are done before the process is killed; nil never kills it.
  var writesLeft: Int?

  private func beforeWriting() throws {
    guard let left = writesLeft else { return }
    if left == 0 { throw Killed() }
    writesLeft = left - 1
  }

  func restore<Progress: Codable & Equatable>(_: Progress.Type) throws -> Snapshot<Progress>? {
    steps = Array(steps.prefix(start?.steps ?? 0))
    epochs = Array(epochs.prefix(start?.epochs ?? 0))
    return try start.map {
      Snapshot(progress: try JSONDecoder().decode(TrainingProgress<Progress>.self, from: $0.progress), tensors: $0.tensors)
    }
  }

  func record(_ step: StepRecord) throws {
    try beforeWriting()
    steps.append(step)
  }

  func record(_ epoch: EpochRecord) throws {
    try beforeWriting()
    epochs.append(epoch)
  }

  func save<Progress: Codable & Equatable>(_ snapshot: Snapshot<Progress>) throws {
    try beforeWriting()
    snapshots.append(
      Kept(progress: try JSONEncoder().encode(snapshot.progress), tensors: snapshot.tensors, steps: steps.count, epochs: epochs.count))
  }

  func snapshotIsDue(beforeEvaluation _: Bool) -> Bool { savesAlways }

  func stopIsRequested() -> Bool {
    stopQuestions += 1
    return stopAfter.map { stopQuestions >= $0 } ?? false
  }

  func observe(_ news: TrainingNews) {
    self.news.append(news)
    recordedAtNews.append(steps.count)
  }

  /// The epoch with the lowest validation loss.
  var bestEpoch: EpochRecord? { epochs.min { $0.validation?.loss ?? .infinity < $1.validation?.loss ?? .infinity } }

  /// What a process that comes after this one, killed or stopped, finds.
  func successor() -> MemoryRecorder {
    let next = MemoryRecorder()
    (next.steps, next.epochs, next.snapshots, next.start, next.savesAlways) = (steps, epochs, snapshots, snapshots.last, savesAlways)
    return next
  }
}
