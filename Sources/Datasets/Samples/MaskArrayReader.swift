import Containers
import Foundation
import Imaging
import Studies

/// Reads a NumPy archive of images and label maps, as MedSegBench's: `train_images`, `train_label` and so on, maps `[items, height, width]`
/// of bytes in which 0 is background. An id is the array's name and the item's place: `train_images/000012`.
///
/// Object is every number above 0, or those that `objects` names.
struct MaskArrayReader {
  let source: ArraySource

  func read() throws -> FoundSamples {
    guard try byteCount(ofFile: source.file) != nil else { throw DatasetsError.missingTable(source.file) }
    let url = URL(fileURLWithPath: source.file), archive = try ArrayArchive.shared(url)
    let values = Set(source.objects ?? Array(1...255))
    var parts = [DatasetPart: [Sample]]()
    for (part, prefix) in [(DatasetPart.training, "train"), (.validation, "val"), (.test, "test")] {
      let images = "\(prefix)_images", maps = archive.names.contains("\(prefix)_label") ? "\(prefix)_label" : "\(prefix)_labels"
      let shape = try archive.imageShape(of: images), map = try archive.imageShape(of: maps)
      let count = try archive.array(images).shape[0], mapCount = try archive.array(maps).shape[0]
      guard count == mapCount, shape[..<2] == map[..<2], map[2] == 1 else {
        throw DatasetsError.unequalMaps([count] + shape, [mapCount] + map, name: maps, file: source.file)
      }
      let size = shape.reduce(1, *) + map.reduce(1, *)
      parts[part] = (0..<count).map { index in
        Sample(
          id: "\(images)/\(ArrayReader.padded(index))", image: ImageReference(url, .item(index, array: images)),
          mask: MaskReference(regions: [.labels(ImageReference.Plane(file: url, selection: .item(index, array: maps)), values: values)]),
          byteCount: size)
      }
    }
    return FoundSamples(parts: parts, classNames: [])
  }
}

extension DatasetsError {
  static func unequalMaps(_ images: [Int], _ maps: [Int], name: String, file: String) -> DatasetsError {
    DatasetsError(
      kind: .sizeMismatch, problem: "The array “\(name)” of \(file) has the shape \(maps) for images of \(images).",
      remedy: "Give an archive with a map of numbers for each image, of its size.")
  }
}
