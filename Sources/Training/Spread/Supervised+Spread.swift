import Loading
import Models
import NeuralNetworks
import Studies
import Torch

extension Supervised {
  /// One step on the mean loss of batches of which this process has a part: with nᵣ samples of N in process r, L = Σ (nᵣ / N) Lᵣ.
  ///
  /// A process without samples of a batch computes an image of zeros that counts for nothing, so that all make the same calls.
  func spreadStep(on batches: [Batch], _ spread: Spread) throws -> Tensor {
    let totals = try spread.group.sum(batches.map { Double($0.sampleCount) }), all = totals.reduce(0, +)
    try optimizer.zeroGradients()
    let parts = try zip(batches, totals).map { batch, total in
      let loss = try spreadLoss(of: batch, total: Int(total), spread) * (Double(batch.sampleCount) / all)
      try loss.backward()
      return try loss.detach()
    }
    // Its first hook sums the gradients.
    try optimizer.step()
    return try Tensor(spread.group.sum([stack(parts).sum().item()])).sum()
  }

  private func spreadLoss(of batch: Batch, total: Int, _ spread: Spread) throws -> Tensor {
    let counts = batch.sampleCount > 0
    let images: Tensor, targets: Tensor
    if counts {
      let tensors = try BatchTensors(batch, numerics: numerics)
      (images, targets) = (tensors.images, tensors.targets)
    } else {
      let recipe = task.recipe, side = recipe.inputSize
      let shape = task.kind.isSegmentation ? [1, task.kind.maskCount(classes: task.answerNames.count), side, side] : [1, task.answerNames.count]
      images = try numerics.onDevice(Array(repeating: 0, count: recipe.inputChannels * side * side), shape: [1, recipe.inputChannels, side, side])
      // One of a class: a mean over what is known of nothing would be no number, and no number times zero is none either.
      targets = try numerics.onDevice([1] + Array(repeating: 0, count: shape.reduce(1, *) - 1), shape: shape)
    }
    let shared = spread.synchronizesStatistics ? SharedStatistics(spread.group, sampleCount: total, counts: counts) : nil
    // Statistics of an image of zeros are to move no running value.
    let mode: Mode = counts || shared != nil ? .training : .evaluation
    return try SharedStatistics.with(shared) {
      try numerics.computing { try objective(logits: network(images, mode: mode), targets: targets) }
    }
  }

  /// Refuses, in all processes alike, batches of one image that batch normalization cannot be trained on.
  func checkSpreadBatches(_ batches: [Batch], at position: TrainingPosition, _ spread: Spread) throws {
    guard try SingleImageBatch.isRefused(by: task.recipe) else { return }
    let counts = batches.map(\.sampleCount)
    let totals = try spread.group.sum(counts.map { Double($0) } + [counts.contains(1) ? 1 : 0])
    let isSingle = spread.synchronizesStatistics ? totals.dropLast().contains(1) : totals[totals.count - 1] > 0
    if isSingle {
      throw TrainingError.singleImageBatch(epoch: position.epoch, step: position.step, inputSize: task.recipe.inputSize, broken: 0)
    }
  }
}

/// Sums gradients over the processes of a training, whose losses are weighted so that the sum is the whole batch's gradient.
struct GradientsOverProcesses: GradientHook {
  let group: ProcessGroup

  func callAsFunction(_ gradients: [Tensor]) throws { try group.sumInPlace(gradients) }
}
