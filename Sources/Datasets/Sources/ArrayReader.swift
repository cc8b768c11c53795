import Containers
import Foundation
import Imaging
import Studies
import Weights

extension ArraySource: SampleSource {
  func samples(for kind: TaskKind) throws -> FoundSamples {
    try kind.isSegmentation ? MaskArrayReader(source: self).read() : ArrayReader(source: self, kind: kind).read()
  }
}

/// Reads a NumPy archive of images and labels. An id is the array's name and the item's place: `train_images/00012`.
struct ArrayReader {
  let source: ArraySource
  let kind: TaskKind

  func read() throws -> FoundSamples {
    guard try byteCount(ofFile: source.file) != nil else { throw DatasetsError.missingTable(source.file) }
    let url = URL(fileURLWithPath: source.file), archive = try ArrayArchive.shared(url)
    var parts = [DatasetPart: [Sample]]()
    for (part, prefix) in [(DatasetPart.training, "train"), (.validation, "val"), (.test, "test")] {
      let images = "\(prefix)_images", labels = "\(prefix)_labels"
      let size = try archive.imageShape(of: images).reduce(1, *), count = try archive.array(images).shape[0]
      let values = try self.labels(labels, of: archive)
      guard values.count == count else {
        throw DatasetsError.unequalArrays(count, values.count, part: part.rawValue, file: source.file)
      }
      parts[part] = (0..<count).map { index in
        Sample(
          id: "\(images)/\(Self.padded(index))", image: ImageReference(url, .item(index, array: images)), labels: values[index], byteCount: size)
      }
    }
    return FoundSamples(parts: parts, classNames: source.classes)
  }

  /// Six digits, so that ids are in the order of their items.
  static func padded(_ index: Int) -> String {
    let number = String(index)
    return String(repeating: "0", count: max(0, 6 - number.count)) + number
  }

  func labels(_ name: String, of archive: ArrayArchive) throws -> [[Float]] {
    let rows = try archive.labels(of: name)
    if kind.isOfExactlyOneClass { return try oneOfMany(rows, name) }
    if let width = rows.first?.count, width != source.classes.count {
      throw DatasetsError.labelWidth(width, classes: source.classes.count, name: name, file: source.file)
    }
    let others = rows.flatMap { $0 }.filter { $0 != 0 && $0 != 1 }
    if let highest = others.max() {
      if let odd = others.first(where: { !($0 > 1 && $0 == $0.rounded() && $0 < 1e6) }) {
        throw DatasetsError.neitherLabel(odd, count: others.count, of: rows.count * source.classes.count, name: name, file: source.file)
      }
      throw DatasetsError.oneOfManyClasses(highest: Int(highest), name: name, file: source.file)
    }
    return rows.map { $0.map { Float($0) } }
  }

  /// From the number of the class, from 0, to one label a class.
  private func oneOfMany(_ rows: [[Double]], _ name: String) throws -> [[Float]] {
    if let width = rows.first?.count, width != 1 { throw DatasetsError.notClassNumbers(width, name: name, file: source.file) }
    let count = source.classes.count
    let labels = (0..<count).map { number in (0..<count).map { $0 == number ? Float(1) : 0 } }
    return try rows.map { row in
      guard let number = row.first.flatMap({ Int(exactly: $0) }), labels.indices.contains(number) else {
        throw DatasetsError.unknownClassNumber(row.first ?? .nan, classes: count, name: name, file: source.file)
      }
      return labels[number]
    }
  }
}

extension ArraySource {
  /// The arrays of the archive that no part reads, such as those of a part of another name; none where it cannot be opened.
  package func unreadArrays() -> [String] {
    guard let archive = try? ArrayArchive.shared(URL(fileURLWithPath: file)) else { return [] }
    // Of maps under both names one is read; labels of classes are under the second alone.
    let read = Set(
      ["train", "val", "test"].flatMap { prefix in
        ["\(prefix)_images", classes.isEmpty ? MaskArrayReader.maps(of: prefix, in: archive) : "\(prefix)_labels"]
      })
    return archive.names.filter { !read.contains($0) }.sorted()
  }
}
