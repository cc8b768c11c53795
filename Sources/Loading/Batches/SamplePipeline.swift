public import Datasets
import Foundation
public import Foundations
import Imaging
public import Studies

/// From an image file to the numbers a network takes, as the 2021 benchmark prepares them (Hosseinzadeh Taher et al., arXiv 2108.05930, released code).
///
/// Classification. Training: random resized crop, mirroring, rotation of ±7°. Validation: the image resized to
/// `resizeSize` × `resizeSize` whatever its proportions, and its center crop. Test: ten crops of the resized image, or the center crop.
///
/// Segmentation. Image (by the recipe's interpolation) and mask (nearest) resized to `inputSize` × `inputSize`; for training
/// brightness, contrast or gamma, a distortion, and a random sized crop, image and mask sharing one geometry. Unlike the
/// released code, images are not resized by nearest neighbor unless the recipe says so, and validation images are never varied, so that models are not chosen by luck.
public struct SamplePipeline: Sendable {
  /// Each part of a data set is prepared in its own way.
  public typealias Stage = DatasetPart

  /// The number of crops that `load` gives for each image.
  public let cropCount: Int

  let inputSize: Int
  let resizeSize: Int
  let channels: Int
  let filter: ResizeFilter
  let isVaried: Bool
  let isSegmentation: Bool
  let mean: [Float]
  let standardDeviation: [Float]
  let reduction: ImageReduction?
  private let cache: SampleCache?
  private let keepsOriginals: Bool
  private let tellsPictures: Bool

  /// - Parameters:
  ///   - cache: Spares the decoding of what it has; one made for another reduction is not asked. It changes no number.
  ///   - keepsOriginals: Whether segmentation samples bring their truth as their files have it, for what is measured there.
  ///   - tellsPictures: Whether samples bring what their pictures were.
  /// - Throws: `DatasetsError` where the recipe's sizes, channels and normalization do not fit together.
  public init(recipe: Recipe, kind: TaskKind, stage: Stage, cache: SampleCache? = nil, keepsOriginals: Bool = false, tellsPictures: Bool = false) throws {
    guard [1, 3].contains(recipe.inputChannels) else { throw DatasetsError.unsuitableChannels(recipe.inputChannels) }
    let mean = recipe.normalization.mean(channels: recipe.inputChannels)
    let standardDeviation = recipe.normalization.standardDeviation(channels: recipe.inputChannels)
    guard mean.count == recipe.inputChannels, standardDeviation.count == recipe.inputChannels else {
      throw DatasetsError.unsuitableNormalization(
        mean: mean.count, standardDeviation: standardDeviation.count, channels: recipe.inputChannels)
    }
    guard recipe.inputSize > 0, kind.isSegmentation || recipe.resizeSize >= recipe.inputSize else {
      throw DatasetsError.unsuitableSizes(input: recipe.inputSize, resize: recipe.resizeSize)
    }
    self.mean = mean.map(Float.init)
    self.standardDeviation = standardDeviation.map(Float.init)
    inputSize = recipe.inputSize
    resizeSize = recipe.resizeSize
    channels = recipe.inputChannels
    filter = ResizeFilter(recipe.interpolation)
    let reduction = ImageReduction(recipe)
    self.reduction = reduction
    self.cache = cache.flatMap { $0.reduction == reduction ? $0 : nil }
    isSegmentation = kind.isSegmentation
    self.keepsOriginals = keepsOriginals && kind.isSegmentation
    self.tellsPictures = tellsPictures
    isVaried = stage == .training && recipe.augmentation == .standard
    let isTenfold = stage == .test && kind.isClassification && recipe.testTimeAugmentation == .tenCrop
    cropCount = isTenfold ? 10 : 1
  }

