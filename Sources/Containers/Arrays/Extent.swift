internal import Foundation

/// Arithmetic of shapes and strides that cannot overflow: every function gives nil for what does not fit.
enum Extent {
  /// More dimensions than any library's tensors have; a bound against hostile files.
  static let maximumRank = 64

  static func product(_ first: Int, _ second: Int) -> Int? {
    let (result, overflow) = first.multipliedReportingOverflow(by: second)
    return overflow ? nil : result
  }

  /// The number of elements; nil for a negative size, an overflow or too many dimensions.
  static func elementCount(_ shape: [Int]) -> Int? {
    guard shape.count <= maximumRank, shape.allSatisfy({ $0 >= 0 }) else { return nil }
    if shape.contains(0) { return 0 }
    var count = 1
    for size in shape {
      guard let next = product(count, size) else { return nil }
      count = next
    }
    return count
  }

  /// How many stored elements a strided array reaches over: Σ (sizeᵢ − 1)·strideᵢ + 1, and 0 for an empty array.
  static func span(shape: [Int], strides: [Int]) -> Int? {
    guard shape.count == strides.count, strides.allSatisfy({ $0 >= 0 }), let count = elementCount(shape) else { return nil }
    if count == 0 { return 0 }
    var last = 0
    for (size, stride) in zip(shape, strides) {
      guard let step = product(size - 1, stride) else { return nil }
      let (next, overflow) = last.addingReportingOverflow(step)
      guard !overflow else { return nil }
      last = next
    }
    let (span, overflow) = last.addingReportingOverflow(1)
    return overflow ? nil : span
  }

  /// True when the strides are those of a dense row-major array. The stride of a dimension of size 1 does not matter.
  static func isDense(shape: [Int], strides: [Int]) -> Bool {
    guard shape.count == strides.count, let count = elementCount(shape) else { return false }
    if count == 0 { return true }
    var expected = 1
    for (size, stride) in zip(shape, strides).reversed() {
      if size != 1 && stride != expected { return false }
      expected *= size
    }
    return true
  }

  /// The strides of a dense array whose first dimension varies fastest. The caller has checked `elementCount(_:)`.
  static func fortranStrides(_ shape: [Int]) -> [Int] {
    guard !shape.contains(0) else { return [Int](repeating: 1, count: shape.count) }
    var strides: [Int] = []
    var next = 1
    for size in shape {
      strides.append(next)
      next *= size
    }
    return strides
  }

  /// Copies a strided array, whose bytes are `stored` from its first element to its last, into a dense one.
  ///
  /// The caller has checked `span(shape:strides:)` against the size of `stored`.
  static func gather(_ stored: Data, shape: [Int], strides: [Int], width: Int) -> Data {
    guard let count = elementCount(shape), count > 0, let innerSize = shape.last, let innerStride = strides.last else {
      return stored
    }
    var dense = Data(count: count * width)
    dense.withUnsafeMutableBytes { target in
      stored.withUnsafeBytes { source in
        var index = [Int](repeating: 0, count: shape.count)
        var written = 0
        var offset = 0
        while written < count {
          // Neighbors that are stored next to each other are copied at once.
          let run = innerStride == 1 ? innerSize : 1
          for step in stride(from: 0, to: innerSize, by: run) {
            let from = (offset + step * innerStride) * width
            target.baseAddress?.advanced(by: written * width)
              .copyMemory(from: UnsafeRawPointer(source.baseAddress.unsafelyUnwrapped).advanced(by: from), byteCount: run * width)
            written += run
          }
          var dimension = shape.count - 2
          while dimension >= 0 {
            index[dimension] += 1
            offset += strides[dimension]
            if index[dimension] < shape[dimension] { break }
            offset -= strides[dimension] * shape[dimension]
            index[dimension] = 0
            dimension -= 1
          }
        }
      }
    }
    return dense
  }
}
