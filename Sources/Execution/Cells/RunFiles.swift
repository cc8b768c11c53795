import Containers
import Dispatch
import Foundation
import Foundations
import RunStore
import Training

/// Writes a training's news into its run directory and finds its last snapshot there.
final class RunFiles: RunRecorder {
  private let directory: RunDirectory
  private let identity: String
  private let source: String?
  private let checkpointInterval: Double
  private let watcher: (TrainingNews) -> Void
  private var history: HistoryWriter?
  private var lastSnapshot = RunFiles.now
  /// Where the answers of the evaluation under way are kept.
  private var journal: AnswerJournal?
  /// Said to the person: checkpoints that could not be used.
  var remarks: [String] = []
  private(set) var resumedAfterStep: Int?
  /// How the training is spread over processes; nil where this one is alone.
  let spread: RunSpread?

  /// - Parameters:
  ///   - identity: of the cell whose run it is.
  ///   - source: the SHA-256 of the weights that it starts from, where they are another run's: that run can be made anew, with other bytes on
  ///     another machine, and what went on from the old ones is no checkpoint of this run.
  init(
    directory: RunDirectory, identity: String, source: String?, checkpointSeconds: Int, spread: RunSpread? = nil,
    watcher: @escaping (TrainingNews) -> Void
  ) {
    self.directory = directory
    self.identity = identity
    self.source = source
    checkpointInterval = Double(checkpointSeconds)
    self.watcher = watcher
    self.spread = spread
  }

  /// What goes beside a snapshot's tensors.
  private struct Note<Progress: Codable & Equatable>: Codable {
    let progress: TrainingProgress<Progress>
    /// Bytes of history.jsonl when the snapshot was taken; what follows them is done again.
    let historyLength: Int
    /// The SHA-256 of these bytes, and the identity of the cell. Nil in notes of programs that kept neither.
    let historyDigest: String?
    let cell: String?
    /// The SHA-256 of the weights of another run that this one started from; nil for other starts, and in notes of programs that did not keep it.
    let source: String?
    /// How the training was spread over processes; nil where it was not, and in notes of programs that could not.
    let spread: RunSpread?
  }

  func restore<Progress: Codable & Equatable>(_: Progress.Type) throws -> Snapshot<Progress>? {
    let search = try directory.checkpoints.load(Note<Progress>.self) { note in
      if let cell = note.cell, cell != identity { return "it is of the cell \(cell.prefix(12))" }
      if let began = note.source, began != source { return "it goes on from weights of its source run that are no longer those" }
      return HistoryWriter.problem(directory.historyFile, length: note.historyLength, sha256: note.historyDigest)
    }
    remarks += search.remarks
    guard let loaded = search.found else {
      if !search.remarks.isEmpty { remarks.append("no checkpoint can be used, so the run starts anew") }
      history = try HistoryWriter(url: directory.historyFile, resumingAt: 0)
      return nil
    }
    history = try HistoryWriter(url: directory.historyFile, resumingAt: loaded.progress.historyLength)
    resumedAfterStep = loaded.progress.progress.loop.step
    if let sentence = try RunSpread.remark(from: loaded.progress.spread, to: spread, afterStep: resumedAfterStep ?? 0) { remarks.append(sentence) }
    return Snapshot(progress: loaded.progress.progress, tensors: try CheckpointFile.open(loaded.stateFile).arrays())
  }

  func record(_ step: StepRecord) throws { try history?.append(step) }

  func record(_ epoch: EpochRecord) throws { try history?.append(epoch) }

  func save<Progress: Codable & Equatable>(_ snapshot: Snapshot<Progress>) throws {
    try history?.synchronize()
    let length = history?.length ?? 0
    let note = Note(
      progress: snapshot.progress, historyLength: length, historyDigest: HistoryWriter.digest(directory.historyFile, length: length), cell: identity,
      source: source, spread: spread)
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

  /// What a journal of answers is of: the answers of another run to the same question are others.
  private struct Asked: Codable, Equatable {
    let cell: String
    let evaluation: EvaluationPlace
  }

  func answeredBatches(of evaluation: EvaluationPlace) throws -> [AnsweredBatch] {
    let opened = directory.answers(part: evaluation.part.rawValue)
    journal = opened
    return opened.open(for: Asked(cell: identity, evaluation: evaluation), AnsweredBatch.self)
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
