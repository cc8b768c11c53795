import Datasets
import Foundation
public import Foundations
import RunStore
public import Studies
import Torch
import Training

/// How long the cells of a plan will take on this machine: by runs of the study that have ended here, else by what steps of the tasks cost.
///
/// Early stopping can only shorten a run, so these are upper bounds.
public struct Estimate: Codable, Sendable {
  /// What the time of a run is known by.
  public enum Basis: Codable, Hashable, Sendable {
    /// Steps on random images, without reading images, now or by an earlier command.
    case measuredNow, keptTimings
    /// So many runs of the same images, recipe and machine, with all they did.
    case finishedRuns(Int)

    public var words: String {
      switch self {
      case .measuredNow: "steps, just now"
      case .keptTimings: "steps, kept"
      case .finishedRuns(let count): count == 1 ? "a run that ended" : "\(count) runs that ended"
      }
    }
  }

  /// One task's cost.
  public struct Line: Codable, Sendable {
    public let task: String
    public let mode: FineTuningMode
    public let fraction: TrainingFraction
    /// Cells that are still to be run.
    public let cells: Int
    public let trainingImagesPerSecond: Double
    public let evaluationImagesPerSecond: Double
    public let trainingImages: Int
    public let validationImages: Int
    /// Counting each crop of test-time augmentation.
    public let testViews: Int
    public let epochs: Int
    /// For one cell, if no early stopping comes. Heads on features share the time that the network is asked for them.
    public let secondsPerCell: Double
    public let basis: Basis
    /// The most memory of a run, about: the program, the tensors of its largest step, and what its loader holds.
    public let memoryBytes: Int
  }

  public let lines: [Line]
  /// Other precisions and numbers of threads, where they were measured or are kept.
  public let choices: [ComputeChoices]
  /// What this process may take; nil where the system does not say.
  public let memoryLimit: MemoryLimit?
  /// What kept the timings from being read or kept.
  public let remarks: [String]
  /// For all cells, if no early stopping comes.
  public var seconds: Double { lines.reduce(0) { $0 + $1.secondsPerCell * Double($1.cells) } }

  /// How long measuring one task in one way may take, in seconds; and after how many other precisions and threads are not measured any more.
  private static let secondsPerMeasurement = 1.5, secondsInAll = 8.0

  /// - Parameters:
  ///   - unfinished: the cells still to be run.
  ///   - measuresAnew: measures whole batches of every task, however long that takes.
  public init(_ plan: Plan, data: StudyData, unfinished: [Cell], measuresAnew: Bool = false, timings: StepTimings = StepTimings()) throws {
    let execution = plan.study.execution, device = try ComputeSetting.apply(execution)
    let limit = MemoryLimit.current(), program = TorchRuntime.processMemory.current
    memoryLimit = limit
    var lines: [Line] = [], choices: [ComputeChoices] = [], left = Self.secondsInAll
    let passes = try FeaturePlan(plan, data: data) { cell in unfinished.contains(cell) }
    for (task, mode) in plan.study.tasks.flatMap({ task in task.modes.map { (Self.task(task, in: $0), $0) } }) {
      let cells = unfinished.filter { $0.task == task.name && $0.mode == mode }
      let counts = Dictionary(grouping: cells, by: \.fraction).mapValues(\.count)
      if counts.isEmpty { continue }
      let outputs = max(1, try data.splits(of: task).answerNames.count)
      let begin = Date()
      let (cost, isKept) = try timings.cost(
        of: task, outputs: outputs, device: device, seconds: measuresAnew ? nil : Self.secondsPerMeasurement, anew: measuresAnew)
      if !mode.isHeadOnFeatures, measuresAnew || left > 0 {
        let work = Self.work(task, try data.splits(of: task))
        choices.append(
          try ComputeChoices(
            task, work: work, outputs: outputs, execution: execution, device: device, timings: timings,
            seconds: measuresAnew ? nil : Self.secondsPerMeasurement))
      }
      left -= Date().timeIntervalSince(begin)
      let loader = MemoryNeed(task, splits: try data.splits(of: task), loaderThreads: execution.loaderThreads).bytes(within: limit)
      for (fraction, cells) in counts.sorted(by: { $0.key.value < $1.key.value }) {
        let splits = try data.splits(of: task, fraction: fraction)
        let basis = isKept ? Basis.keptTimings : .measuredNow, memory = program + cost.tensorBytes + loader
        if mode.isHeadOnFeatures {
          let passes = passes.lines.first { $0.task == task.name }
          lines.append(
            Self.line(task, mode, fraction, splits: splits, cells: cells, cost: cost, passes: passes, basis: basis, memoryBytes: memory))
          continue
        }
        let past = PastRuns(of: task, fraction, plan: plan, work: { Self.work(task, splits, trained: $0) }, cost: cost)
        lines.append(
          Self.line(
            task, fraction, splits: splits, cells: cells, cost: cost, past: past, basis: basis, memoryBytes: memory))
      }
    }
    timings.keep()
    (self.lines, self.choices, remarks) = (lines, choices, timings.remarks)
  }

