/// What the distances of outlines are counted in. Values in different units are never one row of a table.
public enum DistanceUnit: String, Codable, Hashable, Sendable, CaseIterable {
  /// Millimeters, by the pixel spacing that the images' files state.
  case millimeters
  /// Pixels of the image as its file stores it, where not every file states a spacing.
  case pixels
  /// Pixels of the network's input, which depend on its size: in the predictions of runs from before outlines were compared on the image.
  case inputPixels

  /// What stands behind `hd95:` and the tolerance in the header of predictions; nothing for the oldest.
  public var symbol: String {
    switch self {
    case .millimeters: "mm"
    case .pixels: "px"
    case .inputPixels: ""
    }
  }

  /// Behind a number in a table.
  public var title: String { self == .inputPixels ? "px of the network's input" : symbol }

  /// What texts call it.
  public var words: String {
    switch self {
    case .millimeters: "millimeters"
    case .pixels: "pixels of the image"
    case .inputPixels: "pixels of the network's input"
    }
  }
}
