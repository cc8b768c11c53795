import Models
public import Studies
internal import Vocabulary

/// Batches of one image whose last feature map is one pixel. A batch normalization would see one value a channel there: it makes it
/// its bias whatever it was, and the unbiased variance that it remembers is 0 / 0. PyTorch's `batch_norm` refuses such a batch in training
/// (“Expected more than 1 value per channel when training”), and so do we.
public enum SingleImageBatch {
  /// Whether a recipe's network cannot be trained on one image at a time.
  ///
  /// - Throws: `ModelsError` for an architecture that is not known.
  public static func isRefused(by recipe: Recipe) throws -> Bool {
    // A backbone that is not trained normalizes by what it remembers, and what stands behind it in a U-Net has larger maps.
    guard recipe.mode == .fullFineTuning else { return false }
    let record = try ArchitectureCatalog.named(recipe.architecture).record
    return record.normalizesBatches && recipe.inputSize <= record.coarsestStride
  }

  /// Whether a training on so many images comes to a batch of one.
  public static func occurs(imageCount: Int, recipe: Recipe) -> Bool {
    let size = max(recipe.batchSize, 1), wholeBatches = imageCount / size
    if size == 1 { return imageCount > 0 }
    return imageCount % size == 1 && recipe.maximumSteps.map { $0 * (recipe.gradientAccumulation ?? 1) > wholeBatches } ?? true
  }

  /// What helps.
  public static let remedy = "Choose another recipe.batchSize, or a recipe.inputSize of at least twice the network's stride, such as 64."
}
