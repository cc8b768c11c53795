public import Foundation

extension NIfTIFile {
  /// The number of slices of a plane, from a file's header alone. Throws `ImagingError`, which names the file.
  public static func sliceCount(of url: URL, plane: AnatomicalPlane) throws -> Int {
    let header = try header(of: url)
    let axis = NIfTIOrientation(affine: header.affine).axes[plane.through].stored
    return axis < header.dimensions.count ? header.dimensions[axis] : 1
  }

  /// What a file's header says, without reading its voxels. Throws `ImagingError`, which names the file.
  public static func header(of file: URL) throws -> NIfTIHeader {
    let url = partner(of: file, ending: "hdr", insteadOf: "img") ?? file
    let bytes: Data
    do {
      let handle = try FileHandle(forReadingFrom: url)
      defer { try? handle.close() }
      // Compressed, a header and its extensions' beginning take far less.
      bytes = try handle.read(upToCount: 1 << 16) ?? Data()
    } catch {
      throw ImagingError.unreadable(url, errno: ENOENT)
    }
    if bytes.isEmpty { throw ImagingError.empty(url) }
    return try naming(url) {
      try bytes.withUnsafeBytes { bytes in
        guard isCompressed(bytes) else { return try NIfTIHeader(bytes) }
        return try InflatedBytes.withHead(of: bytes, count: NIfTIHeader.byteCount) { try NIfTIHeader($0) }
      }
    }
  }
}
