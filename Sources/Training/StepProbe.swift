import Dispatch
import Foundations
import Models
import NeuralNetworks
public import Studies
public import Torch

/// Measures how fast a task's network trains and answers here, on random images.
public final class StepProbe {
  private let network: any Network
  private let optimizer: any Optimizer
  private let numerics: NumericSetting
  private let recipe: Recipe
  private let objective: Objective
  private let images: Tensor
  private let targets: Tensor

  /// - Parameter outputs: classes of a classification, whatever number of states each has; 1 for a binary segmentation.
  public init(task: TaskSpecification, outputs: Int, device: Device) throws {
    recipe = task.recipe
    numerics = NumericSetting(device: device, precision: recipe.precision)
    network = try recipe.makeNetwork(kind: task.kind, outputs: recipe.outputCount(classes: outputs), seed: SeedPath(0), numerics: numerics)
    if recipe.mode == .frozenBackbone { try network.freezeBackbone() }
    objective = try Objective(recipe, on: numerics)
    optimizer = try recipe.makeOptimizer(for: network)
    var random = SeedPath(0).generator()
    let shape = [recipe.batchSize, recipe.inputChannels, recipe.inputSize, recipe.inputSize]
    let pixels = (0..<shape.reduce(1, *)).map { _ in Float(random.uniform()) }
    let targetShape = task.kind.isSegmentation ? [recipe.batchSize, 1, recipe.inputSize, recipe.inputSize] : [recipe.batchSize, outputs]
    let answers = (0..<targetShape.reduce(1, *)).map { _ in Float(random.integer(below: 2)) }
    images = try Tensor(pixels, shape: shape).to(device: device).to(type: numerics.parameterType)
    targets = try Tensor(answers, shape: targetShape).to(device: device).to(type: numerics.parameterType)
  }

  /// The median of three steps after two that warm up.
  public func trainingImagesPerSecond() throws -> Double {
    try imagesPerSecond {
      try optimizer.zeroGradients()
      let loss = try numerics.computing {
        try objective(logits: network(images, mode: .training), targets: targets)
      }
      try loss.backward()
      try optimizer.step()
    }
  }

  public func evaluationImagesPerSecond() throws -> Double {
    try imagesPerSecond {
      try withoutGradient { _ = try numerics.computing { try network(images, mode: .evaluation).sum().item() } }
    }
  }

  private func imagesPerSecond(_ step: () throws -> Void) throws -> Double {
    for _ in 0..<2 { try step() }
    let seconds = try (0..<3).map { _ in
      let start = DispatchTime.now().uptimeNanoseconds
      try step()
      try TorchRuntime.synchronize(numerics.device)
      return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    }.sorted()
    return Double(recipe.batchSize) / seconds[1]
  }
}
