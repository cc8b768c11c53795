import Datasets
import Foundation
import Foundations
import Metrics
import Studies
import Torch

extension Evaluation {
  /// Counts pixels at probability > 0.5, which is logit > 0: one count a sample.
  ///
  /// - Parameters:
  ///   - logits: `[batch, 1, height, width]`
  ///   - targets: the same shape, 0 or 1, or NaN where a pixel does not count.
  static func pixelCounts(logits: Tensor, targets: Tensor) throws -> [PixelConfusion] {
    // A target that is not known, outside of the evaluated region, is NaN, which differs from itself.
    let counted = try (targets .== targets).to(type: .int64)
    let found = try (logits .> 0).to(type: .int64) * counted
    let wanted = try (targets .> 0.5).to(type: .int64)
    let dimensions = [1, 2, 3]
    let both = try (found * wanted).sum(over: dimensions).integers()
    let foundCount = try found.sum(over: dimensions).integers()
    let wantedCount = try wanted.sum(over: dimensions).integers()
    let countedCount = try counted.sum(over: dimensions).integers()
    return both.indices.map { row in
      let truePositives = Int(both[row])
      let falsePositives = Int(foundCount[row]) - truePositives
      let falseNegatives = Int(wantedCount[row]) - truePositives
      return PixelConfusion(
        truePositives: truePositives, falsePositives: falsePositives, falseNegatives: falseNegatives,
        trueNegatives: Int(countedCount[row]) - truePositives - falsePositives - falseNegatives)
    }
  }

  /// What the logits of a batch come to on the pixels of the images' own files: each is interpolated linearly to its image's size, as
  /// nnU-Net does before it decides, and a pixel is the structure's where that is above 0.
  ///
  /// - Parameter logits: `[batch, 1, height, width]`
  func measured(_ logits: Tensor, against originals: [OriginalTruth]) throws -> [MeasuredMask] {
    var measured: [MeasuredMask] = []
    // As many at a time as there are processors: large images' masks do not lie in memory by the batch.
    let step = max(ProcessInfo.processInfo.activeProcessorCount, 1), hasCenterline = task.metrics.contains(.clDice)
    for start in stride(from: 0, to: originals.count, by: step) {
      let part = start..<min(start + step, originals.count)
      let answers = try part.map { row in
        let truth = originals[row].mask, own = try logits.narrow(along: 0, start: row, count: 1)
        let isSame = Int(own.shape[2]) == truth.height && Int(own.shape[3]) == truth.width
        let fitted = try isSame ? own : upsampleBilinear2d(own, outputSize: [truth.height, truth.width])
        return try (fitted .> 0).booleans()
      }
      measured += concurrentMap(part.count) { index in
        MeasuredMask(predicted: answers[index], truth: originals[start + index], hasCenterline: hasCenterline)
      }
    }
    return measured
  }
}