  /// Reads and prepares one sample.
  ///
  /// - Parameter seed: Where its variation is drawn from, as study seed / cell / epoch / sample; used for training alone.
  /// - Throws: `ImagingError` for a file that cannot be read, `DatasetsError` for a mask that does not fit.
  public func load(_ sample: Sample, seed: SeedPath) throws -> PreparedSample {
    let prepared = try prepareFromCache(sample, seed: seed) ?? prepareFromFiles(sample, seed: seed)
    guard isSegmentation, let region = sample.evaluatedRegion else { return prepared }
    // The image as its file stores it says whether the region is its own; only a test's images have one, and are read once.
    let counted = try region.read(for: try sample.image.read(), of: sample.id)
    return prepared.leavingOut(outside: try counted.resized(width: inputSize, height: inputSize))
  }

  private func prepareFromFiles(_ sample: Sample, seed: SeedPath) throws -> PreparedSample {
    let image = try sample.image.read()
    let mask = isSegmentation ? try mask(of: sample, for: image) : nil
    let ignored = try ignored(of: sample)
    var prepared = try reduced(image).withView { try prepare($0, of: sample, mask: try mask.map(reduced), ignored: ignored, seed: seed) }
    if keepsOriginals { prepared.original = try sample.originalTruth(mask: mask, image: image) }
    return prepared
  }

  /// What the files say, reduced where the recipe says so.
  func read(_ sample: Sample) throws -> (image: PixelBuffer, mask: Mask?) {
    let whole = try sample.image.read()
    let mask = isSegmentation ? try mask(of: sample, for: whole) : nil
    return (try reduced(whole), try mask.map(reduced))
  }

  private func reduced(_ image: PixelBuffer) throws -> PixelBuffer { try reduction?.apply(to: image) ?? image }
  func reduced(_ mask: Mask) throws -> Mask { try reduction?.apply(to: mask) ?? mask }

  private func prepareFromCache(_ sample: Sample, seed: SeedPath) throws -> PreparedSample? {
    guard let cache else { return nil }
    let mask = isSegmentation ? try cache.mask(of: sample) : nil
    if isSegmentation, mask == nil { return nil }
    let ignored = try ignored(of: sample)
    guard var prepared = try cache.withImage(of: sample, { try prepare($0, of: sample, mask: mask, ignored: ignored, seed: seed) }) else { return nil }
    // A reduced mask is not the file's.
    if keepsOriginals { prepared.original = try sample.originalTruth(mask: reduction == nil ? mask : nil, image: nil) }
    return prepared
  }

  private func mask(of sample: Sample, for image: PixelBuffer) throws -> Mask {
    guard let mask = sample.mask else { throw DatasetsError.noMask(sample: sample.id) }
    return try mask.read(for: image, of: sample.id)
  }

  /// The pixels of a sample that have no part in loss or metric, reduced as its mask is; nil where all have.
  private func ignored(of sample: Sample) throws -> Mask? {
    guard isSegmentation, let mask = sample.mask else { return nil }
    return try mask.readIgnored().map(reduced)
  }

  /// Prepares pixels that were read.
  private func prepare(_ image: PixelView, of sample: Sample, mask: Mask?, ignored: Mask?, seed: SeedPath) throws -> PreparedSample {
    let views = try views(of: image, mask: mask, ignored: ignored, seed: seed), planes = views.mask.map { $0.planes(sample.mask?.classes) }
    var prepared = PreparedSample(
      image: normalized(views.crops), imageShape: [views.crops.count, channels, inputSize, inputSize],
      mask: planes.map { $0.flatMap(\.self) }, maskShape: planes.map { [$0.count, inputSize, inputSize] })
    if tellsPictures { prepared.picture = PictureFacts(width: image.width, height: image.height, isGray: views.crops.allSatisfy(\.isGray)) }
    return views.ignored.map { prepared.leavingOut($0) } ?? prepared
  }

