public import Foundation

/// A DICOM file: its header, and its frames as stored, in modality units, or as they are displayed.
///
/// The container and RLE are read here; other compressed frames go to DCMTK (JPEG lossless, 12-bit JPEG), CharLS (JPEG-LS), libjpeg (8-bit
/// JPEG) and OpenJPEG (JPEG 2000). Frames are decoded when asked for. What the header says is held against the bytes that are
/// there before memory is taken.
// It holds a pointer, and every property is a constant: the memory belongs to `owner`, is never written after opening, and lives as long as
// this, so it is safe to share.
public final class DICOMFile: @unchecked Sendable {
  public let header: DICOMHeader
  private let url: URL
  private let owner: AnyObject?
  private let dataset: DICOMDataset
  private let decoder: DICOMPixelDecoder

  /// Opens a file and reads its header. Throws `ImagingError`, which names the file.
  public static func open(_ url: URL, pixelLimit: Int = ImageFile.pixelLimit) throws -> DICOMFile {
    let bytes = try FileBytes(url, limit: ImageFile.byteLimit)
    return try DICOMFile(bytes.buffer, owner: bytes, named: url, pixelLimit: pixelLimit)
  }

  /// - Parameter owner: Keeps the bytes; nil where the caller does, for longer than this lives.
  init(_ bytes: UnsafeRawBufferPointer, owner: AnyObject?, named url: URL, pixelLimit: Int) throws {
    self.url = url
    let (dataset, syntax, kept) = try naming(url) { () throws -> (DICOMDataset, DICOMTransferSyntax, AnyObject?) in
      let container = try DICOMContainer(bytes)
      let encoding = container.syntax.encoding
      guard container.syntax.isDeflated else {
        return (try DICOMDataset(bytes, in: container.start..<bytes.count, encoding: encoding), container.syntax, owner)
      }
      let deflated = UnsafeRawBufferPointer(rebasing: bytes[container.start...])
      let inflated = try InflatedBytes(deflated, isRaw: true, limit: ImageFile.byteLimit)
      return (try DICOMDataset(inflated.buffer, in: 0..<inflated.buffer.count, encoding: encoding), container.syntax, inflated)
    }
    self.dataset = dataset
    self.owner = kept
    (header, decoder) = try naming(url) {
      let header = try DICOMHeader(dataset, syntax: syntax)
      return (header, try DICOMPixelDecoder(dataset, header: header, syntax: syntax, pixelLimit: pixelLimit))
    }
  }

  /// A frame's samples as stored: unused bits dropped, sign restored, colors interleaved and in RGB. Equal to pydicom's
  /// `pixel_array`. `[rows, columns]` or `[rows, columns, 3]`.
  ///
  /// - Parameter index: From 0.
  public func frame(_ index: Int) throws -> StoredSamples {
    try checkIndex(index)
    return try reading { try decoder.samples(of: index) }
  }

  /// A grey frame in modality units: through the modality LUT, or slope × stored + intercept (PS3.3 section C.11.1).
  public func rescaled(_ index: Int) throws -> ScalarImage {
    let samples = try frame(index)
    return try reading {
      guard header.samplesPerPixel == 1, header.photometricInterpretation != "PALETTE COLOR" else {
        throw FormatFailure.unsupported("a DICOM file whose colors have no values in modality units")
      }
      let rescale = try DICOMRescale(dataset, header: header, frame: index)
      return try ScalarImage(width: header.columns, height: header.rows, values: samples.map { Float(rescale($0)) })
    }
  }

  /// A frame as it is shown, and as a network sees it: 0 black ... 1 white, one channel or RGB, MONOCHROME1 inverted.
  ///
  /// Grey values go through the modality transformation and then through `window`; where that is nil, through the file's VOI LUT,
  /// or its first window; one that is broken is passed over. A file that has neither is shown as it is if its samples have up to 8
  /// bits, are unsigned and not rescaled, and else from its least to its greatest value. Padding values are black.
  public func displayed(_ index: Int, window: IntensityWindow? = nil) throws -> FloatImage {
    let samples = try frame(index)
    return try reading {
      let display = try DICOMDisplay(dataset, header: header, frame: index, window: window, samples: samples)
      return display.image(samples)
    }
  }

  /// `displayed` with 8 bits a sample for files of up to 8 bits, else with 16.
  public func pixelBuffer(_ index: Int, window: IntensityWindow? = nil) throws -> PixelBuffer {
    let samples = try frame(index)
    return try reading {
      let display = try DICOMDisplay(dataset, header: header, frame: index, window: window, samples: samples)
      return try display.buffer(samples)
    }
  }

  /// A frame as `pixelBuffer` gives it, with what could not be done as the file asks.
  func remarkedPixelBuffer(_ index: Int, window: IntensityWindow? = nil) throws -> RemarkedPicture {
    let samples = try frame(index)
    return try reading {
      let display = try DICOMDisplay(dataset, header: header, frame: index, window: window, samples: samples)
      return RemarkedPicture(pixels: try display.buffer(samples), remarks: display.remarks + [samples.notFiniteRemark].compactMap(\.self))
    }
  }

  /// What `remarkedPixelBuffer` could not do as the file asks, told by the header alone.
  func statedRemarks(_ index: Int, window: IntensityWindow? = nil) throws -> [ImageRemark] {
    try checkIndex(index)
    return try reading { try DICOMDisplay.remarks(dataset, header: header, frame: index, window: window) }
  }

  /// How `displayed` shows a frame, in words.
  public func displayDescription(_ index: Int, window: IntensityWindow? = nil) throws -> String {
    let samples = try frame(index)
    return try reading {
      try DICOMDisplay(dataset, header: header, frame: index, window: window, samples: samples).words
    }
  }

  /// Keeps the bytes while `body` reads them, and names the file in what it throws.
  private func reading<Result>(_ body: () throws -> Result) throws -> Result {
    try withExtendedLifetime(owner) { try naming(url, body) }
  }

  private func checkIndex(_ index: Int) throws {
    guard (0..<header.frames).contains(index) else {
      throw ImagingError.absent(url, index, of: header.frames)
    }
  }
}
