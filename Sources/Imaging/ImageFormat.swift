internal import CImageCodecs

/// The format of an image file, known from its first bytes.
enum ImageFormat {
  case picture(PictureFormat)
  case dicom, nifti

  init?(of bytes: UnsafeRawBufferPointer) {
    // The preamble of a DICOM file may hold the head of a TIFF, so it is asked first.
    if DICOMContainer.hasPreamble(bytes) {
      self = .dicom
    } else if let picture = PictureFormat(of: bytes) {
      self = .picture(picture)
    } else if NIfTIFile.isPlausible(bytes) {
      self = .nifti
    } else if DICOMContainer.isPlausible(bytes) {
      self = .dicom
    } else {
      return nil
    }
  }
}

/// A format that the codecs decode in one step.
enum PictureFormat: String, CaseIterable {
  case png = "PNG"
  case jpeg = "JPEG"
  case tiff = "TIFF"
  case gif = "GIF"

  /// Every start that a file of the format may have. TIFF: either byte order, classic and BigTIFF.
  var signatures: [[UInt8]] {
    switch self {
    case .png: return [[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]]
    case .jpeg: return [[0xFF, 0xD8, 0xFF]]
    case .tiff:
      return [[0x49, 0x49, 42, 0], [0x4D, 0x4D, 0, 42], [0x49, 0x49, 43, 0], [0x4D, 0x4D, 0, 43]]
    case .gif: return [Array("GIF87a".utf8), Array("GIF89a".utf8)]
    }
  }

  init?(of bytes: UnsafeRawBufferPointer) {
    let match = Self.allCases.first { format in format.signatures.contains { bytes.starts(with: $0) } }
    guard let match else { return nil }
    self = match
  }

  typealias Decoder = (UnsafeRawPointer?, Int, UInt64, UnsafeMutablePointer<codecs_image>?) -> Int32

  var decoder: Decoder {
    switch self {
    case .png: return codecs_decode_png
    case .jpeg: return codecs_decode_jpeg
    case .tiff: return codecs_decode_tiff
    case .gif: return codecs_decode_gif
    }
  }
}
