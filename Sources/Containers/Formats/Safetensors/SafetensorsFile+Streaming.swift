public import Foundation
internal import Foundations

extension SafetensorsFile {
  /// Writes a file of one float32 array whose rows are made one after the other, so that it need not fit into memory. It is
  /// there whole or not at all.
  ///
  /// - Parameters:
  ///   - shape: of the whole array; known before the first row is made.
  ///   - fill: gives the elements, row-major, in as many pieces as it likes.
  /// - Throws: `ContainersError` where `fill` gives more or fewer elements than the shape has, and what `fill` throws.
  public static func write(
    _ name: String, shape: [Int], metadata: [String: String] = [:], to url: URL,
    fill: (_ append: ([Float]) throws -> Void) throws -> Void
  ) throws {
    guard let count = Extent.elementCount(shape), let byteCount = Extent.product(count, ElementType.float32.byteCount) else {
      throw ContainersError.inconsistentArray(name, "its shape \(shape) is not possible")
    }
    let promised = try NamedArray(
      name: name, elementType: .float32, shape: shape, source: PromisedBytes(byteCount: byteCount), byteOffset: 0, strides: nil)
    let header = try header(for: [promised], layout: [promised], metadata: metadata)
    try AtomicFile.write(to: url) { writer in
      try writer.write(header)
      var written = 0
      try fill { values in
        written += values.count
        // The machine is little-endian, as libtorch's are.
        try values.withUnsafeBytes { try writer.write($0) }
      }
      guard written == count else {
        throw ContainersError.inconsistentArray(name, "a shape of \(shape) has \(count) elements, but \(written) came")
      }
    }
  }
}

/// Stands for bytes that are still to be made: a header needs their number only.
private struct PromisedBytes: ByteSource {
  let byteCount: Int

  func read(offset _: Int, count: Int) throws -> Data {
    throw ContainersError.truncated(needed: "\(count) bytes", available: 0)
  }
}
