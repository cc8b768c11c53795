import Foundation
public import Imaging

/// Whose the regions of a mask are, where it is of several classes.
public struct MaskClasses: Sendable, Hashable, Codable {
  /// In the order of the network's outputs, without the background.
  public var names: [String]
  /// The place of each region's class among the names.
  public var owners: [Int]
  /// Whether a pixel is of one class at most.
  public var coding: MaskCoding

  /// - Parameter owners: one a region, each a place among `names`.
  public init(names: [String], owners: [Int], coding: MaskCoding) {
    (self.names, self.owners, self.coding) = (names, owners, coding)
  }
}

extension MaskReference {
  /// This mask with other classes: of each that is wanted the regions of one it has, or none.
  ///
  /// - Parameters:
  ///   - names: of the wanted classes.
  ///   - places: for each the place of the class that stands for it; nil where none does.
  func arranged(_ names: [String], from places: [Int?]) -> MaskReference {
    guard let classes else { return self }
    var arranged = self
    let kept = regions.indices.compactMap { index in places.firstIndex(of: classes.owners[index]).map { (region: regions[index], owner: $0) } }
    arranged.regions = kept.map(\.region)
    arranged.classes = MaskClasses(names: names, owners: kept.map(\.owner), coding: classes.coding)
    return arranged
  }

  /// The regions in which masks are read by levels of one file, so that it is decoded once for all of them.
  enum Source: Hashable {
    case file(String)
    case labels(ImageReference.Plane)
    /// Any other, by its place.
    case single(Int)
  }

  func sources() -> [Source] {
    regions.enumerated().map { place, region in
      switch region {
      case .file(let file, .levels): .file(file.path)
      case .labels(let plane, _):
        if case .item = plane.selection { .single(place) } else { .labels(plane) }
      case .file, .runLengths, .polygons: .single(place)
      }
    }
  }
}

extension Sample {
  /// This sample with the classes of its mask arranged anew, as `MaskReference.arranged` does.
  public func withMaskClasses(_ names: [String], from places: [Int?]) -> Sample {
    mask.map { masked($0.arranged(names, from: places), as: .truth) } ?? self
  }
}
