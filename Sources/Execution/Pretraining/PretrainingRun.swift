import Datasets
import Foundation
import Foundations
import Loading
import Metrics
import Pretraining
import RunStore
import Studies
import Torch
import Training

/// One pre-training, from images and first weights to the backbone that other cells start from, in its run directory.
struct PretrainingRun {
  let cell: Cell
  let plan: Plan
  let data: StudyData
  let directory: RunDirectory
  let numerics: NumericSetting
  let started: (_ resumedAfterStep: Int?) -> Void
  let watcher: (TrainingNews) -> Void
  let cacheWatcher: (CacheProgress) -> Void
  /// The other processes that train it too; nil where this one is alone.
  var spread: SpreadStudy?

  /// Trains and writes everything; the caller holds the run's lease.
  func run() throws -> CellRun.Outcome { try directory.startingAnewIfNeeded(attempt) }

  private func attempt() throws -> CellRun.Outcome {
    guard let record = CellRecord(cell, in: plan) else { throw ExecutionError.notInPlan(cell) }
    let parts = try PretrainingParts(cell: cell, plan: plan, data: data, numerics: numerics)
    try PretrainingCost(
      parts.setup, device: numerics.device, loaderThreads: plan.study.execution.loaderThreads, processes: spread?.spread.group.size ?? 1,
      limit: MemoryLimit.of(numerics.device)
    ).requireRoom(for: cell.initialization)
    let beginning = try directory.begin(record)
    try directory.write(parts.setup.record, to: directory.pretrainingFile)
    let start = try CellStart(cell: cell, plan: plan, initialization: parts.setup.specification.initialization).load(into: parts.backbone)
    try start.write(to: directory)

    let files = RunFiles(
      directory: directory, identity: cell.identity, source: start.sourceWeights, checkpointSeconds: plan.study.execution.checkpointSeconds,
      spread: spread.map { RunSpread($0.spread, trainsNormalization: true) }, watcher: watcher)
    let training = try parts.loop(files, cacheWatcher: cacheWatcher, spread: spread?.spread)
    let clock = CellClock()
    do {
      try train(training, files)
    } catch {
      if !training.progress.broken.isEmpty { try? directory.write(broken(training), to: directory.quarantineFile) }
      throw error
    }
    try directory.write(broken(training), to: directory.quarantineFile)
    try directory.write(
      clock.timing(trainedImages: training.samplesTrainedNow, resumedAfterStep: training.resumedAfterStep), to: directory.timingFile)
    try directory.finish(cell, source: start.sourceWeights)
    // What is left of them after this is cleared by the next start.
    try? directory.removeUnfinished()
    return CellRun.Outcome(
      headline: headline(training.procedure.progress), brokenFiles: training.progress.broken.count,
      remarks: beginning.remarks + broken(training).remarks + files.remarks + data.cacheDamages())
  }

  /// The probe's mean, by the head that it is of.
  private func headline(_ progress: SelfSupervised.Progress) -> [String: MetricValue] {
    guard let best = progress.selection.best, let heads = plan.study.pretraining(named: cell.initialization)?.probe?.heads else { return [:] }
    return [heads.map(\.rawValue).joined(separator: " and "): .value(best)]
  }

  private func train(_ training: TrainingLoop<SelfSupervised>, _ files: RunFiles) throws {
    // Whatever may fail here alone has not.
    try spread?.begin(cell)
    try training.prepare()
    files.remarks += try directory.addSession(
      RunSession(
        RunEnvironment(device: numerics.device, processes: plan.study.execution.processCount, spread: files.spread), host: ProcessInfo.processInfo.hostName,
        afterStep: files.resumedAfterStep ?? 0))
    started(files.resumedAfterStep)
    // Here alone is there something to save first when the process is asked to stop.
    try StopRequest.deferring {
      if let spread { try spread.together(training.train) } else { try training.train() }
      let network = training.procedure.result
      try WeightLoading.save(
        network, metadata: ["identity": cell.identity, "method": plan.study.pretraining(named: cell.initialization)?.method ?? ""],
        to: directory.weightsFile)
      try files.close()
    }
  }

  private func broken(_ training: TrainingLoop<SelfSupervised>) -> BrokenSamples {
    BrokenSamples(training: training.progress.broken, validation: [], test: [])
  }
}
