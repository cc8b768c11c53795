/// An image to compute with: `[channels, height, width]`, one plane after the other, values in 0...1.
///
/// Grey images stay at one channel until `replicated(toChannels:)`, so that geometry is done once, not three times.
public struct FloatImage: Sendable, Equatable {
  /// In pixels.
  public let width: Int
  /// In pixels.
  public let height: Int
  /// 1 grey or 3 RGB; other counts pass through the geometry.
  public let channels: Int
  /// Plane by plane, each row by row from the top.
  public internal(set) var values: [Float]

  /// Throws `ImagingError.invalidGeometry` where the numbers do not fit together.
  public init(width: Int, height: Int, channels: Int, values: [Float]) throws {
    guard isFilled([channels, height, width], by: values.count) else {
      throw ImagingError.wrongSampleCount(values.count, shape: [channels, height, width])
    }
    self.init(width: width, height: height, channels: channels, trusted: values)
  }

  init(width: Int, height: Int, channels: Int, trusted values: [Float]) {
    self.width = width
    self.height = height
    self.channels = channels
    self.values = values
  }

  /// The whole image: sample / maximum. Alpha is dropped, as Pillow's conversion to RGB does.
  public init(_ buffer: PixelBuffer) { self = buffer.withView { FloatImage($0) } }

  /// As above, of lent pixels.
  public init(_ view: PixelView) { self.init(view, inside: Region(x: 0, y: 0, width: view.width, height: view.height)) }

  /// A part of the image. Cheaper than converting all of it and cropping then.
  public init(_ buffer: PixelBuffer, region: Region) throws { self = try buffer.withView { try FloatImage($0, region: region) } }

  /// As above, of lent pixels.
  public init(_ view: PixelView, region: Region) throws {
    try region.requireInside(width: view.width, height: view.height)
    self.init(view, inside: region)
  }

  private init(_ view: PixelView, inside region: Region) {
    let plane = region.width * region.height
    let values = [Float](unsafeUninitializedCapacity: plane * view.colorChannels) { planes, filled in
      guard let start = planes.baseAddress else { return }
      for channel in 0..<view.colorChannels {
        ResamplingSource(view, channel: channel, region: region).convert(into: start + channel * plane)
      }
      filled = plane * view.colorChannels
    }
    self.init(width: region.width, height: region.height, channels: view.colorChannels, trusted: values)
  }

  /// The same grey plane several times over, or the image itself where it has that many channels already.
  ///
  /// An RGB image asked for one channel becomes its luma (see `luma()`); any other change of channels is an error.
  public func replicated(toChannels count: Int) throws -> FloatImage {
    if count == channels { return self }
    if count == 1 && channels == 3 { return luma() }
    guard channels == 1, count > 0 else {
      throw ImagingError.geometry(
        "An image of \(channels) channels cannot be given \(count).", remedy: "Ask for 1 or 3 channels.")
    }
    var planes = [Float]()
    planes.reserveCapacity(values.count * count)
    for _ in 0..<count { planes += values }
    return FloatImage(width: width, height: height, channels: count, trusted: planes)
  }

  /// L = 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), as Pillow's conversion to grey. A grey image is returned as it is.
  public func luma() -> FloatImage {
    guard channels == 3 else { return self }
    let count = width * height
    let plane = [Float](unsafeUninitializedCapacity: count) { grey, filled in
      values.withUnsafeBufferPointer { color in
        for i in 0..<count { grey[i] = 0.299 * color[i] + 0.587 * color[i + count] + 0.114 * color[i + 2 * count] }
      }
      filled = count
    }
    return FloatImage(width: width, height: height, channels: 1, trusted: plane)
  }

  /// (value - mean[channel]) / deviation[channel]. Throws where the counts differ from the channels or a deviation is not positive.
  public func normalized(mean: [Float], standardDeviation: [Float]) throws -> FloatImage {
    guard mean.count == channels, standardDeviation.count == channels, standardDeviation.allSatisfy({ $0 > 0 }) else {
      throw ImagingError.geometry(
        "An image of \(channels) channels cannot be normalized with \(mean.count) means and \(standardDeviation.count) deviations.",
        remedy: "Give one mean and one positive standard deviation for every channel.")
    }
    var result = self
    let plane = width * height
    result.values.withUnsafeMutableBufferPointer { pixels in
      for channel in 0..<channels {
        let (center, deviation) = (mean[channel], standardDeviation[channel])
        for i in channel * plane..<(channel + 1) * plane { pixels[i] = (pixels[i] - center) / deviation }
      }
    }
    return result
  }

  /// The image as 8-bit pixels, each value rounded to the nearest of 0...255. Throws unless it has 1 to 4 channels.
  public func pixelBuffer() throws -> PixelBuffer {
    let plane = width * height
    var bytes = [UInt8](repeating: 0, count: values.count)
    for channel in 0..<channels {
      for i in 0..<plane {
        bytes[i * channels + channel] = UInt8((min(max(values[channel * plane + i], 0), 1) * 255).rounded())
      }
    }
    return try PixelBuffer(width: width, height: height, channels: channels, bitDepth: 8, samples: .bytes(bytes))
  }
}
