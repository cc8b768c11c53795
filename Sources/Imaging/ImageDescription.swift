public import Foundation
internal import Foundations

/// What a file holds and how it is shown, for a user who wants to know what a network will see.
public struct ImageDescription: Sendable, Equatable, Encodable {
  /// Such as PNG, DICOM or NIfTI.
  public let format: String
  /// In pixels; of NIfTI, the first two stored axes.
  public let width: Int
  public let height: Int
  /// Samples a pixel.
  public let channels: Int
  /// How many pictures the file holds: frames of DICOM, GIF and WebP, pages of TIFF.
  public let frames: Int
  /// NumPy's name of the stored type.
  public let type: String
  /// The bits of a sample that mean something.
  public let bitDepth: Int
  public let isSigned: Bool
  /// The least and the greatest stored value, of all frames of a DICOM file, else of the picture; nil where none is finite.
  public let minimum: Double?
  public let maximum: Double?
  /// Of all decoded samples, as little-endian numbers in the order of the file, colors pixel by pixel: NumPy's `tobytes()`.
  public let sha256: String
  /// How stored values become brightness.
  public let display: String
  /// The share of the range from black to white that the shown picture uses, 0...1.
  public private(set) var usedShareOfRange: Double?
  /// What the pixels do not show and whoever counts on them has to know.
  public private(set) var remarks: [ImageRemark] = []
  /// Which way up the file says its picture is, 1...8 as EXIF numbers it; nil where the format cannot say it.
  public private(set) var orientation: Int?
  public private(set) var dicom: DICOM?
  public private(set) var nifti: NIfTI?

  /// What only DICOM files say.
  public struct DICOM: Sendable, Equatable, Encodable {
    public let transferSyntaxUID: String
    public let transferSyntaxName: String
    public let photometricInterpretation: String
    public let bitsAllocated: Int
    public let rescaleSlope: Double
    public let rescaleIntercept: Double
    public let windows: [IntensityWindow]
    public let hasModalityLUT: Bool
    public let hasVOILUT: Bool
    /// Row distance, column distance, in millimeters.
    public let pixelSpacing: [Double]?
    public let modality: String?
  }

  /// What only NIfTI files say.
  public struct NIfTI: Sendable, Equatable, Encodable {
    public let version: Int
    public let isBigEndian: Bool
    public let dimensions: [Int]
    public let zooms: [Double]
    public let slope: Double
    public let intercept: Double
    /// The directions of the stored axes, such as "LPS".
    public let axisDirections: String
    public let hasOrientation: Bool
  }

  /// Reads a file. Throws `ImagingError`, which names it.
  ///
  /// - Parameters:
  ///   - frame: From 0: the one that `display` speaks of, and of formats other than DICOM the one that is described.
  ///   - window: Overrides the file's own.
  ///   - orientation: Of picture formats.
  public init(_ url: URL, frame: Int? = nil, window: IntensityWindow? = nil, orientation: OrientationRule = .asStated) throws {
    switch try InspectedFile(url, frame: frame, orientation: orientation) {
    case .dicom(let file): try self.init(file, frame: frame, window: window)
    case .nifti(let file): self.init(file)
    case .picture(let picture, let format): try self.init(picture, format: format, isChosen: frame != nil, window: window)
    }
  }

  private init(_ file: DICOMFile, frame chosen: Int?, window: IntensityWindow?) throws {
    let frame = chosen ?? 0
    let header = file.header
    format = "DICOM"
    (width, height, channels, frames) = (header.columns, header.rows, header.samplesPerPixel, header.frames)
    (bitDepth, isSigned) = (header.bitsStored, header.isSigned)
    let hasher = Digest.Hasher()
    var (least, greatest, typeName) = (Double.infinity, -Double.infinity, "")
    for index in 0..<header.frames {
      let samples = try file.frame(index)
      samples.withBytes { hasher.update($0) }
      if let range = samples.range() { (least, greatest) = (min(least, range.lowerBound), max(greatest, range.upperBound)) }
      typeName = samples.typeName
    }
    type = typeName
    (minimum, maximum) = least <= greatest ? (least, greatest) : (nil, nil)
    sha256 = hasher.finalizeHex()
    display = try file.displayDescription(frame, window: window)
    let shown = try file.remarkedPixelBuffer(frame, window: window)
    let several = header.frames > 1 && chosen == nil ? [ImageRemark.severalPictures(header.frames)] : []
    (usedShareOfRange, remarks) = (shown.pixels.usedShareOfRange, several + shown.remarks + shown.pixels.contentRemarks)
    dicom = DICOM(
      transferSyntaxUID: header.transferSyntaxUID, transferSyntaxName: header.transferSyntaxName,
      photometricInterpretation: header.photometricInterpretation, bitsAllocated: header.bitsAllocated,
      rescaleSlope: header.rescaleSlope, rescaleIntercept: header.rescaleIntercept, windows: header.windows,
      hasModalityLUT: header.hasModalityLUT, hasVOILUT: header.hasVOILUT, pixelSpacing: header.pixelSpacing,
      modality: header.modality)
  }

