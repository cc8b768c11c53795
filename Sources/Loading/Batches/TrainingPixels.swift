public import Datasets
import Foundations
public import Studies

/// How many pixels of training masks are of each class.
public struct TrainingPixels: Sendable, Equatable {
  /// Pixels that have a part in the loss.
  public let counted: Int
  /// In the order of the classes; a pixel of two overlapping ones is of both.
  public let ofClasses: [Int]
  /// Of no class.
  public let ofNone: Int
}

extension DatasetSplits {
  /// Counts the pixels of the training masks at the network's resolution, without variation. Every training image is read for it once; one that
  /// cannot be used is left out, as training leaves it out.
  ///
  /// - Parameter cache: spares the decoding of what it has.
  /// - Throws: The error of a file that the system does not give.
  public func trainingPixels(recipe: Recipe, kind: TaskKind, cache: SampleCache? = nil) throws -> TrainingPixels {
    let pipeline = try SamplePipeline(recipe: recipe, kind: kind, stage: .validation, cache: cache), samples = training
    let found = concurrentMap(samples.count) { index in Result { try pipeline.load(samples[index], seed: SeedPath(0)).classPixels } }
    var counted = 0, none = 0, classes = [Int](repeating: 0, count: maskClasses.count)
    for one in found {
      switch one {
      case .success(let pixels):
        (counted, none) = (counted + pixels.counted, none + pixels.ofNone)
        for place in classes.indices where place < pixels.ofClasses.count { classes[place] += pixels.ofClasses[place] }
      case .failure(let error): if SystemFault.isFault(error) { throw error }
      }
    }
    return TrainingPixels(counted: counted, ofClasses: classes, ofNone: none)
  }
}

extension PreparedSample {
  /// The pixels of its mask by class.
  fileprivate var classPixels: TrainingPixels {
    guard let mask, let shape = maskShape, shape.count == 3 else { return TrainingPixels(counted: 0, ofClasses: [], ofNone: 0) }
    let plane = shape[1] * shape[2]
    var counted = 0, none = 0, classes = [Int](repeating: 0, count: shape[0])
    for pixel in 0..<plane where !mask[pixel].isNaN {
      counted += 1
      var isOfNone = true
      for place in 0..<shape[0] where mask[place * plane + pixel] == 1 {
        classes[place] += 1
        isOfNone = false
      }
      if isOfNone { none += 1 }
    }
    return TrainingPixels(counted: counted, ofClasses: classes, ofNone: none)
  }
}
