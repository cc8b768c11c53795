/// Which picture of a file is meant.
public enum ImageSelection: Sendable, Hashable, Codable {
  /// The file's one picture; of a DICOM file the first frame.
  case whole
  /// A frame of a DICOM file, from 0.
  case frame(Int)
  /// A slice of a NIfTI volume, from 0 (see `NIfTIFile.slice`).
  case slice(Int, plane: AnatomicalPlane = .axial, volume: Int = 0)
  /// An item along the first axis of a named array in an `.npz` archive, from 0.
  case item(Int, array: String)
}
