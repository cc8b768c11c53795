public import Foundation
import Foundations
public import Imaging

/// Where a mask comes from: regions that are united, those of each class apart where there are several. None at all says that the image
/// holds no object.
public struct MaskReference: Sendable, Hashable {
  public enum Region: Sendable, Hashable, Codable {
    /// A mask file.
    case file(URL, threshold: Mask.Threshold)
    /// The pixels of a label map that have one of these values.
    case labels(ImageReference.Plane, values: Set<Int>)
    /// Runs of pixels; without a size, of an image as large as the sample's.
    case runLengths(String, format: RunLengthFormat, width: Int?, height: Int?)
    /// Closed lines in pixels of an image as large as the sample's, or of the size given.
    case polygons([[PolygonPoint]], width: Int?, height: Int?)
  }

  /// What happens to a mask of another size than its image.
  public enum SizeRule: String, Sendable, Hashable, Codable, CaseIterable {
    /// It is an error.
    case exact
    /// It is resized by nearest neighbor.
    case nearest
  }

  public var regions: [Region]
  public var sizeRule: SizeRule
  /// Levels of its files whose pixels have no part in loss or metric; they are no object either.
  public var ignored: Set<Int>
  /// Whose each region is, where the mask is of several classes; nil for one object.
  public var classes: MaskClasses?

  public init(regions: [Region], sizeRule: SizeRule = .exact, ignored: Set<Int> = [], classes: MaskClasses? = nil) {
    self.regions = regions
    self.sizeRule = sizeRule
    self.ignored = ignored
    self.classes = classes
  }

  /// One mask file.
  public init(_ file: URL, threshold: Mask.Threshold = .automatic) {
    self.init(regions: [.file(file, threshold: threshold)])
  }

  /// An image of which it is known that it holds no object.
  public static let empty = MaskReference(regions: [])

  /// The files, each once.
  public var files: [URL] {
    var seen = Set<URL>()
    return regions.compactMap { region in
      switch region {
      case .file(let file, _): file
      case .labels(let plane, _): plane.file
      case .runLengths, .polygons: nil
      }
    }.filter { seen.insert($0).inserted }
  }

  /// Whether this is one file read in the usual way: all that such a reference says, the sample's byte count says.
  public var isPlain: Bool {
    guard regions.count == 1, sizeRule == .exact, ignored.isEmpty, classes == nil, case .file(_, .automatic) = regions[0] else { return false }
    return true
  }

  /// What the reference says besides the names of files, for fingerprints; nil where it is plain.
  package var fingerprint: String? {
    if isPlain { return nil }
    let words = regions.map { region -> String in
      switch region {
      case .file(_, let threshold): return "file \(threshold.words)"
      case .labels(let plane, let values): return "labels \(plane.selection.words) \(values.sorted())"
      case .runLengths(let text, let format, let width, let height):
        return "runs \(format.rawValue) \(width ?? 0) \(height ?? 0) \(text)"
      case .polygons(let polygons, let width, let height):
        let corners = polygons.map { $0.map { "\($0.x) \($0.y)" }.joined(separator: ", ") }
        return "polygons \(width ?? 0) \(height ?? 0) \(corners.joined(separator: "; "))"
      }
    }
    let left = ignored.isEmpty ? [] : ["ignored \(ignored.sorted())"]
    let apart = classes.map { ["classes \($0.coding.rawValue) \($0.owners) of \($0.names.count)"] } ?? []
    return Digest.sha256Hex(of: ([sizeRule.rawValue] + words + left + apart).joined(separator: "\n"))
  }
}

extension Mask.Threshold {
  /// For fingerprints, so no word here ever changes.
  package var words: String {
    switch self {
    case .automatic: "automatic"
    case .nonZero: "nonZero"
    case .above(let level): "above \(level)"
    case .aboveNumber(let number): "above number \(number)"
    case .levels(let levels): "levels \(levels.sorted())"
    case .opacity(let level): "opacity \(level.map(String.init) ?? "half")"
    case .color(let color): "color \(color)"
    }
  }
}

// What earlier versions wrote has no ignored levels and no classes.
extension MaskReference: Codable {
  private enum CodingKeys: String, CodingKey { case regions, sizeRule, ignored, classes }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      regions: try container.decode([Region].self, forKey: .regions), sizeRule: try container.decode(SizeRule.self, forKey: .sizeRule),
      ignored: try container.decodeIfPresent(Set<Int>.self, forKey: .ignored) ?? [],
      classes: try container.decodeIfPresent(MaskClasses.self, forKey: .classes))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(regions, forKey: .regions)
    try container.encode(sizeRule, forKey: .sizeRule)
    if !ignored.isEmpty { try container.encode(ignored.sorted(), forKey: .ignored) }
    try container.encodeIfPresent(classes, forKey: .classes)
  }
}
