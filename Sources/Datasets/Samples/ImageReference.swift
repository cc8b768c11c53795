public import Foundation
public import Imaging

/// Where an image's pixels are: a file, a part of one, or several.
public struct ImageReference: Sendable, Hashable, Codable {
  /// One picture of one file.
  public struct Plane: Sendable, Hashable, Codable {
    public var file: URL
    public var selection: ImageSelection

    public init(file: URL, selection: ImageSelection = .whole) {
      self.file = file
      self.selection = selection
    }
  }

  /// One picture, or one grey picture a channel, such as three neighboring slices.
  public var planes: [Plane]
  /// The values between black and white, in modality units; nil takes the file's own window.
  public var window: IntensityWindow?
  /// What a file without a header holds.
  public var rawGeometry: RawImage?
  /// What becomes of the orientation that a picture file states; nil for `asStated`.
  public var orientation: OrientationRule?
  /// How many slices of the file's folder before and after it, in the order of the scan, are channels too: 1 makes three channels.
  /// Which files they are is found out when the image is read.
  public var neighborReach: Int?

  public init(planes: [Plane], window: IntensityWindow? = nil, rawGeometry: RawImage? = nil, neighborReach: Int? = nil) {
    self.planes = planes
    self.window = window
    self.rawGeometry = rawGeometry
    self.neighborReach = neighborReach
  }

  /// One file, whole or a part of it.
  public init(
    _ file: URL, _ selection: ImageSelection = .whole, window: IntensityWindow? = nil, rawGeometry: RawImage? = nil
  ) {
    self.init(planes: [Plane(file: file, selection: selection)], window: window, rawGeometry: rawGeometry)
  }

  /// The files, each once, in the order of their first picture.
  public var files: [URL] {
    var seen = Set<URL>()
    return planes.map(\.file).filter { seen.insert($0).inserted }
  }

  /// Whether this is one whole file shown in its own way: all that such a reference says, the sample's id and byte count say.
  public var isPlain: Bool { planes.count == 1 && planes[0].selection == .whole && window == nil && rawGeometry == nil && neighborReach == nil && !isAsStored }

  private var isAsStored: Bool { orientation == .asStored }

  /// What the reference says besides the names of files, for fingerprints; nil where it is plain.
  package var fingerprint: String? {
    if isPlain { return nil }
    var words = planes.map(\.selection.words)
    if let window { words.append("window \(window.center) \(window.width) \(window.function.rawValue)") }
    if let raw = rawGeometry {
      words.append("raw \(raw.width) \(raw.height) \(raw.bitDepth) \(raw.isBigEndian) \(raw.offset) \(raw.isWhiteZero)")
    }
    if let neighborReach { words.append("neighbors \(neighborReach)") }
    if isAsStored { words.append("orientation as stored") }
    return words.joined(separator: "; ")
  }
}

extension ImageSelection {
  /// For fingerprints, so no word here ever changes.
  package var words: String {
    switch self {
    case .whole: "whole"
    case .frame(let index): "frame \(index)"
    case .slice(let index, let plane, let volume): "slice \(index) \(plane.rawValue) \(volume)"
    case .item(let index, let array): "item \(index) \(array)"
    }
  }
}
