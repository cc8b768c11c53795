internal import CTorch
public import Foundation

private enum ATen {
  static let item = Operator("aten::item")
}

// Elements as Swift values. Reading from a GPU waits for it.
extension Tensor {
  /// The one element, whatever its type.
  ///
  /// - Throws: `TorchError` of kind `operatorFailed` when there is not exactly one.
  public func item() throws -> Double { try ATen.item.number(.tensor(self)) }

  /// The one element of a tensor of integers or truth values.
  public func integerItem() throws -> Int { try ATen.item.integer(.tensor(self)) }

  /// The elements in row-major order, rounded to single precision where they are finer.
  public func floats() throws -> [Float] {
    try (scalarType == .float32 ? self : to(type: .float32)).elements(zero: 0)
  }

  /// The elements in row-major order.
  public func doubles() throws -> [Double] {
    try (scalarType == .float64 ? self : to(type: .float64)).elements(zero: 0)
  }

  /// The elements of a tensor of integers or truth values, in row-major order.
  ///
  /// - Throws: `TorchError` of kind `invalidType` for a floating-point tensor.
  public func integers() throws -> [Int64] {
    if scalarType.isFloatingPoint { throw TorchError.notIntegers(scalarType) }
    return try (scalarType == .int64 ? self : to(type: .int64)).elements(zero: 0)
  }

  /// Truth values in row-major order; every number but zero is true.
  public func booleans() throws -> [Bool] {
    let bytes: [UInt8] = try (scalarType == .bool ? self : to(type: .bool)).elements(zero: 0)
    return bytes.map { $0 != 0 }
  }

  /// The elements as they are, in row-major order.
  public func bytes() throws -> Data {
    var data = Data(count: byteCount)
    try data.withUnsafeMutableBytes { try copyBytes(to: $0) }
    return data
  }

  /// Writes the elements in row-major order to memory of exactly their size.
  public func copyBytes(to destination: UnsafeMutableRawBufferPointer) throws {
    try check(
      ct_tensor_to_bytes(handle, destination.baseAddress, Int64(destination.count)), "reading the bytes of \(self)")
  }

  private func elements<Element: BitwiseCopyable>(zero: Element) throws -> [Element] {
    var values = [Element](repeating: zero, count: elementCount)
    try values.withUnsafeMutableBytes { try copyBytes(to: $0) }
    return values
  }
}
