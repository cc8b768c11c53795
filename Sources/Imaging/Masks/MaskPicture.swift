internal import Foundation

/// A mask file or label map in the numbers that it stores, never in what a screen would show of them: what a display spreads over the range
/// from black to white follows from each file's own least and greatest number, so that 1 in one file and 2 in another would be one level.
struct MaskPicture {
  let width: Int
  let height: Int
  /// Whether its format keeps no numbers, as JPEG.
  let isLossy: Bool
  private let content: Content
  private let url: URL

  private enum Content {
    /// Unsigned samples of up to 16 bits, and colors.
    case samples(PixelBuffer)
    /// One number a pixel: signed, fractional, or of more bits; modality units of DICOM and NIfTI.
    case numbers([Double])
  }

  /// Opens a file. Throws `ImagingError`, which names it.
  init(_ url: URL, _ selection: ImageSelection = .whole) throws {
    self.url = url
    if let pair = try NIfTIFile.header(ofPairWith: url) {
      isLossy = false
      (width, height, content) = try Self.content(NIfTIFile.open(pair))
      return
    }
    let bytes = try FileBytes(url, limit: ImageFile.byteLimit)
    switch (try ImageFile.format(of: bytes.buffer, named: url), selection) {
    case (.picture(let format), .whole), (.picture(let format), .frame):
      isLossy = bytes.withBytes(format.isLossy)
      let decoded = try naming(url) { try bytes.withBytes { try format.decode($0, PictureRequest(index: selection.frame ?? 0)) } }
      (width, height) = (decoded.width, decoded.height)
      guard !decoded.isBrightness else {
        content = .samples(try decoded.pixelBuffer(window: nil))
        return
      }
      guard decoded.channels == 1 else {
        throw ImagingError.format(url, .unsupported("a mask of colors in signed or fractional numbers, of which none can be told"))
      }
      content = .numbers(decoded.samples.numbers())
    case (.dicom, .whole), (.dicom, .frame):
      isLossy = false
      (width, height, content) = try Self.content(
        DICOMFile(bytes.buffer, owner: bytes, named: url, pixelLimit: ImageFile.pixelLimit), frame: selection.frame ?? 0)
    case (.nifti, .whole):
      isLossy = false
      (width, height, content) = try Self.content(NIfTIFile(bytes.buffer, owner: bytes, named: url))
    default: throw ImagingError.noSuchPicture(url, selection)
    }
  }

  /// A flat volume: its voxels as `pixelBuffer` orders them.
  private static func content(_ file: NIfTIFile) throws -> (Int, Int, Content) {
    let shown = try file.pixelBuffer(), stored = file.storedSamples()
    let isAsStored = file.header.slope == 1 && file.header.intercept == 0
    switch stored {
    case .uint8 where isAsStored, .uint16 where isAsStored: return (shown.width, shown.height, .samples(shown))
    default:
      let (slope, intercept) = (file.header.slope, file.header.intercept)
      return (shown.width, shown.height, .numbers(stored.numbers().map { $0 * slope + intercept }))
    }
  }

  /// Gray frames in modality units; colors, and frames whose 0 is white, as they are shown.
  private static func content(_ file: DICOMFile, frame: Int) throws -> (Int, Int, Content) {
    let header = file.header
    guard header.samplesPerPixel == 1, header.photometricInterpretation == "MONOCHROME2" else {
      return (header.columns, header.rows, .samples(try file.pixelBuffer(frame)))
    }
    return (header.columns, header.rows, .numbers(try file.rescaled(frame).values.map(Double.init)))
  }

  /// One whole number a pixel, colors by their luma. Throws where a number is not whole: nothing tells then which are object.
  func levels() throws -> [Int32] {
    switch content {
    case .samples(let buffer): return greyLevels(of: buffer).map(Int32.init)
    case .numbers(let values):
      return try values.map { value in
        guard let level = Mask.label(of: value).flatMap({ Int32(exactly: $0) }) else { throw ImagingError.fractional(url, values) }
        return level
      }
    }
  }

  /// The same where one is asked for by its number: nil stands for what is no whole number. Nil of colors, in which no numbers can be told.
  func labels() -> [Int32?]? {
    switch content {
    case .samples(let buffer): return buffer.channels == 1 ? greyLevels(of: buffer).map { Int32($0) } : nil
    case .numbers(let values): return values.map { Mask.label(of: $0).flatMap { Int32(exactly: $0) } }
    }
  }

  /// 1 where the number passes a limit, in the file's own unit. What is no number passes none.
  func values(above limit: Double) -> [UInt8] {
    switch content {
    case .samples(let buffer): return greyLevels(of: buffer).map { Double($0) > limit ? 1 : 0 }
    case .numbers(let values): return values.map { $0 > limit ? 1 : 0 }
    }
  }

  /// As a picture of samples: for colors and opacity. Throws where it has other numbers.
  func buffer() throws -> PixelBuffer {
    switch content {
    case .samples(let buffer): return buffer
    case .numbers(let values):
      let levels = try levels()
      guard let least = levels.min(), least >= 0, let greatest = levels.max(), greatest <= 65535 else { throw ImagingError.fractional(url, values) }
      let samples: PixelBuffer.Samples = greatest > 255 ? .words(levels.map { UInt16($0) }) : .bytes(levels.map { UInt8($0) })
      return try PixelBuffer(width: width, height: height, channels: 1, bitDepth: greatest > 255 ? 16 : 8, samples: samples)
    }
  }

  /// The picture of samples, where it is one.
  var samples: PixelBuffer? {
    if case .samples(let buffer) = content { return buffer }
    return nil
  }
}

extension StoredSamples {
  /// Every sample as a number.
  func numbers() -> [Double] {
    switch self {
    case .uint8(let values): values.map { Double($0) }
    case .int8(let values): values.map { Double($0) }
    case .uint16(let values): values.map { Double($0) }
    case .int16(let values): values.map { Double($0) }
    case .uint32(let values): values.map { Double($0) }
    case .int32(let values): values.map { Double($0) }
    case .uint64(let values): values.map { Double($0) }
    case .int64(let values): values.map { Double($0) }
    case .float32(let values): values.map { Double($0) }
    case .float64(let values): values
    }
  }
}

extension ImagingError {
  static func fractional(_ url: URL, _ values: [Double]) -> ImagingError {
    let finite = values.filter(\.isFinite)
    func words(_ value: Double?) -> String { value.map { String(format: "%g", $0) } ?? "none" }
    return ImagingError(
      kind: .unsupported,
      problem:
        "The mask \(url.path) holds numbers from \(words(finite.min())) to \(words(finite.max()))\(finite.count < values.count ? " and some that are none" : ""), and not whole ones that say what is object.",
      remedy: "Say threshold: with the highest number that is background, in the file's own unit, such as 0.5; or write masks of whole numbers.")
  }
}