  /// What the network sees of an image, before normalization.
  ///
  /// - Parameter mask: For segmentation, of the image's size; without one an image is prepared as its own.
  func views(of view: PixelView, mask: Mask?, ignored: Mask? = nil, seed: SeedPath) throws -> SampleViews {
    var random = (seed / "augmentation").generator()
    if isSegmentation { return try segmentationViews(of: view, mask: mask, ignored: ignored, using: &random) }
    if isVaried {
      let augmentation = ClassificationAugmentation()
      let variation = augmentation.draw(width: view.width, height: view.height, using: &random)
      let image = try augmentation.apply(variation, to: view, width: inputSize, height: inputSize, filter: filter)
      return SampleViews(crops: try withNetworkChannels([image]), variation: .classification(variation))
    }
    let resized = try FloatImage(view, resizedTo: (resizeSize, resizeSize), filter: filter)
    let crops =
      cropCount == 10
      ? try resized.tenCrop(width: inputSize, height: inputSize)
      : [try resized.centerCropped(width: inputSize, height: inputSize)]
    return SampleViews(crops: try withNetworkChannels(crops))
  }

  private func segmentationViews(
    of view: PixelView, mask: Mask?, ignored: Mask?, using random: inout SeededGenerator
  ) throws -> SampleViews {
    let image = try FloatImage(view, resizedTo: (inputSize, inputSize), filter: filter)
    let mask = try mask?.resized(width: inputSize, height: inputSize), ignored = try ignored?.resized(width: inputSize, height: inputSize)
    guard isVaried else { return SampleViews(crops: try withNetworkChannels([image]), mask: mask, ignored: ignored) }
    let augmentation = SegmentationAugmentation()
    let variation = try augmentation.draw(width: inputSize, height: inputSize, using: &random)
    let empty = try Mask(width: inputSize, height: inputSize, values: [UInt8](repeating: 0, count: inputSize * inputSize))
    let varied = try augmentation.apply(variation, to: image, mask: mask ?? empty)
    return SampleViews(
      crops: try withNetworkChannels([varied.image]), mask: mask == nil ? nil : varied.mask,
      ignored: try ignored.map { try augmentation.apply(variation, to: image, mask: $0).mask }, variation: .segmentation(variation))
  }

  /// Colors become gray where the network takes one channel; gray planes are read once for each channel in `normalized`.
  private func withNetworkChannels(_ crops: [FloatImage]) throws -> [FloatImage] {
    try crops.map { $0.channels == channels || $0.channels == 1 ? $0 : try $0.replicated(toChannels: channels) }
  }

  /// (value − mean) / standard deviation, channel by channel, one crop after the other; gray becomes every channel.
  func normalized(_ crops: [FloatImage]) -> [Float] {
    let plane = inputSize * inputSize
    return [Float](unsafeUninitializedCapacity: crops.count * channels * plane) { result, count in
      for (index, crop) in crops.enumerated() {
        crop.values.withUnsafeBufferPointer { source in
          for channel in 0..<channels {
            let from = crop.channels == 1 ? 0 : channel * plane, to = (index * channels + channel) * plane
            let (mean, deviation) = (mean[channel], standardDeviation[channel])
            for pixel in 0..<plane {
              result.initializeElement(at: to &+ pixel, to: (source[from &+ pixel] - mean) / deviation)
            }
          }
        }
      }
      count = crops.count * channels * plane
    }
  }
}

extension Mask {
  /// 0 and 1 of each class, or of the one object.
  fileprivate func planes(_ classes: MaskClasses?) -> [[Float]] {
    guard let classes else { return [values.map(Float.init)] }
    return classes.names.indices.map { place in values.map { classes.coding.contains(place, in: $0) ? 1 : 0 } }
  }
}

extension FloatImage {
  /// Whether the channels of every pixel differ by no more than two of 255 levels.
  fileprivate var isGray: Bool {
    if channels < 3 { return true }
    let plane = values.count / channels
    return values.withUnsafeBufferPointer { values in
      for pixel in 0..<plane {
        let (red, green, blue) = (values[pixel], values[plane &+ pixel], values[2 &* plane &+ pixel])
        if max(red, green, blue) - min(red, green, blue) > 2.001 / 255 { return false }
      }
      return true
    }
  }
}
