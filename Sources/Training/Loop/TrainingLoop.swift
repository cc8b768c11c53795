import Containers
import NeuralNetworks
public import Torch

/// The one loop of every training: epochs of steps, what is recorded of them, snapshots, requests to stop, and going on from a snapshot.
///
/// What a step is, and what is thought of an epoch, is the procedure's. What is computed does not depend on the recorder: a snapshot
/// between any two steps, restored later, goes on to the same bytes. The loop does not wait for the device in each step; losses are read
/// when a snapshot, a stop or an epoch's end needs them, or once in a while, and a loss that is not finite is found then.
public final class TrainingLoop<Kind: Procedure> {
  public let procedure: Kind
  private let recorder: any RunRecorder
  /// The processes that train together, of which this is one; nil where there is no other.
  private let group: ProcessGroup?
  /// Where the loop stands.
  public private(set) var progress = LoopProgress()
  /// The step that a snapshot led to, or nil for a training from its beginning.
  public internal(set) var resumedAfterStep: Int?
  /// Samples in steps of this process.
  public private(set) var samplesTrainedNow = 0
  private var unread: UnreadLosses
  /// The samples that the epoch's validation was of.
  private var validated = (done: 0, count: 0)
  /// Whether a snapshot holds the state as it is now.
  var isSaved = false

  /// - Parameter group: the processes that train it together; each with a procedure that has its part of every batch, and a recorder, of which
  ///   the first one's alone keeps anything.
  public convenience init(_ procedure: Kind, recorder: any RunRecorder, group: ProcessGroup? = nil) {
    self.init(procedure, recorder: recorder, unread: UnreadLosses(), group: group)
  }

  init(_ procedure: Kind, recorder: any RunRecorder, unread: UnreadLosses, group: ProcessGroup? = nil) {
    self.group = group
    self.procedure = procedure
    self.recorder = recorder
    self.unread = unread
  }

  /// Goes to the recorder's last snapshot, where there is one.
  public func prepare() throws {
    guard let group else { return try restoreLast() }
    // The others begin with what the first one has.
    if group.isFirst {
      do {
        try restoreLast()
      } catch {
        try shareNothing(in: group)
        throw error
      }
    }
    try share(in: group)
  }

  private func restoreLast() throws {
    guard let snapshot = try recorder.restore(Kind.Progress.self) else { return }
    try restore(snapshot)
    resumedAfterStep = progress.step
    isSaved = true
  }

  /// Trains until an epoch's verdict or the extent says stop, and then lets the procedure finish. Call `prepare` first.
  public func train() throws {
    if progress.step == 0 { try procedure.begin(watcher: watcher(of: .validation, isFinal: false)) }
    while !progress.isFinished {
      try makeSteps()
      try closeEpoch()
    }
    // What comes next is the evaluation of the chosen state.
    try saveIfDue(beforeEvaluation: true)
    try procedure.finish()
  }

  // MARK: - One epoch

  private var extent: TrainingExtent { procedure.extent }

  private var stepLimitIsReached: Bool { extent.maximumSteps.map { progress.step >= $0 } ?? false }

  private func makeSteps() throws {
    let source = try procedure.batches(ofEpoch: progress.epoch, after: progress.batchInEpoch)
    do {
      while !stepLimitIsReached, case let batches = try next(extent.batchesPerStep, from: source), !batches.isEmpty {
        try note(batches.flatMap(\.unusable))
        try step(on: batches)
        progress.batchInEpoch += batches.count
        observe(.training, done: min(progress.batchInEpoch * extent.batchSize, extent.sampleCount), of: extent.sampleCount)
        isSaved = false
        try leaveIfAsked(afterStep: true)
        // Together they read each loss at once, so that all of them meet one that is not finite in the same step.
        if unread.areDue || group != nil { try readLosses() }
        try saveIfDue()
      }
    } catch {
      // Steps before the one that failed have their place in the history, and the first of them that went wrong is the reason.
      do { try readLosses() } catch let earlier as TrainingError { throw earlier } catch {}
      throw error
    }
    try readLosses()
    if progress.sampleCount == 0 { throw TrainingError.nothingToTrainOn("training") }
  }

  private func next(_ count: Int, from source: any BatchSource<Kind.Batch>) throws -> [Kind.Batch] {
    var batches: [Kind.Batch] = []
    while batches.count < count, let batch = try source.next() { batches.append(batch) }
    return batches
  }

  private func step(on batches: [Kind.Batch]) throws {
    let counts = try counts(batches.map(\.sampleCount))
    // A batch of which another process has samples is one here too.
    let used = zip(batches, counts).filter { $1 > 0 }.map(\.0), count = counts.reduce(0, +)
    if used.isEmpty { return }
    let position = TrainingPosition(epoch: progress.epoch, step: progress.step + 1)
    let loss = try procedure.step(on: used, at: position)
    unread.append(.init(loss: loss, position: position, learningRate: procedure.learningRate, sampleCount: count))
    progress.step += 1
    samplesTrainedNow += count
  }

