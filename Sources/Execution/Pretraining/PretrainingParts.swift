import Datasets
import Foundations
import Loading
import Models
import NeuralNetworks
import Pretraining
import Studies
import Torch
import Training

/// What a pre-training is made of, before it starts from anything: its images, its backbone with random weights, and the loop over both.
struct PretrainingParts {
  let setup: PretrainingSetup
  let backbone: BackboneNetwork
  private let recipe: Recipe
  private let cell: Cell
  private let plan: Plan
  private let data: StudyData
  private let numerics: NumericSetting

  init(cell: Cell, plan: Plan, data: StudyData, numerics: NumericSetting) throws {
    guard let specification = plan.study.pretraining(named: cell.initialization), let configuration = plan.configurations[cell.identity] else {
      throw ExecutionError.notInPlan(cell)
    }
    (self.cell, self.plan, self.data, self.numerics) = (cell, plan, data, numerics)
    setup = try PretrainingSetup(specification, data: data)
    recipe = configuration.recipe
    let store = ParameterStore(
      type: numerics.parameterType, device: numerics.device, memoryFormat: numerics.memoryFormat,
      generator: try Generator(seed: (SeedPath(cell.seed) / "weights").seed))
    backbone = try makeBackboneNetwork(
      architecture: ArchitectureCatalog.named(recipe.architecture), inputChannels: recipe.inputChannels, arithmetic: configuration.arithmetic, store: store)
  }

  /// The loop; the backbone has its first weights by now, or gets them from the first process.
  func loop(_ recorder: any RunRecorder, cacheWatcher: @escaping (CacheProgress) -> Void, spread: Spread?) throws -> TrainingLoop<SelfSupervised> {
    let execution = plan.study.execution, seed = CellRun.trainingSeed(cell.seed)
    var seen = recipe
    (seen.inputSize, seen.resizeSize) = (setup.sourceSize, setup.sourceSize)
    let cache = try data.cache(
      of: setup.images.samples, named: "\(Cell.selfSupervised) \(cell.initialization)", recipe: seen, watcher: cacheWatcher)
    let views = try ImageViews(
      setup.images.samples, views: setup.method.views, recipe: recipe, sourceSize: setup.sourceSize, grayRule: setup.grayRule,
      onePerPatient: setup.specification.onePerPatient, positives: setup.specification.positives, seed: seed / "views", numerics: numerics,
      loaders: LoaderSetting(
        workers: execution.loaderThreads,
        prefetch: MemoryNeed(setup, loaderThreads: execution.loaderThreads).prefetch(within: MemoryLimit.current()?.shared(by: execution.processCount)), cache: cache))
    // Of several processes the first one judges.
    let probe = spread?.group.isFirst ?? true ? try probe(cacheWatcher) : nil
    let procedure = try SelfSupervised(
      setup.method, backbone: backbone, settings: setup.settings, source: views, epochs: recipe.epochs, maximumSteps: recipe.maximumSteps,
      brokenFileLimit: recipe.brokenFileLimit, seed: seed / "method", numerics: numerics, probe: probe, monitor: try monitor(views), spread: spread)
    return TrainingLoop(procedure, recorder: recorder, group: spread?.group)
  }

  /// Looks at the first images, in one view, about twenty times in an epoch and at least every hundredth step.
  private func monitor(_ views: ImageViews) throws -> CollapseMonitor? {
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

  private func probe(_ cacheWatcher: @escaping (CacheProgress) -> Void) throws -> BackboneProbe? {
    guard let wanted = setup.specification.probe else { return nil }
    let study = plan.study
    func task(_ name: String) throws -> BackboneProbe.Task {
      guard let task = study.task(named: name) else { throw ExecutionError.unknownTask(name, known: study.tasks.map(\.name)) }
      var own = study.recipe(of: task, from: setup.specification.initialization)
      // The network sees them as large as the images it learns from.
      (own.inputSize, own.resizeSize) = (recipe.inputSize, recipe.resizeSize)
      let splits = try data.splits(of: task).applying(own.labelPolicy, seed: SeedPath(cell.seed))
      return BackboneProbe.Task(
        name: name, kind: task.kind, recipe: own, splits: splits, scoredClasses: task.scoredClasses,
        loaders: LoaderSetting(
          workers: study.execution.loaderThreads, prefetch: 2, cache: try data.cache(of: task, recipe: task.recipe, watcher: cacheWatcher)))
    }
    let probe = BackboneProbe(
      try wanted.tasks.map(task), forgettable: try study.forgettingTasks(of: setup.specification).map(task), everyEpochs: wanted.everyEpochs,
      heads: wanted.heads, numerics: numerics)
    try probe.requireJudgment(of: cell.initialization)
    return probe
  }
}