  private static func line(
    _ task: TaskSpecification, _ fraction: TrainingFraction, splits: DatasetSplits, cells: Int, cost: StepCost, past: PastRuns, basis: Basis,
    memoryBytes: Int
  ) -> Line {
    let seconds = work(task, splits).seconds(cost)
    return Line(
      task: task.name, mode: task.recipe.mode, fraction: fraction, cells: cells, trainingImagesPerSecond: cost.trainingImagesPerSecond,
      evaluationImagesPerSecond: cost.evaluationImagesPerSecond, trainingImages: splits.training.count, validationImages: splits.validation.count,
      testViews: testViews(task, splits), epochs: epochs(task, splits), secondsPerCell: seconds * (past.ratio ?? 1),
      basis: past.ratio == nil ? basis : .finishedRuns(past.count), memoryBytes: memoryBytes)
  }

  /// Of heads on features, which share the passes of their task.
  private static func line(
    _ task: TaskSpecification, _ mode: FineTuningMode, _ fraction: TrainingFraction, splits: DatasetSplits, cells: Int, cost: StepCost,
    passes: FeaturePlan.Line?, basis: Basis, memoryBytes: Int
  ) -> Line {
    let seconds = Double(passes?.images ?? 0) / cost.evaluationImagesPerSecond / Double(max(passes?.heads ?? 1, 1))
    return Line(
      task: task.name, mode: mode, fraction: fraction, cells: cells, trainingImagesPerSecond: cost.trainingImagesPerSecond,
      evaluationImagesPerSecond: cost.evaluationImagesPerSecond, trainingImages: splits.training.count,
      validationImages: splits.validation.count, testViews: splits.test.count, epochs: 0, secondsPerCell: seconds, basis: basis,
      memoryBytes: memoryBytes)
  }

  /// A task as it is in one of its modes. A head's network is asked as a frozen one is.
  private static func task(_ task: TaskSpecification, in mode: FineTuningMode) -> TaskSpecification {
    var own = task
    own.recipe.mode = mode.isHeadOnFeatures ? .frozenBackbone : mode
    return own
  }

  private static func testViews(_ task: TaskSpecification, _ splits: DatasetSplits) -> Int {
    splits.test.count * (task.recipe.testTimeAugmentation == .tenCrop ? 10 : 1)
  }

  private static func epochs(_ task: TaskSpecification, _ splits: DatasetSplits) -> Int {
    let extent = task.recipe.extent(sampleCount: splits.training.count), steps = extent.stepsPerEpoch
    return (extent.stepCount + steps - 1) / steps
  }

  /// Of a whole run, or of one that trained on so many images and then stopped early.
  static func work(_ task: TaskSpecification, _ splits: DatasetSplits, trained: Int? = nil) -> StepWork {
    let recipe = task.recipe, images = splits.training.count, extent = recipe.extent(sampleCount: images)
    let most = min(epochs(task, splits) * images, extent.stepCount * recipe.batchSize * extent.batchesPerStep)
    let done = trained.map { max(1, Int((Double($0) / Double(max(images, 1))).rounded(.up))) } ?? epochs(task, splits)
    return StepWork(trained: trained ?? most, answered: done * splits.validation.count + testViews(task, splits))
  }
}

/// Runs of a task that have ended on this machine, each from its beginning in one piece: how much longer they took than their steps alone.
struct PastRuns {
  /// The median; nil where there is none.
  let ratio: Double?
  let count: Int

  init(of task: TaskSpecification, _ fraction: TrainingFraction, plan: Plan, work: (_ trained: Int) -> StepWork, cost: StepCost) {
    let machine = RunEnvironment.machine, threads = TorchRuntime.threadCount
    let ratios = TimedRun.all(of: plan) { $0.task == task.name && $0.mode == task.recipe.mode && $0.fraction == fraction }.compactMap { run -> Double? in
      guard run.timing.trainedImages > 0, run.isOf(machine, threads: threads) else { return nil }
      return run.timing.seconds / work(run.timing.trainedImages).seconds(cost)
    }
    count = ratios.count
    ratio = ratios.middle
  }
}
