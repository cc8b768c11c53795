import Datasets
import Foundations
import Imaging
import Studies
import Torch
import Training

/// How much memory a run of a task takes beside its network: batches that wait or are in use, and images that are being decoded.
struct MemoryNeed {
  /// Of the largest batch, with its crops and masks.
  let batchBytes: Int
  /// Of one image while it is decoded and prepared: its samples, and the same as float32.
  let imageBytes: Int
  let loaderThreads: Int

  /// Batches that are made ahead where memory allows it.
  static let prefetch = 4
  /// The part of the limit that batches made ahead may take.
  private static let part = 4

  init(_ task: TaskSpecification, splits: DatasetSplits, loaderThreads: Int) {
    let recipe = task.recipe, view = recipe.inputChannels * recipe.inputSize * recipe.inputSize * MemoryLayout<Float>.size
    let mask = task.kind.isSegmentation ? view / max(recipe.inputChannels, 1) * task.kind.maskCount(classes: splits.maskClasses.count) : 0
    let crops = recipe.testTimeAugmentation == .tenCrop ? 10 : 1
    batchBytes = max(recipe.batchSize * (view + mask), recipe.evaluationBatchSize * (crops * view + mask))
    // One image stands for all: looking at each would take as long as an epoch.
    let first = (splits.training.first ?? splits.test.first).flatMap { try? $0.image.read() }
    let pixels = first.map { $0.width * $0.height } ?? 0, channels = max(first?.channels ?? 1, recipe.inputChannels)
    imageBytes = pixels * channels * (MemoryLayout<Float>.size + 2)
    self.loaderThreads = loaderThreads
  }

  /// How many batches to make ahead, at least 1. It changes no number.
  func prefetch(within limit: MemoryLimit?) -> Int {
    guard let limit else { return Self.prefetch }
    return min(Self.prefetch, max(1, limit.bytes / Self.part / max(batchBytes, 1)))
  }

  /// All of it, with one batch in use and one on its way to the network.
  func bytes(within limit: MemoryLimit?) -> Int { (prefetch(within: limit) + 2) * batchBytes + loaderThreads * imageBytes }
}

extension Estimate {
  /// What a person should know beside the table, one sentence each.
  public var sentences: [String] { memoryRemarks + choices.compactMap(\.sentence) + remarks }

  /// A sentence for each task that takes more than nine tenths of the memory there is.
  var memoryRemarks: [String] {
    guard let limit = memoryLimit else { return [] }
    return lines.filter { $0.memoryBytes > limit.bytes / 10 * 9 }.map { line in
      "A run of \(line.task) takes about \(spoken(bytes: line.memoryBytes)), and \(limit.source.rawValue) is \(spoken(bytes: limit.bytes)): it may be killed or fail. "
        + "Lower recipe.batchSize, recipe.evaluationBatchSize, recipe.inputSize or loaderThreads, or give it more memory."
    }
  }
}
