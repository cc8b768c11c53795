import Datasets
import Dispatch
public import Foundations
import NeuralNetworks
public import Studies
import Torch
import Training

/// How long the cells of a plan will take on this machine, from a few steps taken just now.
///
/// For every task that has unfinished cells, its network is made and fed random images: two steps of warming up, then
/// two measured ones, and one evaluation. Reading images goes on beside the training and is not measured. Early stopping
/// can only shorten a run, so these are upper bounds.
public struct Estimate: Codable, Sendable {
  /// One task's cost.
  public struct Line: Codable, Sendable {
    public let task: String
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
    /// For one cell, if no early stopping comes.
    public let secondsPerCell: Double
    /// The most memory of a run, about: this process's at its peak after the measured steps, and what its loader holds.
    public let memoryBytes: Int
  }

  public let lines: [Line]
  /// What this process may take; nil where the system does not say.
  public let memoryLimit: MemoryLimit?
  /// For all cells, if no early stopping comes.
  public var seconds: Double { lines.reduce(0) { $0 + $1.secondsPerCell * Double($1.cells) } }

  /// - Parameter unfinished: the cells still to be run.
  public init(_ plan: Plan, data: StudyData, unfinished: [Cell]) throws {
    let execution = plan.study.execution
    if let threads = execution.threads { try TorchRuntime.setThreadCount(threads) }
    let device = try NumericSetting.device(named: execution.device)
    let limit = MemoryLimit.current()
    memoryLimit = limit
    lines = try plan.study.tasks.flatMap { task -> [Line] in
      let counts = Dictionary(grouping: unfinished.filter { $0.task == task.name }, by: \.fraction).mapValues(\.count)
      if counts.isEmpty { return [] }
      let probe = try StepProbe(task: task, outputs: max(1, data.splits(of: task).classNames.count), device: device)
      let speeds = (training: try probe.trainingImagesPerSecond(), evaluation: try probe.evaluationImagesPerSecond())
      let loader = MemoryNeed(task, splits: try data.splits(of: task), loaderThreads: execution.loaderThreads).bytes(within: limit)
      let memory = TorchRuntime.processMemory.peak + loader
      return try counts.sorted { $0.key.value < $1.key.value }.map { fraction, cells in
        Self.line(task, fraction, splits: try data.splits(of: task, fraction: fraction), cells: cells, speeds: speeds, memoryBytes: memory)
      }
    }
  }

  private static func line(
    _ task: TaskSpecification, _ fraction: TrainingFraction, splits: DatasetSplits, cells: Int,
    speeds: (training: Double, evaluation: Double), memoryBytes: Int
  ) -> Line {
    let recipe = task.recipe, training = speeds.training, evaluation = speeds.evaluation
    let crops = recipe.testTimeAugmentation == .tenCrop ? 10 : 1
    let testViews = splits.test.count * crops
    let extent = recipe.extent(sampleCount: splits.training.count), stepsPerEpoch = extent.stepsPerEpoch
    let epochs = (extent.stepCount + stepsPerEpoch - 1) / stepsPerEpoch
    let trained = min(epochs * splits.training.count, extent.stepCount * recipe.batchSize * extent.batchesPerStep)
    let seconds = Double(trained) / training + Double(epochs * splits.validation.count + testViews) / evaluation
    return Line(
      task: task.name, fraction: fraction, cells: cells, trainingImagesPerSecond: training, evaluationImagesPerSecond: evaluation,
      trainingImages: splits.training.count, validationImages: splits.validation.count, testViews: testViews, epochs: epochs,
      secondsPerCell: seconds, memoryBytes: memoryBytes)
  }
}
