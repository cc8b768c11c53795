import Containers
package import Foundation
import Foundations
import Imaging
import Synchronization

/// The arrays of a NumPy archive (`.npz`), read item by item. A compressed array is unpacked once, into a temporary file.
package final class ArrayArchive: Sendable {
  private let url: URL
  private let arrays: [String: NamedArray]

  /// Archives that were opened stay open, so that an item costs one read. One that was replaced on disk is opened anew.
  private static let opened = Mutex([String: (signature: FileSignature, archive: ArrayArchive)]())

  package static func shared(_ url: URL) throws -> ArrayArchive {
    let signature = FileSignature(url)
    return try opened.withLock { opened in
      if let known = opened[url.path], known.signature == signature { return known.archive }
      let archive = try ArrayArchive(url)
      opened[url.path] = signature.map { ($0, archive) }
      return archive
    }
  }

  init(_ url: URL) throws {
    self.url = url
    let file = try CheckpointFile.open(url)
    // A file of one array has it under the name “array”.
    guard file.container == .numpyArchive || file.container == .numpyArray else { throw DatasetsError.notAnArchive(url.path, instead: file.container.description) }
    arrays = Dictionary(try file.arrays().map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  var names: [String] { arrays.keys.sorted() }

  func array(_ name: String) throws -> NamedArray {
    guard let array = arrays[name] else { throw DatasetsError.missingArray(name, file: url.path, present: names) }
    return array
  }

  /// Height, width and channels of the items of an array of images.
  package func imageShape(of name: String) throws -> [Int] {
    let array = try array(name), shape = array.shape
    guard array.elementType == .uint8, shape.count == 3 || (shape.count == 4 && [1, 3].contains(shape[3])) else {
      throw DatasetsError.notImages(name, type: array.elementType.rawValue, shape: shape, file: url.path)
    }
    return [shape[1], shape[2], shape.count == 4 ? shape[3] : 1]
  }

  /// One image of an array of bytes: `[items, height, width]` or `[items, height, width, channels]`.
  func item(_ index: Int, of name: String) throws -> PixelBuffer {
    let shape = try imageShape(of: name)
    let bytes = try array(name).item(index)
    return try PixelBuffer(width: shape[1], height: shape[0], channels: shape[2], bitDepth: 8, samples: .bytes([UInt8](bytes)))
  }

  /// The numbers of an array of labels: one row an item.
  func labels(of name: String) throws -> [[Double]] {
    let array = try array(name)
    guard let count = array.shape.first, array.shape.count <= 2, let read = Self.reading(array.elementType) else {
      throw DatasetsError.notLabelArray(name, type: array.elementType.rawValue, shape: array.shape, file: url.path)
    }
    let width = array.shape.count == 2 ? array.shape[1] : 1, size = array.elementType.byteCount
    // Rows of nothing may be any number in a file of any size.
    guard width > 0 else { throw DatasetsError.notLabelArray(name, type: array.elementType.rawValue, shape: array.shape, file: url.path) }
    let bytes = try array.bytes()
    return (0..<count).map { row in (0..<width).map { read(bytes, (row * width + $0) * size) } }
  }

  private static func reading(_ type: ElementType) -> ((Data, Int) -> Double)? {
    func integer<Number: FixedWidthInteger>(_: Number.Type) -> (Data, Int) -> Double {
      { data, offset in data.withUnsafeBytes { Double(Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Number.self))) } }
    }
    switch type {
    case .bool, .uint8: return integer(UInt8.self)
    case .int8: return integer(Int8.self)
    case .int16: return integer(Int16.self)
    case .uint16: return integer(UInt16.self)
    case .int32: return integer(Int32.self)
    case .uint32: return integer(UInt32.self)
    case .int64: return integer(Int64.self)
    case .uint64: return integer(UInt64.self)
    case .float32: return { data, offset in data.withUnsafeBytes { Double($0.loadUnaligned(fromByteOffset: offset, as: Float.self)) } }
    case .float64: return { data, offset in data.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: Double.self) } }
    default: return nil
    }
  }
}

extension DatasetsError {
  static func notAnArchive(_ path: String, instead: String) -> DatasetsError {
    DatasetsError(
      kind: .unsuitableSource, problem: "The file \(path) is \(instead), not a NumPy archive of several arrays.",
      remedy: "Give the .npz file as its publisher ships it.")
  }

  static func missingArray(_ name: String, file: String, present: [String]) -> DatasetsError {
    DatasetsError(
      kind: .missingColumn, problem: "The archive \(file) has no array “\(name)”; it has \(listed(present)).",
      remedy: "Give an archive with train_images, train_labels, val_images, val_labels, test_images and test_labels.")
  }

  static func notImages(_ name: String, type: String, shape: [Int], file: String) -> DatasetsError {
    DatasetsError(
      kind: .unsuitableSource, problem: "The array “\(name)” of \(file) holds \(type) of shape \(shape), which are no images.",
      remedy: "Give bytes of shape [items, height, width] or [items, height, width, 3]; volumes are not read.")
  }

  static func notLabelArray(_ name: String, type: String, shape: [Int], file: String) -> DatasetsError {
    DatasetsError(
      kind: .notALabel, problem: "The array “\(name)” of \(file) holds \(type) of shape \(shape), which are no labels.",
      remedy: "Give numbers 0 and 1 of shape [items, classes].")
  }

  static func neitherLabel(_ number: Double, count: Int, of total: Int, name: String, file: String) -> DatasetsError {
    DatasetsError(
      kind: .notALabel,
      problem:
        "\(count) of \(total) labels in the array “\(name)” of \(file) \(count == 1 ? "is" : "are") neither 0 nor 1, such as \(Int(exactly: number).map(String.init) ?? "\(number)").",
      remedy: "Write 0 or 1 for each image and class; an image whose label is not known belongs in a manifest, where a field may be empty.")
  }

  static func unequalArrays(_ images: Int, _ labels: Int, part: String, file: String) -> DatasetsError {
    DatasetsError(
      kind: .missingLabels, problem: "The archive \(file) has \(images) images and \(labels) labels for \(part).",
      remedy: "Get the archive again from its source.")
  }

  static func labelWidth(_ width: Int, classes: Int, name: String, file: String) -> DatasetsError {
    DatasetsError(
      kind: .missingLabels,
      problem: "The array “\(name)” of \(file) has \(counted(width, "label")) an image, and the task names \(classes == 1 ? "1 class" : "\(classes) classes").",
      remedy: "Name as many classes as the array has columns.")
  }

  static func notClassNumbers(_ width: Int, name: String, file: String) -> DatasetsError {
    DatasetsError(
      kind: .missingLabels, problem: "The array “\(name)” of \(file) has \(counted(width, "label")) an image, where the number of one class is wanted.",
      remedy: "Set `kind: multiLabelClassification`, or give an archive with labels of shape [items, 1].")
  }

  static func unknownClassNumber(_ number: Double, classes: Int, name: String, file: String) -> DatasetsError {
    let number = Int(exactly: number).map(String.init) ?? "\(number)"
    return DatasetsError(
      kind: .notALabel, problem: "The array “\(name)” of \(file) has the class \(number), and the task names \(classes), numbered from 0.",
      remedy: "Name as many classes as the array numbers.")
  }

  static func oneOfManyClasses(highest: Int, name: String, file: String) -> DatasetsError {
    DatasetsError(
      kind: .notALabel,
      problem: "The array “\(name)” of \(file) numbers classes up to \(highest): each image is of one of several classes.",
      remedy: "Set `kind: multiclassClassification` and name the classes.")
  }
}
