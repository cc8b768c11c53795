internal import CImageCodecs
public import Foundation
internal import Foundations

/// Reads the picture formats of `PictureFormat.all`, DICOM and NIfTI files, and writes PNG.
///
/// Of a DICOM file it reads the first frame as it is displayed (`DICOMFile` has the rest), of NIfTI files those that are flat.
/// What a file is, its first bytes say; its name is not asked. Of several pictures in one file the first is read, unless another is
/// asked for. A file that is cut short or damaged anywhere is an error, even where a viewer would show something.
///
/// One rule for orientation in all formats: a picture is turned as its file states, by EXIF in JPEG, PNG and WebP, by tag 274 in TIFF,
/// unless `OrientationRule.asStored` is asked for. PNG's gamma and color profiles are left alone.
public enum ImageFile {
  /// Endings of names, in lower case, under which these formats are found.
  public static let supportedExtensions = PictureFormat.all.flatMap(\.endings) + ["dcm", "dicom", "nii"]

  /// The formats, for sentences: “PNG, JPEG, … or NIfTI”.
  static let formatNames = PictureFormat.all.map(\.name).joined(separator: ", ") + ", DICOM or NIfTI"

  /// No image with more pixels is read, so that a small hostile file cannot take all memory: 100 million.
  public static let pixelLimit = 100_000_000

  /// No file with more bytes is read: 1 GiB.
  public static let byteLimit = 1 << 30

  /// Whether the name ends as images do.
  public static func hasSupportedExtension(_ url: URL) -> Bool {
    supportedExtensions.contains(url.pathExtension.lowercased()) || url.lastPathComponent.lowercased().hasSuffix(".nii.gz")
  }

  /// Throws `ImagingError`, which names the file.
  public static func read(_ url: URL, pixelLimit: Int = ImageFile.pixelLimit) throws -> PixelBuffer {
    if let pair = try NIfTIFile.header(ofPairWith: url) { return try NIfTIFile.open(pair).pixelBuffer(pixelLimit: pixelLimit) }
    return try FileBytes(url, limit: byteLimit).withBytes { try decode($0, named: url, pixelLimit: pixelLimit) }
  }

  /// Decodes an image that is in memory; `url` is what errors call it.
  public static func decode(
    _ bytes: UnsafeRawBufferPointer, named url: URL, pixelLimit: Int = ImageFile.pixelLimit
  ) throws -> PixelBuffer {
    switch try format(of: bytes, named: url) {
    case .dicom: return try DICOMFile(bytes, owner: nil, named: url, pixelLimit: pixelLimit).pixelBuffer(0)
    case .nifti: return try NIfTIFile(bytes, owner: nil, named: url).pixelBuffer(pixelLimit: pixelLimit)
    case .picture(let format):
      return try naming(url) { try format.decode(bytes, PictureRequest(pixelLimit: pixelLimit)) }.pixelBuffer(window: nil)
    }
  }

  /// Throws where the bytes are of no format that is read.
  static func format(of bytes: UnsafeRawBufferPointer, named url: URL) throws -> ImageFormat {
    guard !bytes.isEmpty else { throw ImagingError.empty(url) }
    guard let format = ImageFormat(of: bytes) else { throw ImagingError.unknownFormat(url, bytes) }
    return format
  }

  /// Writes the file whole or not at all. Depths: 8 and 16 bits, for grey also 1, 2 and 4.
  public static func writePNG(_ image: PixelBuffer, to url: URL) throws {
    let isPackable = [1, 2, 4].contains(image.bitDepth) && image.channels == 1
    guard image.bitDepth == 8 || image.bitDepth == 16 || isPackable else {
      throw ImagingError.unwritable(url, reason: "it has \(image.bitDepth) bits a sample and \(image.channels) channels")
    }
    var file: UnsafeMutableRawPointer?
    var count = 0
    var reason = [CChar](repeating: 0, count: 200)
    func encode(_ samples: UnsafeRawBufferPointer) -> Int32 {
      codecs_encode_png(
        samples.baseAddress, UInt32(image.width), UInt32(image.height), UInt32(image.channels), UInt32(image.bitDepth), &file,
        &count, &reason)
    }
    let status: Int32
    switch image.samples {
    case .bytes(let values): status = values.withUnsafeBytes(encode)
    case .words(let values): status = values.withUnsafeBytes(encode)
    }
    guard status == CODECS_OK, let file else {
      let words = reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      throw ImagingError.unwritable(url, reason: String(decoding: words, as: UTF8.self))
    }
    defer { codecs_free(file) }
    try AtomicFile.write(to: url) { try $0.write(UnsafeRawBufferPointer(start: file, count: count)) }
  }
}
