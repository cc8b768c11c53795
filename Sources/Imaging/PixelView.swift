/// Pixels that lie somewhere in memory, lent for the time of a call: those that a `PixelBuffer` owns, or bytes that were read.
///
/// Laid out as in a `PixelBuffer`. Whoever is lent a view must not keep it.
public struct PixelView {
  /// In pixels.
  public let width: Int
  /// In pixels.
  public let height: Int
  /// 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA.
  public let channels: Int
  /// Bits a sample, 1 to 16; up to 8 a sample is a byte, else a word in host byte order.
  public let bitDepth: Int
  /// The samples.
  public let bytes: UnsafeRawBufferPointer

  /// Throws `ImagingError.invalidGeometry` where the numbers do not fit together or words do not lie on even addresses.
  public init(width: Int, height: Int, channels: Int, bitDepth: Int, bytes: UnsafeRawBufferPointer) throws {
    let sampleByteCount = bitDepth <= 8 ? 1 : 2
    guard (1...4).contains(channels), (1...16).contains(bitDepth), bytes.count % sampleByteCount == 0,
      isFilled([height, width, channels], by: bytes.count / sampleByteCount),
      UInt(bitPattern: bytes.baseAddress) % UInt(sampleByteCount) == 0
    else { throw ImagingError.wrongSampleCount(bytes.count / sampleByteCount, shape: [height, width, channels]) }
    self.init(width: width, height: height, channels: channels, bitDepth: bitDepth, trusted: bytes)
  }

  init(width: Int, height: Int, channels: Int, bitDepth: Int, trusted bytes: UnsafeRawBufferPointer) {
    self.width = width
    self.height = height
    self.channels = channels
    self.bitDepth = bitDepth
    self.bytes = bytes
  }

  /// The sample that means white or full: 2^bitDepth - 1.
  var maximum: Int { 1 << bitDepth - 1 }

  /// 1 for grey, 3 for RGB: the channels without alpha.
  var colorChannels: Int { channels < 3 ? 1 : 3 }

  var bytesPerSample: Int { bitDepth <= 8 ? 1 : 2 }
}

extension PixelBuffer {
  /// Lends the pixels to `body`.
  public func withView<Result>(_ body: (PixelView) throws -> Result) rethrows -> Result {
    func lend(_ bytes: UnsafeRawBufferPointer) throws -> Result {
      try body(PixelView(width: width, height: height, channels: channels, bitDepth: bitDepth, trusted: bytes))
    }
    switch samples {
    case .bytes(let values): return try values.withUnsafeBytes(lend)
    case .words(let values): return try values.withUnsafeBytes(lend)
    }
  }

  /// A copy of lent pixels.
  public init(_ view: PixelView) throws {
    try self.init(
      width: view.width, height: view.height, channels: view.channels, bitDepth: view.bitDepth,
      samples: view.bitDepth <= 8 ? .bytes(Array(view.bytes)) : .words(Array(view.bytes.bindMemory(to: UInt16.self))))
  }
}

extension PixelBuffer {
  /// The image in another size, without alpha, its samples rounded to 8 bits where they have at most 8, else to 16.
  public func resized(width: Int, height: Int, filter: ResizeFilter = .bilinearAntialiased) throws -> PixelBuffer {
    let whole = Region(x: 0, y: 0, width: self.width, height: self.height)
    let image = try withView { try FloatImage($0, region: whole, resizedTo: (width, height), filter: filter) }
    if bitDepth <= 8 { return try image.pixelBuffer() }
    let (plane, channels) = (width * height, image.channels)
    var words = [UInt16](repeating: 0, count: image.values.count)
    for channel in 0..<channels {
      for i in 0..<plane {
        words[i * channels + channel] = UInt16((min(max(image.values[channel * plane + i], 0), 1) * 65535).rounded())
      }
    }
    return try PixelBuffer(width: width, height: height, channels: channels, bitDepth: 16, samples: .words(words))
  }
}
