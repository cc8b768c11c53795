import Datasets
import Foundations
import Loading
import Models
import Studies
import Torch
import Training

/// What a cell's training is made of, before it starts from anything: its samples, its network with random weights, and the loop over both.
struct CellTraining {
  let task: TaskSpecification
  /// The task's recipe with the preprocessing that belongs to the weights.
  let recipe: Recipe
  let splits: DatasetSplits
  let network: any Network
  private let cell: Cell
  private let plan: Plan
  private let data: StudyData
  private let numerics: NumericSetting

  init(cell: Cell, plan: Plan, data: StudyData, numerics: NumericSetting) throws {
    guard let task = plan.study.task(of: cell), let configuration = plan.configurations[cell.identity] else {
      throw ExecutionError.notInPlan(cell)
    }
    (self.cell, self.plan, self.data, self.numerics) = (cell, plan, data, numerics)
    (self.task, recipe) = (task, configuration.recipe)
    let seed = SeedPath(cell.seed)
    splits = try data.splits(of: task, fraction: cell.fraction).applying(recipe.labelPolicy, seed: seed)
    let outputs = task.kind.outputCount(classes: splits.answerNames.count, recipe: recipe)
    network = try recipe.makeNetwork(
      kind: task.kind, outputs: outputs, arithmetic: configuration.arithmetic, seed: seed / "weights", numerics: numerics)
  }

  /// What serves the images from the study's cache.
  func cache(_ watcher: (CacheProgress) -> Void) throws -> SampleCache? { try data.cache(of: task, recipe: recipe, watcher: watcher) }

  /// The loop; the network has its first weights by now, or gets them from the first process.
  func loop(_ recorder: any RunRecorder, cacheWatcher: (CacheProgress) -> Void, spread: Spread?) throws -> TrainingLoop<Supervised> {
    let execution = plan.study.execution
    if recipe.mode == .frozenBackbone { try network.freezeBackbone() }
    let need = MemoryNeed(task, splits: splits, loaderThreads: execution.loaderThreads)
    let loaders = LoaderSetting(
      workers: execution.loaderThreads, prefetch: need.prefetch(within: MemoryLimit.current()?.shared(by: execution.processCount)),
      cache: try cache(cacheWatcher))
    let procedure = try Supervised(
      network: network, kind: task.kind, recipe: recipe, splits: splits, seed: CellRun.trainingSeed(cell.seed), numerics: numerics,
      loaders: loaders, scoredClasses: task.scoredClasses, metrics: task.metrics, spread: spread)
    return TrainingLoop(procedure, recorder: recorder, group: spread?.group)
  }
}
