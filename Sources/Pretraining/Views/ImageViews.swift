public import Datasets
public import Foundations
public import Loading
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
  /// Nil where all views of a sample are of one image.
  private let partners: PatientPartners?
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
  ///   - positives: whether every other view is of another image of the patient.
  ///   - seed: the path that order and views follow from.
  public init(
    _ samples: [Sample], views: ViewRecipe, recipe: Recipe, sourceSize: Int, grayRule: GrayRule, onePerPatient: Bool,
    positives: PositiveViews = .sameImage, seed: SeedPath, numerics: NumericSetting, loaders: LoaderSetting
  ) throws {
    (self.samples, self.views, self.grayRule, self.seed, self.numerics, self.loaders) = (samples, views, grayRule, seed, numerics, loaders)
    partners = positives == .samePatient ? PatientPartners(samples) : nil
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
    let chosen =
      patients.map { patients in
        patients.map { patient in
          var random = (path / "patient" / patient.name).generator()
          return patient.images[random.integer(below: patient.images.count)]
        }
      } ?? Array(samples.indices)
    let order = BatchOrder(sampleCount: chosen.count, batchSize: batchSize, shuffledBy: path)
    // Whole ones only, as the methods' published code has it.
    let batches = order.batches.filter { $0.count == batchSize }.dropFirst(done).map { $0.map { chosen[$0] } }
    let viewPath = path / "views"
    guard let partners else { return try source(Array(batches)) { _, batch, images in (batch.indices, try self.views(of: batch, images, path: viewPath)) } }
    return try pairs(Array(batches).map { batch in batch.map { (own: $0, other: partners.partner(of: $0, path: path / "partner")) } }, path: viewPath)
  }

  public func plainBatches() throws -> any BatchSource<ViewBatch> {
    let view = View(.center(size: .full), .none)
    return try source(BatchOrder(sampleCount: samples.count, batchSize: batchSize, shuffledBy: nil).batches) { _, batch, images in
      (batch.indices, [try self.seen(view, batch.indices, batch.pictures, images, path: self.seed / "plain")])
    }
  }

  /// Batches whose views are of one image and of its partner in turn. Each image of a batch is read once; one whose partner cannot be read is its own.
  private func pairs(_ batches: [[(own: Int, other: Int)]], path: SeedPath) throws -> ViewBatches {
    let needed = batches.map { batch in
      var seen = Set<Int>()
      return (batch.map(\.own) + batch.map(\.other)).filter { seen.insert($0).inserted }
    }
    return try source(needed) { number, batch, images in
      let rows = Dictionary(uniqueKeysWithValues: batch.indices.enumerated().map { ($1, $0) })
      let usable = batches[number].compactMap { pair in rows[pair.own].map { (own: $0, other: rows[pair.other] ?? $0) } }
      if usable.isEmpty { return ([], []) }
      let views = try self.views.views.enumerated().map { index, view in
        let chosen = usable.map { index % 2 == 0 ? $0.own : $0.other }
        let places = try Tensor(chosen.map(Int64.init), shape: [chosen.count]).to(device: images.device)
        return try self.seen(
          view, chosen.map { batch.indices[$0] }, chosen.map { batch.pictures[$0] }, images.indexSelect(along: 0, places), path: path / index)
      }
      return (usable.map { batch.indices[$0.own] }, views)
    }
  }

  private func source(_ batches: [[Int]], _ views: @escaping ViewBatches.Making) throws -> ViewBatches {
    let loader = try BatchLoader(
      samples: samples, batches: batches, pipeline: pipeline, seed: seed / "reading", workers: loaders.workers, prefetch: loaders.prefetch)
    return ViewBatches(loader: loader, numerics: numerics, making: views)
  }

  // MARK: - Views

  private func views(of batch: Batch, _ images: Tensor, path: SeedPath) throws -> [Tensor] {
    try views.views.enumerated().map { index, view in try seen(view, batch.indices, batch.pictures, images, path: path / index) }
  }

  private func seen(_ view: View, _ indices: [Int], _ pictures: [PictureFacts], _ images: Tensor, path: SeedPath) throws -> Tensor {
    let (height, width) = (images.shape[2], images.shape[3])
    let parameters = try zip(indices, pictures).map { index, picture in
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
  private let making: Making
  private var number = 0

  /// Makes the views of a batch, and says of which images they are.
  typealias Making = (_ number: Int, Batch, Tensor) throws -> (indices: [Int], views: [Tensor])

  init(loader: BatchLoader, numerics: NumericSetting, making: @escaping Making) {
    (self.loader, self.numerics, self.making) = (loader, numerics, making)
  }

  func next() throws -> ViewBatch? {
    guard let batch = try loader.next() else { return nil }
    defer { number += 1 }
    let unusable = batch.broken.map { BrokenSample(id: $0.id, reason: $0.reason) }
    if batch.indices.isEmpty { return ViewBatch(views: [], indices: [], unusable: unusable) }
    let made = try withoutGradient { try making(number, batch, placed(batch)) }
    return ViewBatch(views: made.views, indices: made.indices, unusable: unusable)
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
