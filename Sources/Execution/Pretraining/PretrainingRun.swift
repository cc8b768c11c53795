import Datasets
import Foundation
import Foundations
import Loading
import Metrics
import Models
import NeuralNetworks
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

  /// Trains and writes everything; the caller holds the run's lease.
  func run() throws -> CellRun.Outcome { try directory.startingAnewIfNeeded(attempt) }

  private func attempt() throws -> CellRun.Outcome {
    guard let specification = plan.study.pretraining(named: cell.initialization), let record = CellRecord(cell, in: plan) else {
      throw ExecutionError.notInPlan(cell)
    }
    let setup = try PretrainingSetup(specification, data: data), recipe = record.configuration.recipe
    let seed = SeedPath(cell.seed)
    let beginning = try directory.begin(record)
    try directory.write(setup.record, to: directory.pretrainingFile)

    let store = ParameterStore(
      type: numerics.parameterType, device: numerics.device, memoryFormat: numerics.memoryFormat, generator: try Generator(seed: (seed / "weights").seed))
    let backbone = try makeBackboneNetwork(
      architecture: ArchitectureCatalog.named(recipe.architecture), inputChannels: recipe.inputChannels, arithmetic: record.configuration.arithmetic,
      store: store)
    let start = try CellStart(cell: cell, plan: plan, initialization: specification.initialization).load(into: backbone)
    try start.write(to: directory)

    let files = RunFiles(
      directory: directory, identity: cell.identity, source: start.sourceWeights, checkpointSeconds: plan.study.execution.checkpointSeconds, watcher: watcher)
    let procedure = try procedure(setup, recipe, backbone)
    let training = TrainingLoop(procedure, recorder: files)
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
      headline: procedure.progress.selection.best.map { ["kNN": .value($0)] } ?? [:], brokenFiles: training.progress.broken.count,
      remarks: beginning.remarks + broken(training).remarks + files.remarks + data.cacheDamages())
  }

  private func procedure(_ setup: PretrainingSetup, _ recipe: Recipe, _ backbone: BackboneNetwork) throws -> SelfSupervised {
    let execution = plan.study.execution, seed = CellRun.trainingSeed(cell.seed)
    var seen = recipe
    (seen.inputSize, seen.resizeSize) = (setup.sourceSize, setup.sourceSize)
    let cache = try data.cache(
      of: setup.images.samples, named: "\(Cell.selfSupervised) \(cell.initialization)", recipe: seen, watcher: cacheWatcher)
    let views = try ImageViews(
      setup.images.samples, views: setup.method.views, recipe: recipe, sourceSize: setup.sourceSize, grayRule: setup.grayRule,
      onePerPatient: setup.specification.onePerPatient, positives: setup.specification.positives, seed: seed / "views", numerics: numerics,
      loaders: LoaderSetting(workers: execution.loaderThreads, prefetch: 2, cache: cache))
    return try SelfSupervised(
      setup.method, backbone: backbone, settings: setup.settings, source: views, epochs: recipe.epochs, maximumSteps: recipe.maximumSteps,
      brokenFileLimit: recipe.brokenFileLimit, seed: seed / "method", numerics: numerics, probe: try probe(setup, recipe),
      monitor: try monitor(views, setup))
  }

  /// Looks at the first images, in one view, about twenty times in an epoch and at least every hundredth step.
  private func monitor(_ views: ImageViews, _ setup: PretrainingSetup) throws -> CollapseMonitor? {
    var images: [Tensor] = [], count = 0
    let source = try views.plainBatches()
    while count < 512, let batch = try source.next() {
      guard let view = batch.views.first else { continue }
      images.append(view)
      count += batch.sampleCount
    }
    // Of one image there is no spread.
    guard count > 1 else { return nil }
    let all = try cat(images)
    return CollapseMonitor(images: try all.narrow(along: 0, start: 0, count: min(count, 512)), interval: min(max(setup.stepsPerEpoch / 20, 5), 100))
  }

  private func probe(_ setup: PretrainingSetup, _ recipe: Recipe) throws -> NeighborProbe? {
    guard let wanted = setup.specification.probe else { return nil }
    let study = plan.study
    let tasks = try wanted.tasks.map { name -> NeighborProbe.Task in
      guard let task = study.task(named: name) else { throw ExecutionError.unknownTask(name, known: study.tasks.map(\.name)) }
      var own = study.recipe(of: task, from: setup.specification.initialization)
      // The network sees them as large as the images it learns from.
      (own.inputSize, own.resizeSize) = (recipe.inputSize, recipe.resizeSize)
      let splits = try data.splits(of: task).applying(own.labelPolicy, seed: SeedPath(cell.seed))
      return NeighborProbe.Task(
        name: name, kind: task.kind, recipe: own, splits: splits, scoredClasses: task.scoredClasses,
        loaders: LoaderSetting(
          workers: study.execution.loaderThreads, prefetch: 2, cache: try data.cache(of: task, recipe: task.recipe, watcher: cacheWatcher)))
    }
    return NeighborProbe(tasks, everyEpochs: wanted.everyEpochs, numerics: numerics)
  }

  private func train(_ training: TrainingLoop<SelfSupervised>, _ files: RunFiles) throws {
    try training.prepare()
    files.remarks += try directory.addSession(
      RunSession(
        RunEnvironment(device: numerics.device, processes: plan.study.execution.processCount), host: ProcessInfo.processInfo.hostName, afterStep: files.resumedAfterStep ?? 0))
    started(files.resumedAfterStep)
    // Here alone is there something to save first when the process is asked to stop.
    try StopRequest.deferring {
      try training.train()
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
