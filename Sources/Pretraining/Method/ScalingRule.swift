import Foundation

/// How large a training is, which settings follow.
public struct TrainingScale: Sendable, Hashable {
  /// N.
  public let sampleCount: Int
  /// B.
  public let batchSize: Int
  public let epochs: Int
  /// The length of the backbone's vector; 2,048 where the methods were published.
  public let featureCount: Int

  public init(sampleCount: Int, batchSize: Int, epochs: Int, featureCount: Int) {
    (self.sampleCount, self.batchSize, self.epochs, self.featureCount) = (sampleCount, batchSize, epochs, featureCount)
  }

  /// Steps of an epoch: whole batches only.
  var stepsPerEpoch: Int { max(sampleCount / max(batchSize, 1), 1) }
}

/// How a published value follows the size of a training, with the reason in words.
public struct ScalingRule: Sendable {
  /// - Returns: the value, and why it is that; the reason counts only where the value is not the published one.
  let scaled: @Sendable (_ published: Double, _ scale: TrainingScale) -> (value: Double, reason: String?)

  init(_ scaled: @escaping @Sendable (_ published: Double, _ scale: TrainingScale) -> (value: Double, reason: String?)) { self.scaled = scaled }

  /// The published value at any size.
  static let kept = ScalingRule { published, _ in (published, nil) }

  /// What the study says instead of the published count.
  static let epochs = ScalingRule { _, scale in (Double(scale.epochs), "the training's epochs") }
  static let batchSize = ScalingRule { _, scale in (Double(scale.batchSize), "the training's batch") }

  /// Goyal et al. (2017): a rate is proportional to the batch.
  static func linear(perBatch batch: Double) -> ScalingRule {
    ScalingRule { published, scale in
      (published * Double(scale.batchSize) / batch, "in proportion to the batch: \(scale.batchSize) of \(Int(batch))")
    }
  }

  /// SimCLR, appendix B.1: a rate is proportional to the root of the batch, which is steadier for small ones.
  static func root(perBatch batch: Double) -> ScalingRule {
    ScalingRule { published, scale in
      (published * (Double(scale.batchSize) / batch).squareRoot(), "in proportion to the root of the batch: \(scale.batchSize) of \(Int(batch))")
    }
  }

  /// A width that is the backbone's own.
  static let featureWidth = ScalingRule { published, scale in
    (published * Double(scale.featureCount) / 2048, "in proportion to the backbone's \(scale.featureCount) features of 2048")
  }

  /// A warm-up or another beginning of the published share of all epochs, a tenth at most.
  static func epochsOf(_ all: Double) -> ScalingRule {
    ScalingRule { published, scale in
      let share = min(published / all, 0.1)
      return (min(published, (share * Double(scale.epochs)).rounded(.up)), "the published share of the epochs, a tenth at most")
    }
  }

  /// A number of steps that was one epoch.
  static let oneEpochOfSteps = ScalingRule { _, scale in (Double(scale.stepsPerEpoch), "one epoch, as published") }

  /// Keys of other images: about a quarter of the images, so that an image seldom meets its own former key, and whole batches.
  static let queue = ScalingRule { published, scale in
    let batches = max(scale.sampleCount / 4 / scale.batchSize, 1)
    let quarter = min(batches * scale.batchSize, max(scale.sampleCount - 1, 1))
    return (min(published, Double(quarter)), "a quarter of the \(scale.sampleCount) images, in whole batches")
  }

  /// Negatives out of a bank of all images.
  static let negatives = ScalingRule { published, scale in
    (min(published, Double(max(scale.sampleCount - 1, 1))), "all other images of the \(scale.sampleCount)")
  }

  /// So many images a prototype or cluster at least.
  static func imagesEach(_ count: Int) -> ScalingRule {
    ScalingRule { published, scale in
      (min(published, Double(max(scale.sampleCount / count, 2))), "\(count) images each on average, of \(scale.sampleCount)")
    }
  }

  /// Negative prototypes are drawn from those that are left beside the batch's own.
  static func prototypeNegatives(imagesEach count: Int) -> ScalingRule {
    ScalingRule { published, scale in
      (min(published, Double(max(scale.sampleCount / count - 1, 1))), "all other clusters of the smallest clustering")
    }
  }

  /// Sub-batches of about 32 images, as on the 8 devices of the paper, at least two and at most the published number.
  static let normalizationGroups = ScalingRule { published, scale in
    (min(published, Double(max(scale.batchSize / 32, 2))), "sub-batches of about 32 images, two at least")
  }

  /// DINO's outputs by the number of images (lightly-train's table).
  static let outputsByImages = ScalingRule { published, scale in
    let table: [(below: Int, outputs: Double)] = [
      (20_000, 1024), (50_000, 2048), (100_000, 4096), (200_000, 16_384), (500_000, 32_768),
    ]
    let outputs = table.first { scale.sampleCount < $0.below }?.outputs ?? published
    return (min(outputs, published), "by the number of images, \(scale.sampleCount) (lightly-train)")
  }

  /// A momentum that was published for 1,000 epochs, and 0.99 for 300 and fewer (BYOL, appendix; DINO for small sets).
  static let momentumByEpochs = ScalingRule { published, scale in
    scale.epochs > 300 ? (published, nil) : (min(published, 0.99), "0.99 for at most 300 epochs")
  }

  /// A moving average that, in a short training, is over a twentieth of its steps at most: published for 200,000 steps and more, it would
  /// hardly leave its beginning in a few thousand. Never below 0.99, the least that solo-learn and lightly-train use.
  static let momentumBySteps = ScalingRule { published, scale in
    let steps = Double(scale.epochs * scale.stepsPerEpoch), short = max(1 - 20 / max(steps, 1), 0.99)
    return (min(published, (short * 1e4).rounded() / 1e4), "an average over a twentieth of the \(Int(steps)) steps")
  }
}
