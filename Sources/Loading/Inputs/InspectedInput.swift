public import Datasets
public import Foundations
public import Imaging

/// A sample as a network gets it, with every step told and pictures to look at.
public struct InspectedInput: Sendable {
  public struct Step: Sendable, Hashable, Encodable {
    /// A verb: `resize`.
    public let name: String
    /// With which parameters.
    public let detail: String
  }

  /// What lies in a tensor.
  public struct Values: Sendable, Hashable, Encodable {
    /// `[crops, channels, height, width]`.
    public let shape: [Int]
    public let minimum: Double
    public let mean: Double
    public let maximum: Double
  }

  /// From the file to the tensor, in order.
  public let steps: [Step]
  /// What was drawn at random for this variation, in words; nil where nothing is varied.
  public let drawn: String?
  /// After normalization.
  public let tensor: Values
  /// The share of the pixels of the object, or of any class, 0…1, in the mask as the network is compared with it; nil without a mask.
  public let maskFraction: Double?
  /// Each crop before normalization in 8-bit RGB, the mask tinted red.
  public let pictures: [PixelBuffer]
}

extension SamplePipeline {
  /// Prepares a sample as `load` does and tells how.
  ///
  /// - Parameter seed: As of `load`.
  /// - Throws: As `load`; a segmentation sample without a mask is prepared without.
  public func inspect(_ sample: Sample, seed: SeedPath) throws -> InspectedInput {
    let buffer = try sample.image.read()
    let whole = isSegmentation ? try sample.mask?.read(for: buffer, of: sample.id) : nil
    let reduced = try reduction?.apply(to: buffer) ?? buffer
    var mask = whole
    if let reduction, let whole { mask = try reduction.apply(to: whole) }
    let views: SampleViews = try reduced.withView { try self.views(of: $0, mask: mask, seed: seed) }
    let values = normalized(views.crops)
    return InspectedInput(
      steps: steps(from: buffer, of: sample.image, mask: mask, views), drawn: views.variation?.words,
      tensor: InspectedInput.Values(
        shape: [views.crops.count, channels, inputSize, inputSize], minimum: Double(values.min() ?? .nan),
        mean: values.reduce(0) { $0 + Double($1) } / Double(max(values.count, 1)), maximum: Double(values.max() ?? .nan)),
      maskFraction: views.mask.map { Double($0.foregroundCount) / Double($0.values.count) },
      pictures: try views.crops.map { try $0.tinted(by: views.mask) })
  }

  private func steps(from buffer: PixelBuffer, of image: ImageReference, mask: Mask?, _ views: SampleViews) -> [InspectedInput.Step] {
    let colors = buffer.colorChannels == 3 ? "RGB" : "gray"
    var read = "\(buffer.width) × \(buffer.height) pixels, \(colors), \(buffer.bitDepth) bits, divided by \(buffer.maximum)"
    if buffer.hasAlpha { read += ", opacity dropped" }
    if let window = image.window { read += ", window center \(number(window.center)), width \(number(window.width))" }
    if let reach = image.neighborReach { read += ", \(2 * reach + 1) neighboring slices as channels" }
    if image.planes.count > 1 { read += ", \(image.planes.count) pictures as channels" }
    var steps = [InspectedInput.Step(name: "read", detail: read)]
    func add(_ name: String, _ detail: String) { steps.append(InspectedInput.Step(name: name, detail: detail)) }
    if let size = reduction?.reducedSize(width: buffer.width, height: buffer.height), size != (buffer.width, buffer.height) {
      add("reduce", "to \(size.width) × \(size.height), \(filter.words), rounded to \(buffer.bitDepth <= 8 ? 8 : 16) bits")
    }
    let side = "\(inputSize) × \(inputSize)"
    switch views.variation {
    case .classification(let variation):
      add("random crop", variation.region.words)
      add("resize", "to \(side), \(filter.words)")
      add("mirror", variation.isMirrored ? "left to right" : "not")
      add("rotate", "\(rounded(variation.degrees))° counterclockwise, nearest pixel, 0 outside")
    case nil where !isSegmentation:
      add("resize", "to \(resizeSize) × \(resizeSize), \(filter.words)")
      add(cropCount == 10 ? "ten crops" : "center crop", cropCount == 10 ? "\(side): corners, center, and their mirror images" : side)
    case let variation:
      add("resize", "to \(side), \(filter.words)\(mask == nil ? "" : "; mask nearest")")
      if case .segmentation(let drawn)? = variation { drawn.stages.forEach { add($0.name, $0.detail) } }
    }
    let planes = views.crops.first?.channels ?? 1
    if buffer.colorChannels == 3, planes == 1 { add("gray", "0.299 R + 0.587 G + 0.114 B") }
    if planes < channels { add("repeat", "gray in \(channels) channels") }
    let (means, deviations) = (mean.map { rounded(Double($0)) }, standardDeviation.map { rounded(Double($0)) })
    let isPlain = mean.allSatisfy { $0 == 0 } && standardDeviation.allSatisfy { $0 == 1 }
    add("normalize", isPlain ? "not" : "mean \(means.joined(separator: ", ")); standard deviation \(deviations.joined(separator: ", "))")
    return steps
  }
}

