import DatasetFixtures
import Foundation
import Foundations
import Imaging
import PublishedCopies
import Studies
import Testing

@testable import Datasets
@testable import Loading

@Suite("Arrays of images")
struct ArrayTests {
  private func images(_ count: Int, channels: Int = 1) -> NumPyArchive.Array {
    NumPyArchive.Array(
      shape: [count, 4, 6] + (channels == 1 ? [] : [channels]), bytes: (0..<count * 24 * channels).map { UInt8($0 * 7 % 256) })
  }

  private func labels(_ rows: [[UInt8]]) -> NumPyArchive.Array {
    NumPyArchive.Array(shape: [rows.count, rows.first?.count ?? 0], bytes: rows.flatMap { $0 })
  }

  private func write(_ folder: TemporaryData, trainingLabels: [[UInt8]] = [[0], [1], [1], [0]], channels: Int = 1) throws -> ArraySource {
    let width = trainingLabels.first?.count ?? 1
    let others = labels([[UInt8](repeating: 0, count: width), [UInt8](repeating: 1, count: width)])
    let url = folder.url.appendingPathComponent("pneumoniamnist.npz")
    try NumPyArchive.write(
      [
        "train_images": images(trainingLabels.count, channels: channels), "val_images": images(2, channels: channels),
        "test_images": images(2, channels: channels), "train_labels": labels(trainingLabels), "val_labels": others, "test_labels": others,
      ], to: url)
    return ArraySource(file: url.path, classes: (0..<width).map { "class \($0)" })
  }

  @Test("An archive that is replaced is read anew")
  func replaced() throws {
    let folder = try TemporaryData(), source = try write(folder)
    let reference = ImageReference(URL(fileURLWithPath: source.file), .item(0, array: "train_images"))
    #expect(try reference.read().channels == 1)
    // As an editor or a download does: another file under the same name.
    try FileManager.default.removeItem(atPath: source.file)
    _ = try write(folder, channels: 3)
    #expect(try reference.read().channels == 3)
  }

  @Test("Rows of no labels, of which a small file may say any number, are refused")
  func noLabels() throws {
    let folder = try TemporaryData()
    let empty = NumPyArchive.Array(shape: [1 << 60, 0], bytes: []), url = folder.url.appendingPathComponent("a.npz")
    try NumPyArchive.write(
      [
        "train_images": images(2), "val_images": images(2), "test_images": images(2), "train_labels": empty, "val_labels": empty,
        "test_labels": empty,
      ], to: url)
    let source = ArraySource(file: url.path, classes: ["A"])
    let error = #expect(throws: DatasetsError.self) { try DatasetResolver.resolve(.arrays(source), kind: .binaryClassification) }
    #expect(
      error?.problem == "The array “train_labels” of \(url.path) holds U8 of shape [1152921504606846976, 0], which are no labels.")
  }

  @Test("The built-in task reads a copy of the exact layout: three parts, labels, and each item's own pixels", arguments: [1, 3])
  func reads(channels: Int) throws {
    let folder = try TemporaryData()
    _ = try write(folder, channels: channels)
    let task = try BuiltInTaskCatalog.named("PneumoniaMNIST").specification(root: folder.url.path)
    let splits = try DatasetResolver.resolve(task.data, kind: task.kind)
    #expect(splits.training.map(\.id) == ["train_images/000000", "train_images/000001", "train_images/000002", "train_images/000003"])
    #expect(splits.training.map(\.labels) == [[0], [1], [1], [0]])
    #expect(splits.validation.count == 2 && splits.test.count == 2)
    let picture = try splits.training[2].image.read()
    #expect(picture.width == 6 && picture.height == 4 && picture.channels == channels)
    for index in 0..<24 * channels {
      let (pixel, channel) = (index / channels, index % channels)
      #expect(picture[pixel % 6, pixel / 6, channel] == (2 * 24 * channels + index) * 7 % 256)
    }
    let prepared = try SamplePipeline(recipe: task.recipe, kind: task.kind, stage: .test).load(splits.test[0], seed: SeedPath(1))
    #expect(prepared.imageShape == [10, 3, 32, 32])
  }

  @Test("Several findings an image are several columns")
  func multiLabel() throws {
    let folder = try TemporaryData()
    let source = try write(folder, trainingLabels: [[0, 1, 0], [1, 1, 0], [0, 0, 1]])
    let splits = try DatasetResolver.resolve(.arrays(source), kind: .multiLabelClassification)
    #expect(splits.training.map(\.labels) == [[0, 1, 0], [1, 1, 0], [0, 0, 1]])
  }

  @Test("Numbers of classes become one label a class; numbers without a class and classes without an image are told")
  func numberedClasses() throws {
    let folder = try TemporaryData()
    var source = try write(folder, trainingLabels: [[0], [2], [1], [2]])
    source.classes = ["a", "b", "c"]
    let splits = try DatasetResolver.resolve(.arrays(source), kind: .multiclassClassification)
    #expect(splits.training.map(\.labels) == [[1, 0, 0], [0, 0, 1], [0, 1, 0], [0, 0, 1]])
    #expect(splits.test.map(\.labels) == [[1, 0, 0], [0, 1, 0]] && splits.classNames == source.classes)
    source.classes = ["a", "b"]
    let few = try #require(throws: DatasetsError.self) { try DatasetResolver.resolve(.arrays(source), kind: .multiclassClassification) }
    #expect(few.problem == "The array “train_labels” of \(source.file) has the class 2, and the task names 2, numbered from 0.")
    source.classes = ["a", "b", "c", "d"]
    let many = try #require(throws: DatasetsError.self) { try DatasetResolver.resolve(.arrays(source), kind: .multiclassClassification) }
    #expect(many.description == "None of 8 images is of the class d. Correct the names of the classes, or leave out those that no image has.")
  }

  @Test("One of several classes an image is refused in words; so are other numbers of classes and files that are no archives")
  func refusals() throws {
    let folder = try TemporaryData()
    let source = try write(folder, trainingLabels: [[0], [8], [1]])
    let several = try #require(throws: DatasetsError.self) { try DatasetResolver.resolve(.arrays(source), kind: .binaryClassification) }
    #expect(
      several.description
        == "The array “train_labels” of \(source.file) numbers classes up to 8: each image is of one of several classes. Set `kind: multiclassClassification` and name the classes."
    )
    let other = try TemporaryData()
    var wide = try write(other)
    wide.classes = ["a", "b"]
    let width = try #require(throws: DatasetsError.self) { try DatasetResolver.resolve(.arrays(wide), kind: .multiLabelClassification) }
    #expect(width.problem == "The array “train_labels” of \(wide.file) has 1 label an image, and the task names 2 classes.")
    let third = try TemporaryData(), file = third.url.appendingPathComponent("x.npz")
    try NumPyArchive.write(["images": images(2)], to: file)
    let missing = try #require(throws: DatasetsError.self) {
      try DatasetResolver.resolve(.arrays(ArraySource(file: file.path, classes: ["a"])), kind: .binaryClassification)
    }
    #expect(missing.problem == "The archive \(file.path) has no array “train_images”; it has images.")
  }
}
