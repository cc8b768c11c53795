import Datasets
import Foundation
import Foundations
import Imaging
import Studies

/// Whether a volume and its label map are one grid: same shape, same place in the patient.
///
/// Each is turned by its own header, so two headers that disagree lay the labels on the wrong voxels. Compared is what each says of its
/// corners: their places in millimeters may differ by half of the smallest voxel side at most (`tolerance`). A label map that was turned
/// with its header, such as by another program that stores it in another order, is the same grid and passes.
struct GeometryLook: DataLook {
  static let codes = [
    FindingCode("geometry.grid", .refused, "an image and its label map lie differently in the patient"),
    FindingCode("geometry.noOrientation", .warned, "an image or its label map does not say how it lies in the patient"),
    FindingCode("geometry.spacings", .noted, "volumes differ in their spacing"),
    FindingCode("geometry.header", .warned, "a volume's header says what cannot be used"),
  ]
  static let opensPictures = false

  /// The corners' places may differ by this share of the smallest voxel side.
  static let tolerance = 0.5

  private struct Pair: Hashable {
    let image: URL
    let map: URL
  }

  func findings(in subject: DataSubject) -> [DataFinding] {
    var seen = Set<Pair>(), wrong = [(name: String, reason: String)](), unoriented = [String](), spacings = [String: Int](), remarks = [String]()
    for (_, sample) in subject.samples {
      guard let plane = sample.image.planes.first, case .slice = plane.selection, case .labels(let map, _)? = sample.mask?.regions.first,
        case .slice = map.selection, seen.insert(Pair(image: plane.file, map: map.file)).inserted,
        let image = try? NIfTIFile.header(of: plane.file), let labels = try? NIfTIFile.header(of: map.file)
      else { continue }
      let name = "\(plane.file.lastPathComponent) and \(map.file.lastPathComponent)"
      remarks += image.remarks.map { "\(plane.file.lastPathComponent): \($0)" } + labels.remarks.map { "\(map.file.lastPathComponent): \($0)" }
      spacings[image.zooms.prefix(3).map { String(format: "%.3g", $0) }.joined(separator: " × "), default: 0] += 1
      if image.hasOrientation != labels.hasOrientation {
        let without = image.hasOrientation ? map.file : plane.file
        // Without one the reader assumes it, and only an assumption that comes to the same is harmless.
        if let reason = GridComparison(image, labels).reason {
          wrong.append((name, "\(without.lastPathComponent) says nothing of how it lies; \(reason)"))
        } else {
          unoriented.append(without.lastPathComponent)
        }
      } else if let reason = GridComparison(image, labels).reason {
        wrong.append((name, reason))
      }
    }
    var found = [DataFinding]()
    if let first = wrong.first {
      found.append(
        subject.finding(
          "geometry.grid", .refused, count: wrong.count, examples: wrong.map { "\($0.name): \($0.reason)" },
          "\(counted(wrong.count, "pair")) of image and label map \(verb(wrong.count)) not on one grid: \(first.name): \(first.reason)\(wrong.count > 1 ? "; \(firstFew(wrong.dropFirst().map(\.name), atMost: 2))" : "").",
          "Give the label maps the affine of their images, or resample them to it; where the arrays are right as they are, copy the header's orientation (nibabel: Nifti1Image(labels, image.affine))."
        ))
    }
    if !unoriented.isEmpty {
      found.append(
        subject.finding(
          "geometry.noOrientation", .warned, count: unoriented.count, examples: unoriented,
          "\(counted(unoriented.count, "volume")) \(unoriented.count == 1 ? "does" : "do") not say how \(unoriented.count == 1 ? "it lies" : "they lie") in the patient: \(firstFew(unoriented)).",
          "Copy the affine of the other volume of the pair."))
    }
    if !remarks.isEmpty {
      found.append(
        subject.finding(
          "geometry.header", .warned, count: remarks.count, examples: remarks,
          "The headers of volumes say what cannot be used: \(firstFew(remarks)).", "Check these headers; what counts instead may not be meant."))
    }
    if spacings.count > 1 {
      let words = spacings.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) of \($0.key) mm" }
      found.append(
        subject.finding("geometry.spacings", .noted, count: spacings.count, examples: words, "The volumes have \(spacings.count) spacings: \(firstFew(words)).", ""))
    }
    return found
  }
}

/// Two headers as grids in the patient.
struct GridComparison {
  /// In what they differ; nil where they are one grid.
  let reason: String?

  init(_ image: NIfTIHeader, _ labels: NIfTIHeader) {
    let shapes = [image, labels].map { header in (0..<3).map { $0 < header.dimensions.count ? header.dimensions[$0] : 1 } }
    let directions = [image, labels].map(\.axisDirections)
    guard shapes[0].sorted() == shapes[1].sorted() else {
      reason = "their shapes are \(Self.words(shapes[0])) and \(Self.words(shapes[1])) voxels"
      return
    }
    let corners = zip([image, labels], shapes).map { Self.corners(of: $0, shape: $1) }
    let side = [image, labels].flatMap { header in (0..<3).map { Self.length(of: header.affine, column: $0) } }.filter { $0 > 0 }.min() ?? 1
    // Each corner of one is to be a corner of the other, whichever: a program may store a volume in another order.
    let apart = corners[0].map { corner in corners[1].map { Self.distance(corner, $0) }.min() ?? 0 }.max() ?? 0
    let spacings = [image, labels].map { header in (0..<3).map { Self.length(of: header.affine, column: $0) }.sorted() }
    if let (first, second) = zip(spacings[0], spacings[1]).first(where: { abs($0 - $1) > 0.01 * max($0, $1) }) {
      reason = "their voxels are \(Self.millimeters(first)) and \(Self.millimeters(second)) wide"
    } else if apart <= GeometryLook.tolerance * side {
      reason = nil
    } else if directions[0] != directions[1], shapes[0] == shapes[1] {
      reason = "their axes run \(directions[0]) and \(directions[1]) for arrays of one shape, and their corners lie \(Self.millimeters(apart)) apart"
    } else {
      reason = "their corners lie \(Self.millimeters(apart)) apart"
    }
  }

  private static func words(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: " × ") }
  private static func millimeters(_ distance: Double) -> String { String(format: "%.3g mm", distance) }

  private static func length(of affine: [[Double]], column: Int) -> Double {
    affine.reduce(0) { $0 + $1[column] * $1[column] }.squareRoot()
  }

  private static func distance(_ first: [Double], _ second: [Double]) -> Double {
    zip(first, second).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  /// The places of the centers of the eight outermost voxels.
  private static func corners(of header: NIfTIHeader, shape: [Int]) -> [[Double]] {
    (0..<8).map { corner in
      let index = (0..<3).map { corner >> $0 & 1 == 1 ? Double(shape[$0] - 1) : 0 }
      return header.affine.map { row in row[0] * index[0] + row[1] * index[1] + row[2] * index[2] + row[3] }
    }
  }
}
