public import Torch
public import Training

/// Some images, each seen several times.
public struct ViewBatch: TrainingBatch {
  /// One tensor for each view of the recipe, normalized, on the training's device: `[batch, channels, height, width]`, or for a jigsaw
  /// `[batch × cells, channels, height, width]`.
  public let views: [Tensor]
  /// Which images of the set they are, each from 0 and below the set's number of images.
  public let indices: [Int]
  public let unusable: [BrokenSample]

  public init(views: [Tensor], indices: [Int], unusable: [BrokenSample] = []) {
    self.views = views
    self.indices = indices
    self.unusable = unusable
  }

  public var sampleCount: Int { indices.count }

  /// The indices as a tensor, `[batch]`, int64, where the views are.
  func indexTensor() throws -> Tensor {
    try Tensor(indices.map(Int64.init), device: views.first?.device ?? .cpu)
  }
}

/// Where the images of a pre-training come from: their views, in batches.
public protocol ViewSource: AnyObject {
  /// N, the images of the set. Their indices are 0..<N in every epoch and process.
  var sampleCount: Int { get }
  /// Images that an epoch sees: N, or fewer where it sees one image of each patient.
  var imagesPerEpoch: Int { get }
  /// B, the images of a batch.
  var batchSize: Int { get }

  /// The batches of an epoch, in an order and with views that depend on the epoch alone. Whole batches only, as the methods' published
  /// code has it: ⌊N / B⌋ of them (one that lost unreadable images is smaller).
  ///
  /// - Parameters:
  ///   - epoch: from 1; epoch 0 is asked for by methods that fill a memory before they train.
  ///   - done: how many of them are left out at the beginning.
  func batches(ofEpoch epoch: Int, after done: Int) throws -> any BatchSource<ViewBatch>

  /// Every image once, in the order of the indices, in the one view `ViewGeometry.center(size: .full)` without augmentation; the last
  /// batch may be smaller.
  func plainBatches() throws -> any BatchSource<ViewBatch>
}

extension ViewSource {
  public var imagesPerEpoch: Int { sampleCount }
}