  /// The samples of batches over all processes.
  private func counts(_ own: [Int]) throws -> [Int] {
    guard let group else { return own }
    guard procedure.seesWholeBatches else { return try group.sum(own.map { Double($0) }).map { Int($0) } }
    if try !group.areSame(own) { throw TrainingError.batchesDiffer(step: progress.step + 1) }
    return own
  }

  /// Waits for the losses of the steps so far, and records them.
  private func readLosses() throws {
    for (entry, value) in try unread.read() {
      guard value.isFinite else {
        throw TrainingError.lossNotFinite(
          epoch: entry.position.epoch, step: entry.position.step, loss: value, learningRate: entry.learningRate,
          isMixed: procedure.isInMixedPrecision)
      }
      progress.lossSum += value * Double(entry.sampleCount)
      progress.sampleCount += entry.sampleCount
      try recorder.record(StepRecord(epoch: entry.position.epoch, loss: value, step: entry.position.step))
    }
  }

  /// Lets the procedure judge, records it, and goes to the next epoch.
  private func closeEpoch() throws {
    let learningRate = procedure.learningRate
    validated = (0, 0)
    try saveIfDue(beforeEvaluation: true)
    let verdict = try procedure.closeEpoch(
      at: TrainingPosition(epoch: progress.epoch, step: progress.step), watcher: watcher(of: .validation, isFinal: false))
    let record = EpochRecord(
      epoch: progress.epoch, learningRate: learningRate, trainingLoss: progress.loss ?? .nan, validation: verdict.validation)
    progress.isFinished = verdict.endsTraining || progress.epoch >= extent.epochs || stepLimitIsReached
    progress.beginNextEpoch()
    isSaved = false
    try recorder.record(record)
    observe(.validation, done: validated.count, of: validated.count, record: record)
    try saveIfDue()
  }

  /// What an evaluation of the state as it is now tells and asks.
  func watcher(of part: TrainingNews.Phase, isFinal: Bool) -> EvaluationWatcher {
    let recorder = recorder
    return EvaluationWatcher(
      answeredBefore: {
        try recorder.answeredBatches(
          of: EvaluationPlace(part: part, step: self.progress.step, isFinal: isFinal, network: self.procedure.state.first?.digest() ?? ""))
      },
      keeping: { try recorder.keep($0) },
      progress: { done, count in
        if !isFinal { self.validated = (done, count) }
        self.observe(part, done: done, of: count)
        try self.leaveIfAsked(afterStep: false)
      })
  }

  /// Notes samples that could not be used, each once, and stops the run when they are too many.
  private func note(_ unusable: [BrokenSample]) throws {
    let found = try group.map { try $0.gather(unusable) } ?? unusable
    for sample in found where !progress.broken.contains(where: { $0.id == sample.id }) { progress.broken.append(sample) }
    try BrokenFileRule(limit: extent.brokenFileLimit).check(progress.broken, of: extent.sampleCount)
  }

  /// Tells who watches how far a phase is.
  func observe(_ phase: TrainingNews.Phase, done: Int, of count: Int, record: EpochRecord? = nil) {
    recorder.observe(
      TrainingNews(
        phase: phase, epoch: record?.epoch ?? progress.epoch, epochLimit: extent.epochs, imagesDone: done, imageCount: count,
        loss: record?.validation?.loss ?? progress.loss, epochRecord: record))
  }

  // MARK: - Snapshots

  private func save() throws {
    try readLosses()
    try recorder.save(snapshot())
    isSaved = true
  }

  private func saveIfDue(beforeEvaluation: Bool = false) throws {
    if !isSaved, recorder.snapshotIsDue(beforeEvaluation: beforeEvaluation) { try save() }
  }

  /// Between two steps, or two batches of an evaluation, which changes nothing.
  ///
  /// - Parameter afterStep: whether all processes of the training are here, and stop together.
  private func leaveIfAsked(afterStep: Bool) throws {
    var isAsked = recorder.stopIsRequested()
    if afterStep, let group { isAsked = try group.any(isAsked) }
    guard isAsked else { return }
    if !isSaved { try save() }
    throw TrainingError.interrupted(afterStep: progress.step)
  }

  func snapshot() throws -> Snapshot<Kind.Progress> {
    Snapshot(
      progress: TrainingProgress(loop: progress, procedure: procedure.progress),
      tensors: try procedure.state.flatMap { part in try part.tensors.map { try $0.tensor.namedArray("\(part.name).\($0.name)") } })
  }

  /// Puts a snapshot back: the next step computes what it would have computed then.
  func restore(_ snapshot: Snapshot<Kind.Progress>) throws {
    var parts: [String: [String: Tensor]] = [:]
    for array in snapshot.tensors {
      let words = array.name.split(separator: ".", maxSplits: 1)
      guard words.count == 2, Kind.partNames.contains(String(words[0])) else {
        throw TrainingError.snapshotMismatch("\(array.name) has no place in this run")
      }
      parts[String(words[0]), default: [:]][String(words[1])] = try Tensor.copy(of: array)
    }
    procedure.progress = snapshot.progress.procedure
    do {
      try procedure.restore(parts)
    } catch let error as NeuralNetworksError {
      throw TrainingError.snapshotMismatch(error.problem)
    }
    progress = snapshot.progress.loop
  }
}
