import Containers
import Foundation
import Imaging
import Studies

/// Reads a NumPy archive of images and label maps, as MedSegBench's: `train_images`, `train_label` and so on, maps `[items, height, width]`
/// of bytes in which 0 is background. An id is the array's name and the item's place: `train_images/000012`.
///
/// Object is every number above 0, or those that `objects` names; those that `ignore` names have no part in loss or metric.
struct MaskArrayReader {
  let source: ArraySource

  func read() throws -> FoundSamples {
    guard try byteCount(ofFile: source.file) != nil else { throw DatasetsError.missingTable(source.file) }
    let url = URL(fileURLWithPath: source.file), archive = try ArrayArchive.shared(url)
    let ignored = Set(source.ignore ?? []), values = Set(source.objects ?? Array(1...255)).subtracting(ignored)
    var parts = [DatasetPart: [Sample]]()
    for (part, prefix) in [(DatasetPart.training, "train"), (.validation, "val"), (.test, "test")] {
      let images = "\(prefix)_images", maps = Self.maps(of: prefix, in: archive)
      let shape = try archive.imageShape(of: images), map = try archive.imageShape(of: maps)
      let count = try archive.array(images).shape[0], mapCount = try archive.array(maps).shape[0]
      guard count == mapCount, shape[..<2] == map[..<2], map[2] == 1 else {
        throw DatasetsError.unequalMaps([count] + shape, [mapCount] + map, name: maps, file: source.file)
      }
      let size = shape.reduce(1, *) + map.reduce(1, *)
      parts[part] = (0..<count).map { index in
        Sample(
          id: "\(images)/\(ArrayReader.padded(index))", image: ImageReference(url, .item(index, array: images)),
          mask: MaskReference(regions: [.labels(ImageReference.Plane(file: url, selection: .item(index, array: maps)), values: values)], ignored: ignored),
          byteCount: size)
      }
    }
    return FoundSamples(parts: parts, classNames: [])
  }

  /// MedSegBench calls them `train_label`.
  static func maps(of prefix: String, in archive: ArrayArchive) -> String {
    archive.names.contains("\(prefix)_label") ? "\(prefix)_label" : "\(prefix)_labels"
  }
}

extension ArraySource {
  /// The numbers of all label maps with their pixels and how many maps have each; none where the archive cannot be opened.
  package func mapNumbers() -> [(number: Int, pixels: Int, maps: Int)] {
    guard let archive = try? ArrayArchive.shared(URL(fileURLWithPath: file)) else { return [] }
    var pixels = [Int](repeating: 0, count: 256), maps = pixels
    for prefix in ["train", "val", "test"] {
      guard let array = try? archive.array(MaskArrayReader.maps(of: prefix, in: archive)), array.elementType == .uint8, let count = array.shape.first else { continue }
      for index in 0..<count {
        var own = [Int](repeating: 0, count: 256)
        for byte in (try? array.item(index)) ?? Data() { own[Int(byte)] += 1 }
        for number in own.indices where own[number] > 0 { (pixels[number], maps[number]) = (pixels[number] + own[number], maps[number] + 1) }
      }
    }
    return pixels.indices.filter { pixels[$0] > 0 }.map { ($0, pixels[$0], maps[$0]) }
  }
}

extension DatasetsError {
  static func unequalMaps(_ images: [Int], _ maps: [Int], name: String, file: String) -> DatasetsError {
    DatasetsError(
      kind: .sizeMismatch, problem: "The array “\(name)” of \(file) has the shape \(maps) for images of \(images).",
      remedy: "Give an archive with a map of numbers for each image, of its size.")
  }
}
