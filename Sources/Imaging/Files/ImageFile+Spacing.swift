public import Foundation
public import Foundations

extension ImageFile {
  /// How far apart the pixels of a picture are, as its file states it.
  ///
  /// DICOM: Pixel Spacing, or else that of the detector (Imager Pixel Spacing), which is a few percent more than in the patient. NIfTI: the
  /// distances along the axes of the picture, in the header's unit, which is millimeters where it names none. Resolutions of PNG, JPEG and
  /// TIFF files are those of a print or a scanner and say nothing of a patient.
  ///
  /// Reads the header alone of all but DICOM files.
  ///
  /// - Parameter window: as the picture is read with: through one, a flat NIfTI file is turned as its slices are.
  /// - Returns: nil where the file states none, or one that is no number above 0.
  /// - Throws: `ImagingError`, which names the file, where it cannot be read.
  public static func pixelSpacing(_ url: URL, _ selection: ImageSelection = .whole, window: IntensityWindow? = nil) throws -> PixelSpacing? {
    if let pair = try NIfTIFile.header(ofPairWith: url) { return try pixelSpacing(pair, selection, window: window) }
    let head = try FileBytes(head: 1 << 16, of: url, limit: byteLimit)
    switch head.withBytes({ ImageFormat(of: $0) }) {
    case .dicom:
      return try DICOMFile.open(url).header.pixelSpacing.flatMap { $0.count == 2 ? PixelSpacing(x: $0[1], y: $0[0]) : nil }
    case .nifti:
      let header = try NIfTIFile.header(of: url)
      if case .slice(_, let plane, _) = selection { return header.pixelSpacing(plane) }
      if window != nil { return header.pixelSpacing(.axial) }
      let axes = header.dimensions.indices.filter { header.dimensions[$0] > 1 }
      return axes.count == 2 ? header.spacing(x: axes[0], y: axes[1]) : nil
    case .picture, nil: return nil
    }
  }
}

extension NIfTIHeader {
  /// Between the columns and between the rows of a plane's slices.
  func pixelSpacing(_ plane: AnatomicalPlane) -> PixelSpacing? {
    let axes = NIfTIOrientation(affine: affine).axes
    return spacing(x: axes[plane.columns].stored, y: axes[plane.rows].stored)
  }

  /// Along two stored axes.
  fileprivate func spacing(x: Int, y: Int) -> PixelSpacing? {
    guard max(x, y) < zooms.count else { return nil }
    return PixelSpacing(x: zooms[x] * millimetersPerUnit, y: zooms[y] * millimetersPerUnit)
  }
}
