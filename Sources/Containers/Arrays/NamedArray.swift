public import Foundation

/// An array of a checkpoint: its name, element type and shape, and where its bytes are. The bytes are read on request.
public struct NamedArray: Sendable {
  public let name: String
  public let elementType: ElementType
  /// Outermost dimension first; empty for a single number.
  public let shape: [Int]
  public let elementCount: Int
  let source: any ByteSource
  /// Where the first element is, in bytes from the start of `source`.
  let byteOffset: Int
  /// The distance in elements between neighbors of each dimension, or nil when the elements are dense and row-major.
  let strides: [Int]?

  /// The largest dense copy, in bytes, of an array that repeats stored elements.
  static let broadcastLimit = 64 << 20

  /// The size of the dense array in bytes.
  public var byteCount: Int { elementCount * elementType.byteCount }

  /// An array in memory.
  ///
  /// - Parameter bytes: dense, row-major, little-endian.
  /// - Throws: `ContainersError` when the shape does not fit the bytes.
  public init(name: String, elementType: ElementType, shape: [Int], bytes: Data) throws {
    try self.init(
      name: name, elementType: elementType, shape: shape, source: MemoryByteSource(data: bytes), byteOffset: 0,
      strides: nil)
    guard byteCount == bytes.count else {
      throw ContainersError.inconsistentArray(
        name, "a shape of \(shape) in \(elementType.rawValue) takes \(byteCount) bytes, but there are \(bytes.count)")
    }
  }

  /// Checks that every element lies within the source; nothing in the arithmetic can overflow.
  init(
    name: String, elementType: ElementType, shape: [Int], source: any ByteSource, byteOffset: Int, strides: [Int]?
  ) throws {
    guard let elementCount = Extent.elementCount(shape),
      let span = strides.map({ Extent.span(shape: shape, strides: $0) }) ?? elementCount,
      let bytes = Extent.product(span, elementType.byteCount), Extent.product(elementCount, elementType.byteCount) != nil
    else { throw ContainersError.inconsistentArray(name, "its shape \(shape) is not possible") }
    guard byteOffset >= 0, byteOffset <= source.byteCount, bytes <= source.byteCount - byteOffset else {
      throw ContainersError.inconsistentArray(
        name, "it needs \(bytes) bytes at offset \(byteOffset), but its storage has \(source.byteCount)")
    }
    self.name = name
    self.elementType = elementType
    self.shape = shape
    self.elementCount = elementCount
    self.source = source
    self.byteOffset = byteOffset
    // A dimension of size 1 is never stepped over, and its stride may be any number: 0 keeps it out of all sums.
    self.strides = strides.flatMap { strides in
      Extent.isDense(shape: shape, strides: strides) ? nil : zip(shape, strides).map { $0 == 1 ? 0 : $1 }
    }
  }

  /// The same array under another name.
  public func renamed(_ name: String) -> NamedArray { NamedArray(name, of: self) }

  /// The same array with its axes in another order: axis `i` of the result is axis `order[i]` of this. Nothing is read.
  ///
  /// - Throws: `ContainersError` when `order` does not name every axis once.
  public func permuted(_ order: [Int]) throws -> NamedArray {
    guard order.sorted() == Array(shape.indices) else {
      throw ContainersError.inconsistentArray(name, "its shape \(shape) has no axes \(order)")
    }
    let steps = strides ?? Extent.denseStrides(shape)
    return try NamedArray(
      name: name, elementType: elementType, shape: order.map { shape[$0] }, source: source, byteOffset: byteOffset,
      strides: order.map { steps[$0] })
  }

  /// The same array without the axes of size 1. Nothing is read.
  public func squeezed() throws -> NamedArray {
    let steps = strides ?? Extent.denseStrides(shape)
    let kept = shape.indices.filter { shape[$0] != 1 }
    return try NamedArray(
      name: name, elementType: elementType, shape: kept.map { shape[$0] }, source: source, byteOffset: byteOffset,
      strides: kept.map { steps[$0] })
  }

  private init(_ name: String, of other: NamedArray) {
    self.name = name
    elementType = other.elementType
    shape = other.shape
    elementCount = other.elementCount
    source = other.source
    byteOffset = other.byteOffset
    strides = other.strides
  }

  /// One item along the first axis, dense, row-major and little-endian, read from the file now without the others.
  ///
  /// - Throws: `ContainersError` also where the array has no such item, or its items do not lie one behind the other.
  public func item(_ index: Int) throws -> Data {
    guard let count = shape.first, (0..<count).contains(index) else {
      throw ContainersError.inconsistentArray(name, "its shape \(shape) has no item \(index)")
    }
    guard strides == nil else { throw ContainersError.inconsistentArray(name, "it is in Fortran's order, whose items lie scattered") }
    let size = byteCount / count
    return try source.read(offset: byteOffset + index * size, count: size)
  }

  /// The elements, dense, row-major and little-endian, read from the file now.
  public func bytes() throws -> Data {
    guard let strides else { return try source.read(offset: byteOffset, count: byteCount) }
    // A broadcast view (stride 0) has many elements in few bytes: bound what a small file can ask for.
    guard byteCount <= max(source.byteCount, Self.broadcastLimit) else {
      throw ContainersError.inconsistentArray(
        name, "it repeats the elements of a small storage \(elementCount) times over")
    }
    guard let span = Extent.span(shape: shape, strides: strides) else {
      throw ContainersError.inconsistentArray(name, "its shape \(shape) is not possible")
    }
    let stored = try source.read(offset: byteOffset, count: span * elementType.byteCount)
    return Extent.gather(stored, shape: shape, strides: strides, width: elementType.byteCount)
  }
}

extension Extent {
  /// The strides of a dense row-major array whose number of elements is known not to overflow.
  static func denseStrides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] &* max(shape[axis + 1], 1) }
    return strides
  }
}
