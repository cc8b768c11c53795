import Containers
import Foundation
import PublishedCopies
import Studies
import Testing
import Weights

@testable import Datasets
@testable import Inspection

extension FaultyCopy {
  /// An archive with an array that is missing, of another type or shape, or with labels that are none.
  func archiveFaults(_ source: ArraySource) -> [PlantedFault] {
    let isMultiLabel = task.kind == .multiLabelClassification
    func fault(_ name: String, _ words: [String], _ change: @escaping (inout [(key: String, array: NumPyArchive.Array)]) -> Void) -> PlantedFault {
      PlantedFault(name: name) { editor in
        var arrays = try Self.arrays(editor.url(source.file))
        change(&arrays)
        let file = editor.root.appendingPathExtension("npz")
        defer { try? FileManager.default.removeItem(at: file) }
        try NumPyArchive.write(arrays, to: file)
        try editor.write(try Data(contentsOf: file), to: source.file)
        return words
      }
    }
    let size = 28
    var faults = ["train_images", "train_labels", "val_images", "val_labels", "test_images", "test_labels"].enumerated().map { index, key in
      fault("no array \(key)", ["has no array “\(key)”"]) { $0.remove(at: index) }
    }
    faults += [
      PlantedFault(name: "a truncated archive") { editor in
        let data = try editor.data(source.file)
        try editor.write(data.prefix(data.count / 2), to: source.file)
        return [source.file]
      },
      PlantedFault(name: "a page instead of an archive") { editor in
        try editor.write(Data("<html>Not found</html>".utf8), to: source.file)
        return [source.file]
      },
      fault("an image less", ["images and", "labels for training"]) { arrays in
        let width = arrays[0].array.shape[1...].reduce(1, *)
        arrays[0].array.shape[0] -= 1
        arrays[0].array.bytes.removeLast(width)
      },
      fault("images of 16 bits", ["“train_images”", "which are no images"]) { arrays in
        arrays[0].array.type = "<u2"
        arrays[0].array.bytes += arrays[0].array.bytes
      },
      fault("images of another size", ["not 28 × 28", "14 × 56"]) { arrays in
        arrays[0].array.shape[1] = 2 * size
        arrays[0].array.shape[2] = size / 2
      },
      fault("a class that there is not", ["“train_labels”"]) { $0[1].array.bytes[0] = 99 },
      fault("labels of another width", ["“val_labels”", "labels an image"]) { arrays in
        arrays[3].array.shape = isMultiLabel ? [arrays[3].array.shape[0], 7] : [arrays[3].array.shape[0], 2]
        arrays[3].array.bytes = [UInt8](repeating: 0, count: arrays[3].array.shape.reduce(1, *))
      },
      fault("an empty part", ["test"]) { arrays in
        for place in [4, 5] {
          arrays[place].array.shape[0] = 0
          arrays[place].array.bytes = []
        }
      },
    ]
    return faults
  }

  /// The arrays of a copy as it was written: without compression, one after the other.
  private static func arrays(_ url: URL) throws -> [(key: String, array: NumPyArchive.Array)] {
    let archive = try ArrayArchive(url)
    return try ["train_images", "train_labels", "val_images", "val_labels", "test_images", "test_labels"].map { name in
      let array = try archive.array(name)
      return (name, NumPyArchive.Array(shape: array.shape, bytes: [UInt8](try array.bytes())))
    }
  }
}
