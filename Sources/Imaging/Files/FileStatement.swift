public import Foundation

/// What an image or mask file says beside the pixels of its first picture.
public struct FileStatement: Sendable, Hashable {
  /// How many pictures it holds: pages, frames.
  public let pictures: Int
  /// Which way up it says its picture is, 1...8 as EXIF numbers it; 1 is upright.
  public let orientation: Int
  /// Whether its numbers come out otherwise than they were written, as of JPEG.
  public let isLossy: Bool

  /// Opens a file; formats in which only decoding tells are decoded. Throws `ImagingError`, which names the file.
  public init(_ url: URL) throws {
    (pictures, orientation, isLossy) = try Self.read(url)
  }

  private static func read(_ url: URL) throws -> (Int, Int, Bool) {
    // Volumes have slices of their own, which are chosen by name.
    if try NIfTIFile.header(ofPairWith: url) != nil { return (1, 1, false) }
    let bytes = try FileBytes(url, limit: NIfTIFile.byteLimit)
    switch try ImageFile.format(of: bytes.buffer, named: url) {
    case .nifti: return (1, 1, false)
    case .dicom: return (try DICOMFile(bytes.buffer, owner: bytes, named: url, pixelLimit: ImageFile.pixelLimit).header.frames, 1, false)
    case .picture(let format):
      return try naming(url) {
        try bytes.withBytes { bytes in
          let stated = try format.statement.map { $0(bytes) } ?? format.decode(bytes, PictureRequest(orientation: .asStored)).statement
          return (stated.pictureCount, stated.orientation, format.isLossy(bytes))
        }
      }
    }
  }
}