  private init(_ file: NIfTIFile) {
    let header = file.header
    format = "NIfTI"
    width = header.dimensions[0]
    height = header.dimensions.count > 1 ? header.dimensions[1] : 1
    (channels, frames) = (header.samplesPerVoxel, 1)
    let samples = file.storedSamples()
    (type, bitDepth, isSigned) = (samples.typeName, header.sample.byteCount * 8, !samples.typeName.hasPrefix("u"))
    let range = samples.range()
    (minimum, maximum) = (range?.lowerBound, range?.upperBound)
    sha256 = samples.sha256Hex
    let isFlat = header.dimensions.filter { $0 > 1 }.count <= 2
    display = isFlat ? "as stored, or from the least value to the greatest" : "one slice, from its least value to its greatest"
    remarks = [samples.notFiniteRemark].compactMap(\.self)
    nifti = NIfTI(
      version: header.version, isBigEndian: header.isBigEndian, dimensions: header.dimensions, zooms: header.zooms,
      slope: header.slope, intercept: header.intercept, axisDirections: file.axisDirections, hasOrientation: header.hasOrientation)
  }

  private init(_ picture: DecodedPicture, format: PictureFormat, isChosen: Bool, window: IntensityWindow?) throws {
    self.format = format.name
    (width, height, channels, frames) = (picture.width, picture.height, picture.channels, picture.statement.pictureCount)
    (type, bitDepth, isSigned) = (picture.samples.typeName, picture.bitDepth, !picture.samples.typeName.hasPrefix("u"))
    let range = picture.samples.range()
    (minimum, maximum) = (range?.lowerBound, range?.upperBound)
    sha256 = picture.samples.sha256Hex
    display = picture.display(window: window)
    orientation = picture.statement.orientation
    let shown = try picture.pixelBuffer(window: window)
    (usedShareOfRange, remarks) = (shown.usedShareOfRange, picture.remarks(isChosen: isChosen, window: window) + shown.contentRemarks)
  }

  /// A picture of the file, as it is shown: of formats with several the one asked for, of a NIfTI volume the middle axial slice.
  public static func preview(
    _ url: URL, frame: Int = 0, window: IntensityWindow? = nil, orientation: OrientationRule = .asStated
  ) throws -> PixelBuffer {
    switch try InspectedFile(url, frame: frame, orientation: orientation) {
    case .dicom(let file): return try file.pixelBuffer(frame, window: window)
    case .picture(let picture, _): return try picture.pixelBuffer(window: window)
    case .nifti(let file):
      guard file.header.dimensions.filter({ $0 > 1 }).count > 2 else { return try file.pixelBuffer() }
      let slice = try file.slice(file.sliceCount(.axial) / 2, plane: .axial)
      return try (window.map(slice.windowed) ?? slice.stretched()).pixelBuffer()
    }
  }
}

/// A file by its kind.
private enum InspectedFile {
  case dicom(DICOMFile)
  case nifti(NIfTIFile)
  case picture(DecodedPicture, PictureFormat)

  init(_ url: URL, frame: Int?, orientation: OrientationRule) throws {
    if let pair = try NIfTIFile.header(ofPairWith: url) {
      self = .nifti(try NIfTIFile.open(pair))
      return
    }
    let bytes = try FileBytes(url, limit: NIfTIFile.byteLimit)
    switch try ImageFile.format(of: bytes.buffer, named: url) {
    case .dicom: self = .dicom(try DICOMFile(bytes.buffer, owner: bytes, named: url, pixelLimit: ImageFile.pixelLimit))
    case .nifti: self = .nifti(try NIfTIFile(bytes.buffer, owner: bytes, named: url))
    case .picture(let format):
      let request = PictureRequest(index: frame ?? 0, orientation: orientation)
      self = .picture(try naming(url) { try bytes.withBytes { try format.decode($0, request) } }, format)
    }
  }
}
