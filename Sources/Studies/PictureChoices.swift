/// How the pictures of a task's image files are read, where the files leave a choice. It holds for every source.
public struct PictureChoices: Codable, Hashable, Sendable {
  /// What becomes of the orientation that a picture file states.
  public enum Orientation: String, Codable, Sendable, CaseIterable {
    /// The picture is turned upright as its file says, as viewers and annotation tools show it.
    case asStated
    /// The rows stay as they are stored.
    case asStored
  }

  /// Which frame or page of a file with several is the image, from 1; nil for the first, which is remarked.
  public var frame: Int?
  public var orientation: Orientation
  /// The values that are black and white: stored samples of a picture, modality units of DICOM and NIfTI. Nil for the file's own.
  public var range: [Double]?

  public init(frame: Int? = nil, orientation: Orientation = .asStated, range: [Double]? = nil) {
    self.frame = frame
    self.orientation = orientation
    self.range = range
  }
}
