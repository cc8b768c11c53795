package import Pretraining
package import Studies
import Torch
package import Training

/// Views of no images, for measurements of steps.
package final class RandomViews: ViewSource {
  package let sampleCount: Int
  package let batchSize: Int
  private let views: ViewRecipe
  private let recipe: Recipe
  private let numerics: NumericSetting

  package init(_ views: ViewRecipe, count: Int, recipe: Recipe, numerics: NumericSetting) {
    (self.views, batchSize, self.recipe, self.numerics) = (views, count, recipe, numerics)
    sampleCount = 8 * count
  }

  package func batches(ofEpoch epoch: Int, after done: Int) throws -> any BatchSource<ViewBatch> {
    RandomBatches(count: sampleCount / batchSize) { try self.batch($0, self.views.views.map { $0.shape(images: self.batchSize, recipe: self.recipe) }) }
  }

  package func plainBatches() throws -> any BatchSource<ViewBatch> {
    RandomBatches(count: sampleCount / batchSize) { try self.batch($0, [[self.batchSize, self.recipe.inputChannels, self.recipe.inputSize, self.recipe.inputSize]]) }
  }

  private func batch(_ number: Int, _ shapes: [[Int]]) throws -> ViewBatch {
    let generator = try Generator(seed: UInt64(number))
    let views = try shapes.map { try Tensor.randn($0, generator: generator).to(device: numerics.device).to(type: numerics.parameterType) }
    return ViewBatch(views: views, indices: Array(number * batchSize..<(number + 1) * batchSize))
  }

  private final class RandomBatches: BatchSource {
    private let count: Int
    private let make: (Int) throws -> ViewBatch
    private var number = 0

    init(count: Int, make: @escaping (Int) throws -> ViewBatch) { (self.count, self.make) = (count, make) }

    func next() throws -> ViewBatch? {
      if number == count { return nil }
      defer { number += 1 }
      return try make(number)
    }
  }
}
