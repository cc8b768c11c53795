public import Datasets
public import Foundations
public import Studies
import Torch
public import Training

/// The views of images on disk: read and brought to one size by threads, cut and varied on the device, normalized.
///
/// What an image's views are depends on the seed, the epoch and the image's id alone. Gray images that are all there is in a batch are one channel
/// until they are normalized, which is a third of the work.
public final class ImageViews: ViewSource {
  public let sampleCount: Int
  public let batchSize: Int
  public let imagesPerEpoch: Int
  private let samples: [Sample]
  /// The indices of each patient's images; nil where an epoch sees all.
  private let patients: [(name: String, images: [Int])]?
  private let views: ViewRecipe
  private let inputSize: Int
  private let grayRule: GrayRule
  private let pipeline: SamplePipeline
  private let normalization: ChannelNormalization
  private let seed: SeedPath
  private let numerics: NumericSetting
  private let loaders: LoaderSetting

  /// - Parameters:
  ///   - samples: in a fixed order; their places are the indices of the views' batches.
  ///   - recipe: whose input size, channels, normalization and batch size count.
  ///   - sourceSize: the side of the square that an image is brought to before it is cut, in pixels.
  ///   - onePerPatient: whether an epoch sees one image of each patient, another one each time.
  ///   - seed: the path that order and views follow from.
  public init(
    _ samples: [Sample], views: ViewRecipe, recipe: Recipe, sourceSize: Int, grayRule: GrayRule, onePerPatient: Bool, seed: SeedPath,
    numerics: NumericSetting, loaders: LoaderSetting
  ) throws {
    (self.samples, self.views, self.grayRule, self.seed, self.numerics, self.loaders) = (samples, views, grayRule, seed, numerics, loaders)
    sampleCount = samples.count
    batchSize = recipe.batchSize
    inputSize = recipe.inputSize
    if onePerPatient {
      let groups = Dictionary(grouping: samples.indices) { samples[$0].patient.map { "patient:" + $0 } ?? "image:" + samples[$0].id }
      patients = groups.sorted { $0.key < $1.key }.map { (name: $0.key, images: $0.value) }
    } else {
      patients = nil
    }
    imagesPerEpoch = patients?.count ?? samples.count
    normalization = ChannelNormalization(
      mean: recipe.normalization.mean(channels: recipe.inputChannels), deviation: recipe.normalization.standardDeviation(channels: recipe.inputChannels))
    var whole = recipe
    (whole.inputSize, whole.resizeSize, whole.normalization) = (sourceSize, sourceSize, .none)
    pipeline = try SamplePipeline(recipe: whole, kind: .multiLabelClassification, stage: .validation, cache: loaders.cache, tellsPictures: true)
  }

  public func batches(ofEpoch epoch: Int, after done: Int) throws -> any BatchSource<ViewBatch> {
    let path = seed / "epoch" / epoch
    let chosen = patients.map { patients in
      patients.map { patient in
        var random = (path / "patient" / patient.name).generator()
        return patient.images[random.integer(below: patient.images.count)]
      }
    } ?? Array(samples.indices)
    let order = BatchOrder(sampleCount: chosen.count, batchSize: batchSize, shuffledBy: path)
    // Whole ones only, as the methods' published code has it.
    let batches = order.batches.filter { $0.count == batchSize }.dropFirst(done).map { $0.map { chosen[$0] } }
    return try source(Array(batches)) { try self.views(of: $0, images: $1, path: path / "views") }
  }

  public func plainBatches() throws -> any BatchSource<ViewBatch> {
    let view = View(.center(size: .full), .none)
    return try source(BatchOrder(sampleCount: samples.count, batchSize: batchSize, shuffledBy: nil).batches) { batch, images in
      [try self.seen(view, batch, images, path: self.seed / "plain")]
    }
  }

  private func source(_ batches: [[Int]], _ views: @escaping (Batch, Tensor) throws -> [Tensor]) throws -> ViewBatches {
    let loader = try BatchLoader(
      samples: samples, batches: batches, pipeline: pipeline, seed: seed / "reading", workers: loaders.workers, prefetch: loaders.prefetch)
    return ViewBatches(loader: loader, numerics: numerics, views: views)
  }

  // MARK: - Views

  private func views(of batch: Batch, images: Tensor, path: SeedPath) throws -> [Tensor] {
    try views.views.enumerated().map { index, view in try seen(view, batch, images, path: path / index) }
  }

  private func seen(_ view: View, _ batch: Batch, _ images: Tensor, path: SeedPath) throws -> Tensor {
    let (height, width) = (images.shape[2], images.shape[3])
    let parameters = try zip(batch.indices, batch.pictures).map { index, picture in
      try view.draw(
        for: SeenImage(width: picture.width, height: picture.height, isGray: picture.isGray), height: height, width: width, inputSize: inputSize,
        rule: grayRule, path: path / samples[index].id)
    }
    let made = try view.apply(parameters, to: images, inputSize: inputSize, fill: normalization.fill(channels: images.shape[1]))
    return try normalization(made)
  }
}

/// Normalizes brightness channel by channel; one channel becomes all.
private struct ChannelNormalization {
  let mean: [Double]
  let deviation: [Double]

  /// What is 0 once it is normalized; for one channel the mean over all.
  func fill(channels: Int) -> [Double] {
    channels == mean.count ? mean : [Double](repeating: mean.reduce(0, +) / Double(mean.count), count: channels)
  }

  func callAsFunction(_ images: Tensor) throws -> Tensor {
    let shape = [1, mean.count, 1, 1]
    return try (images - Tensor.placed(mean, shape: shape, like: images)) / Tensor.placed(deviation, shape: shape, like: images)
  }
}

/// Batches of views, made as they are asked for.
private final class ViewBatches: BatchSource {
  private let loader: BatchLoader
  private let numerics: NumericSetting
  private let views: (Batch, Tensor) throws -> [Tensor]

  init(loader: BatchLoader, numerics: NumericSetting, views: @escaping (Batch, Tensor) throws -> [Tensor]) {
    (self.loader, self.numerics, self.views) = (loader, numerics, views)
  }

  func next() throws -> ViewBatch? {
    guard let batch = try loader.next() else { return nil }
    let unusable = batch.broken.map { BrokenSample(id: $0.id, reason: $0.reason) }
    if batch.indices.isEmpty { return ViewBatch(views: [], indices: [], unusable: unusable) }
    let seen = try withoutGradient { try self.views(batch, placed(batch)) }
    return ViewBatch(views: seen, indices: batch.indices, unusable: unusable)
  }

  /// The images of a batch on the device; where all are gray, their first channel alone.
  private func placed(_ batch: Batch) throws -> Tensor {
    var shape = batch.imageShape, values = batch.images
    if shape[1] > 1, batch.pictures.allSatisfy(\.isGray) {
      let plane = shape[2] * shape[3], all = shape[1] * plane
      values = [Float](unsafeUninitializedCapacity: shape[0] * plane) { kept, count in
        batch.images.withUnsafeBufferPointer { images in
          for row in 0..<shape[0] { for pixel in 0..<plane { kept.initializeElement(at: row &* plane &+ pixel, to: images[row &* all &+ pixel]) } }
        }
        count = shape[0] * plane
      }
      shape[1] = 1
    }
    let device = numerics.device
    if device == .cpu { return try Tensor(values, shape: shape).to(type: numerics.parameterType) }
    let pinned = try values.withUnsafeBytes { try Tensor.fromBytes($0, shape: shape, type: .float32, pinned: true) }
    return try pinned.to(device: device, nonBlocking: true).to(type: numerics.parameterType)
  }
}
