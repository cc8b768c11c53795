import Datasets
import Foundation
import Foundations
import Metrics
import NeuralNetworks
public import Studies
public import Torch

extension Evaluation {
  /// The answers to a batch, of each sample one a class.
  ///
  /// - Parameter targets: `[batch, classes, height, width]`, 0 or 1, or NaN where a pixel does not count.
  func classMasks(_ logits: Tensor, targets: Tensor, originals: [OriginalTruth]) throws -> [[MaskAnswer]] {
    let decided = try MaskDecisions.of(logits, kind: task.kind), samples = targets.shape[0], classes = targets.shape[1]
    // Each class of each sample is a mask of its own.
    func single(_ tensor: Tensor) throws -> Tensor { try tensor.reshape([samples * classes, 1] + targets.shape.suffix(2)) }
    // As logits that say the same.
    let counts = try Self.pixelCounts(logits: single(decided.to(type: targets.scalarType) - 0.5), targets: single(targets))
    let measured = try measuredClasses(logits, against: originals)
    return (0..<samples).map { row in
      (0..<classes).map { MaskAnswer(counts: counts[row * classes + $0], measured: measured.isEmpty ? nil : measured[row][$0]) }
    }
  }

  /// What `measured` gives for one object, of each sample and class: logits are interpolated before a pixel is decided.
  private func measuredClasses(_ logits: Tensor, against originals: [OriginalTruth]) throws -> [[MeasuredMask]] {
    var measured: [[MeasuredMask]] = []
    let classes = originals.first?.masks.count ?? 0, hasCenterline = task.metrics.contains(.clDice)
    // As many masks at a time as there are processors, of one sample at least.
    let step = max(ProcessInfo.processInfo.activeProcessorCount / max(classes, 1), 1)
    for start in stride(from: 0, to: originals.count, by: step) {
      let part = start..<min(start + step, originals.count)
      let answers = try part.map { row -> [[Bool]] in
        let truth = originals[row].mask, own = try logits.narrow(along: 0, start: row, count: 1)
        let isSame = Int(own.shape[2]) == truth.height && Int(own.shape[3]) == truth.width
        let fitted = try isSame ? own : upsampleBilinear2d(own, outputSize: [truth.height, truth.width])
        let decided = try MaskDecisions.of(fitted, kind: task.kind)
        return try (0..<classes).map { try decided.select(along: 1, index: $0).booleans() }
      }
      let found = concurrentMap(part.count * classes) { index in
        MeasuredMask(
          predicted: answers[index / classes][index % classes], truth: originals[start + index / classes], ofClass: index % classes,
          hasCenterline: hasCenterline)
      }
      measured += part.indices.map { Array(found[($0 - start) * classes..<($0 - start + 1) * classes]) }
    }
    return measured
  }
}

/// What the logits of masks decide.
public enum MaskDecisions {
  /// Which classes each pixel is said to be of.
  ///
  /// - Parameter logits: `[batch, channels, height, width]`: of a label map, the background first, the class with the greatest one; else each
  ///   class, or the one object, where its own is above 0, which is a probability above 0.5.
  /// - Returns: `[batch, classes, height, width]`, true or false.
  public static func of(_ logits: Tensor, kind: TaskKind) throws -> Tensor {
    guard kind.answer == .labelMap else { return try logits .> 0 }
    let best = try logits.argmax(along: 1)
    return try stack((1..<max(logits.shape[1], 1)).map { try best .== $0 }, along: 1)
  }
}