extension SampleViews.Variation {
  /// The draw in one line.
  fileprivate var words: String {
    switch self {
    case .classification(let drawn):
      return "crop \(drawn.region.words)\(drawn.isMirrored ? ", mirrored" : ""), rotated \(rounded(drawn.degrees))°"
    case .segmentation(let drawn):
      return drawn.stages.isEmpty ? "nothing" : drawn.stages.map { "\($0.name) \($0.detail)" }.joined(separator: "; ")
    }
  }
}

extension SegmentationAugmentation.Variation {
  /// The stages that happen.
  fileprivate var stages: [(name: String, detail: String)] {
    var found = [(name: String, detail: String)]()
    switch photometry {
    case .brightness(let brightness, let contrast): found.append(("brightness", "\(rounded(contrast)) v + \(rounded(brightness)), cut to 0…1"))
    case .gamma(let exponent): found.append(("gamma", "v to the power of \(rounded(exponent))"))
    case nil: break
    }
    switch warp {
    case .elastic(let alpha, let sigma, let alphaAffine, _):
      found.append(("elastic", "alpha \(rounded(alpha)), sigma \(rounded(sigma)), alphaAffine \(rounded(alphaAffine)) pixels"))
    case .grid(let columns, let rows):
      found.append(("grid", "columns × \(columns.map(rounded).joined(separator: ", ")), rows × \(rows.map(rounded).joined(separator: ", "))"))
    case .optical(let k): found.append(("optical", "k \(rounded(k))"))
    case nil: break
    }
    if let crop { found.append(("sized crop", "\(crop.words), back to full size")) }
    return found
  }
}

extension Region {
  fileprivate var words: String { "\(width) × \(height) at (\(x), \(y))" }
}

extension ResizeFilter {
  fileprivate var words: String {
    switch self {
    case .bilinearAntialiased: "bilinear, antialiased"
    case .bicubicAntialiased: "bicubic, antialiased"
    case .bilinear: "bilinear"
    case .nearest: "nearest pixel"
    }
  }
}

extension FloatImage {
  /// The image in 8-bit RGB, with two fifths of red over the mask.
  fileprivate func tinted(by mask: Mask?) throws -> PixelBuffer {
    let buffer = try pixelBuffer()
    guard case .bytes(let bytes) = buffer.samples else { return buffer }
    var colors = [UInt8]()
    colors.reserveCapacity(width * height * 3)
    for pixel in 0..<width * height {
      let isObject = mask.map { $0.values[pixel] != 0 } ?? false
      for color in 0..<3 {
        let value = Double(bytes[pixel * channels + (channels == 3 ? color : 0)])
        colors.append(UInt8((isObject ? 0.6 * value + (color == 0 ? 102 : 0) : value).rounded()))
      }
    }
    return try PixelBuffer(width: width, height: height, channels: 3, bitDepth: 8, samples: .bytes(colors))
  }
}

/// With at most three decimals.
private func rounded(_ value: Double) -> String { number((value * 1000).rounded() / 1000) }

private func number(_ value: Double) -> String { value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value) }
