import Dispatch
import Foundations
import Models
import NeuralNetworks
public import Studies
public import Torch

/// What steps of a task cost on this machine.
public struct StepCost: Codable, Hashable, Sendable {
  public let trainingImagesPerSecond: Double
  public let evaluationImagesPerSecond: Double
  /// The most memory of tensors on the CPU in a training step and in the evaluation of a batch, with the network; without oneDNN's own.
  public let tensorBytes: Int

  public init(trainingImagesPerSecond: Double, evaluationImagesPerSecond: Double, tensorBytes: Int) {
    (self.trainingImagesPerSecond, self.evaluationImagesPerSecond) = (trainingImagesPerSecond, evaluationImagesPerSecond)
    self.tensorBytes = tensorBytes
  }
}

/// Measures what a task's network costs here, on random images.
///
/// A few seconds are often less than one step of a whole batch. So it begins with few images, and doubles them for as long as the time that
/// it was given allows; what is said of a whole batch is then drawn out in a line.
public final class StepProbe {
  private let network: any Network
  private let optimizer: any Optimizer
  private let numerics: NumericSetting
  private let recipe: Recipe
  private let objective: Objective
  private let kind: TaskKind
  private let outputs: Int

  private init(task: TaskSpecification, outputs: Int, device: Device) throws {
    recipe = task.recipe
    kind = task.kind
    self.outputs = outputs
    numerics = NumericSetting(device: device, precision: recipe.precision)
    network = try recipe.makeNetwork(kind: task.kind, outputs: kind.outputCount(classes: outputs, recipe: recipe), seed: SeedPath(0), numerics: numerics)
    if recipe.mode == .frozenBackbone { try network.freezeBackbone() }
    objective = try Objective(recipe, answer: kind.answer, on: numerics)
    optimizer = try recipe.makeOptimizer(for: network)
  }

  /// - Parameters:
  ///   - outputs: classes, whatever number of states each has, or numbers; 1 for a binary segmentation.
  ///   - seconds: about how long it may take; nil for whole batches, however long.
  public static func measure(_ task: TaskSpecification, outputs: Int, device: Device, seconds: Double?) throws -> StepCost {
    try MemoryMeter.measuring { meter in
      let probe = try StepProbe(task: task, outputs: outputs, device: device), recipe = task.recipe
      // Half of the time for each; evaluation, which is shorter, comes as far with less.
      let training = try probe.growing(to: recipe.batchSize, seconds: seconds.map { $0 * 0.7 }, meter, probe.train)
      let views = recipe.evaluationBatchSize * (recipe.testTimeAugmentation == .tenCrop ? 10 : 1)
      let evaluation = try probe.growing(to: views, seconds: seconds.map { $0 * 0.3 }, meter, probe.evaluate)
      return StepCost(
        trainingImagesPerSecond: training.imagesPerSecond, evaluationImagesPerSecond: evaluation.imagesPerSecond,
        tensorBytes: max(training.bytes, evaluation.bytes))
    }
  }

  private func batch(_ count: Int) throws -> (images: Tensor, targets: Tensor) {
    var random = SeedPath(0).generator()
    let shape = [count, recipe.inputChannels, recipe.inputSize, recipe.inputSize]
    let pixels = (0..<shape.reduce(1, *)).map { _ in Float(random.uniform()) }
    let targetShape = kind.isSegmentation ? [count, kind.maskCount(classes: outputs), recipe.inputSize, recipe.inputSize] : [count, outputs]
    let answers = (0..<targetShape.reduce(1, *)).map { _ in Float(random.integer(below: 2)) }
    return (
      try Tensor(pixels, shape: shape).to(device: numerics.device).to(type: numerics.parameterType),
      try Tensor(answers, shape: targetShape).to(device: numerics.device).to(type: numerics.parameterType)
    )
  }

  private func train(_ images: Tensor, _ targets: Tensor) throws {
    try optimizer.zeroGradients()
    let loss = try numerics.computing { try objective(logits: network(images, mode: .training), targets: targets) }
    try loss.backward()
    try optimizer.step()
  }

  private func evaluate(_ images: Tensor, _: Tensor) throws {
    try withoutGradient { _ = try numerics.computing { try network(images, mode: .evaluation).sum().item() } }
  }

  /// The median of up to three steps of as many images as the time allows, after one or two that warm up.
  private func growing(
    to whole: Int, seconds limit: Double?, _ meter: MemoryMeter, _ step: (Tensor, Tensor) throws -> Void
  ) throws -> (imagesPerSecond: Double, bytes: Int) {
    let begin = now()
    // Batch norm needs two images.
    var count = limit == nil ? whole : min(whole, 2), less: (count: Int, bytes: Int)?
    while true {
      let (images, targets) = try batch(count)
      func timed() throws -> Double {
        let start = now()
        try step(images, targets)
        try TorchRuntime.synchronize(numerics.device)
        return now() - start
      }
      // The first steps make kernels and the optimizer's state, and say nothing.
      for _ in 0..<(less == nil ? 2 : 1) { _ = try timed() }
      meter.restart()
      var times = [try timed()]
      let bytes = meter.peak
      // Memory is drawn out from two counts, so that there are two whatever they take.
      if let limit, count < whole, less == nil || now() - begin + 2 * 2 * times[0] < limit {
        less = (count, bytes)
        count = min(whole, 2 * count)
        continue
      }
      while times.count < 3, limit.map({ now() - begin + times[0] < $0 }) ?? true { times.append(try timed()) }
      let median = times.sorted()[times.count / 2]
      return (Double(count) / median, less.map { bytes + max(bytes - $0.bytes, 0) * (whole - count) / (count - $0.count) } ?? bytes)
    }
  }

  private func now() -> Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
}
