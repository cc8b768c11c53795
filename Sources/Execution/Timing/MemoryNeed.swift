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
  private var wanted = 4

  /// The part of the limit that batches made ahead may take.
  private static let part = 4

  init(_ task: TaskSpecification, splits: DatasetSplits, loaderThreads: Int) {
    let recipe = task.recipe, view = recipe.inputChannels * recipe.inputSize * recipe.inputSize * MemoryLayout<Float>.size
    let mask = task.kind.isSegmentation ? view / max(recipe.inputChannels, 1) * task.kind.maskCount(classes: splits.maskClasses.count) : 0
    let crops = recipe.testTimeAugmentation == .tenCrop ? 10 : 1
    batchBytes = max(recipe.batchSize * (view + mask), recipe.evaluationBatchSize * (crops * view + mask))
    imageBytes = Self.imageBytes(splits.training.first ?? splits.test.first, recipe)
    self.loaderThreads = loaderThreads
  }

  /// Of a pre-training: squares of its source size, which are varied on the device.
  init(_ setup: PretrainingSetup, loaderThreads: Int) {
    let recipe = setup.recipe
    batchBytes = recipe.batchSize * recipe.inputChannels * setup.sourceSize * setup.sourceSize * MemoryLayout<Float>.size
    imageBytes = Self.imageBytes(setup.images.samples.first, recipe)
    self.loaderThreads = loaderThreads
    wanted = 2
  }

  /// One image stands for all: looking at each would take as long as an epoch.
  private static func imageBytes(_ sample: Sample?, _ recipe: Recipe) -> Int {
    let first = sample.flatMap { try? $0.image.read() }
    let pixels = first.map { $0.width * $0.height } ?? 0, channels = max(first?.channels ?? 1, recipe.inputChannels)
    return pixels * channels * (MemoryLayout<Float>.size + 2)
  }

  /// How many batches to make ahead, at least 1. It changes no number.
  func prefetch(within limit: MemoryLimit?) -> Int {
    guard let limit else { return wanted }
    return min(wanted, max(1, limit.bytes / Self.part / max(batchBytes, 1)))
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
    return lines.compactMap {
      limit.sentence(
        of: "A run of \($0.task)", needing: $0.memoryBytes,
        remedy: "Lower recipe.batchSize, recipe.evaluationBatchSize, recipe.inputSize or loaderThreads, or give it more memory.")
    }
  }
}

extension MemoryLimit {
  /// What there is for a training on a device: of a GPU its own memory, else this process's.
  static func of(_ device: Device) throws -> MemoryLimit? {
    guard device.kind == .cuda else { return current() }
    return MemoryLimit(bytes: try TorchRuntime.cudaMemory(device.index ?? 0).total, source: .device)
  }

  /// Says that something takes more than nine tenths of it; nil where it does not.
  func sentence(of what: String, needing bytes: Int, remedy: String) -> String? {
    guard bytes > self.bytes / 10 * 9 else { return nil }
    return "\(words(what, bytes)): it may be killed or fail. \(remedy)"
  }

  fileprivate func words(_ what: String, _ needed: Int) -> String {
    "\(what) takes about \(spoken(bytes: needed)), and \(source.rawValue) is \(spoken(bytes: bytes))"
  }
}

extension ExecutionError {
  static func tooLittleMemory(_ what: String, needed: Int, limit: MemoryLimit, remedy: String) -> ExecutionError {
    ExecutionError(kind: .tooLittleMemory, problem: "\(limit.words(what, needed)).", remedy: remedy)
  }
}
