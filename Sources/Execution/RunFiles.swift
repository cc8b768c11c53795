import Containers
import Dispatch
import Foundation
import Foundations
import RunStore
import Training

/// Writes a training's news into its run directory and finds its last snapshot there.
final class RunFiles: RunRecorder {
  private let directory: RunDirectory
  private let checkpointInterval: Double
  private let watcher: (TrainingNews) -> Void
  private var history: HistoryWriter?
  private var lastSnapshot = RunFiles.now
  /// Where the answers of the evaluation under way are kept.
  private var journal: AnswerJournal?
  /// Said to the person: checkpoints that could not be used.
  private(set) var remarks: [String] = []
  private(set) var resumedAfterStep: Int?

  init(directory: RunDirectory, checkpointSeconds: Int, watcher: @escaping (TrainingNews) -> Void) {
    self.directory = directory
    checkpointInterval = Double(checkpointSeconds)
    self.watcher = watcher
  }

  /// What goes beside a snapshot's tensors.
  private struct Note<Progress: Codable & Equatable>: Codable {
    let progress: TrainingProgress<Progress>
    /// Bytes of history.jsonl when the snapshot was taken; what follows them is done again.
    let historyLength: Int
  }

  func restore<Progress: Codable & Equatable>(_: Progress.Type) throws -> Snapshot<Progress>? {
    guard let loaded = try directory.checkpoints.load(Note<Progress>.self) else {
      history = try HistoryWriter(url: directory.historyFile, resumingAt: 0)
      return nil
    }
    remarks = loaded.remarks
    history = try HistoryWriter(url: directory.historyFile, resumingAt: loaded.progress.historyLength)
    resumedAfterStep = loaded.progress.progress.loop.step
    return Snapshot(progress: loaded.progress.progress, tensors: try CheckpointFile.open(loaded.stateFile).arrays())
  }

  func record(_ step: StepRecord) throws { try history?.append(step) }

  func record(_ epoch: EpochRecord) throws { try history?.append(epoch) }

  func save<Progress: Codable & Equatable>(_ snapshot: Snapshot<Progress>) throws {
    try history?.synchronize()
    let note = Note(progress: snapshot.progress, historyLength: history?.length ?? 0)
    try directory.checkpoints.save(note) { try SafetensorsFile.write(snapshot.tensors, to: $0) }
    lastSnapshot = Self.now
  }

  /// The most seconds of work that stand unsaved before an evaluation, whose end a job's time limit may not let it see.
  private static let secondsBeforeEvaluation = 10.0

  func snapshotIsDue(beforeEvaluation isBeforeEvaluation: Bool) -> Bool {
    let interval = isBeforeEvaluation ? min(checkpointInterval, Self.secondsBeforeEvaluation) : checkpointInterval
    return Self.now - lastSnapshot >= interval
  }

  func stopIsRequested() -> Bool { StopRequest.current != nil }

  func observe(_ news: TrainingNews) { watcher(news) }

  func answeredBatches(of evaluation: EvaluationPlace) throws -> [AnsweredBatch] {
    let opened = directory.answers(part: evaluation.part.rawValue)
    journal = opened
    return opened.open(for: evaluation, AnsweredBatch.self)
  }

  func keep(_ answered: AnsweredBatch) { journal?.append(answered) }

  /// Makes the history survive a loss of power, before the run is called finished.
  func close() throws {
    try history?.synchronize()
    history = nil
  }

  /// Seconds of a clock that only runs forward.
  private static var now: Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
}
