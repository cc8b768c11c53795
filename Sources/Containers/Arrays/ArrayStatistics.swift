internal import Foundation

/// What an array's numbers look like at a glance: enough to see that weights are weights.
public struct ArrayStatistics: Codable, Hashable, Sendable {
  public let minimum: Double
  public let maximum: Double
  public let mean: Double

  public init(minimum: Double, maximum: Double, mean: Double) {
    self.minimum = minimum
    self.maximum = maximum
    self.mean = mean
  }
}

extension NamedArray {
  /// The elements as numbers, converted without loss (64-bit integers past 2⁵³ are rounded).
  ///
  /// - Throws: `ContainersError` for a type that holds no plain numbers (8-bit floats, complex numbers).
  public func doubles() throws -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(elementCount)
    try forEachElement { values.append($0) }
    return values
  }

  /// Minimum, maximum and mean (summed in float64) of the elements; nil for an empty array.
  ///
  /// - Throws: `ContainersError` when an element is not finite.
  public func statistics() throws -> ArrayStatistics? {
    guard elementCount > 0 else { return nil }
    var found = elementType == .float32 ? Self.extremesAndSum(ofFloats: try bytes()) : nil
    if found == nil {
      var general = (minimum: Double.infinity, maximum: -Double.infinity, sum: 0.0)
      var notFinite = 0
      try forEachElement { value in
        if !value.isFinite { notFinite += 1 }
        general = (min(general.minimum, value), max(general.maximum, value), general.sum + value)
      }
      guard notFinite == 0 else {
        throw ContainersError.badValues("\(notFinite) of the \(elementCount) numbers of \(name) are NaN or infinite")
      }
      found = general
    }
    return found.map { ArrayStatistics(minimum: $0.minimum, maximum: $0.maximum, mean: $0.sum / Double(elementCount)) }
  }

  /// The same for float32 without a call per element, since every network is nearly all float32 and tests run unoptimized;
  /// nil when an element is not finite. The machine is little-endian, as libtorch's are.
  private static func extremesAndSum(ofFloats data: Data) -> (minimum: Double, maximum: Double, sum: Double)? {
    data.withUnsafeBytes { bytes in
      // What was read from a file is aligned; a copy only where it is not.
      if Int(bitPattern: bytes.baseAddress).isMultiple(of: MemoryLayout<Float>.alignment) {
        return extremesAndSum(of: bytes.bindMemory(to: Float.self))
      }
      return [Float](unsafeUninitializedCapacity: bytes.count / 4) { buffer, count in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes.prefix(bytes.count / 4 * 4)))
        count = bytes.count / 4
      }.withUnsafeBufferPointer { extremesAndSum(of: $0) }
    }
  }

  private static func extremesAndSum(of buffer: UnsafeBufferPointer<Float>) -> (minimum: Double, maximum: Double, sum: Double)? {
    guard let pointer = buffer.baseAddress else { return nil }
    var (minimum, maximum, sum, notFinite) = (Float.infinity, -Float.infinity, 0.0, Float(0))
    var index = 0
    let count = buffer.count
    while index < count {
      let value = pointer[index]
      // 0 for a finite number, NaN for any other, and NaN stays.
      notFinite += value * 0
      if value < minimum { minimum = value }
      if value > maximum { maximum = value }
      sum += Double(value)
      index += 1
    }
    return notFinite == 0 ? (Double(minimum), Double(maximum), sum) : nil
  }

  func forEachElement(_ body: (Double) -> Void) throws {
    let data = try bytes()
    try data.withUnsafeBytes { bytes in
      switch elementType {
      case .bool, .uint8: Self.each(bytes, UInt8.self) { body(Double($0)) }
      case .int8: Self.each(bytes, Int8.self) { body(Double($0)) }
      case .uint16: Self.each(bytes, UInt16.self) { body(Double(UInt16(littleEndian: $0))) }
      case .int16: Self.each(bytes, Int16.self) { body(Double(Int16(littleEndian: $0))) }
      case .uint32: Self.each(bytes, UInt32.self) { body(Double(UInt32(littleEndian: $0))) }
      case .int32: Self.each(bytes, Int32.self) { body(Double(Int32(littleEndian: $0))) }
      case .uint64: Self.each(bytes, UInt64.self) { body(Double(UInt64(littleEndian: $0))) }
      case .int64: Self.each(bytes, Int64.self) { body(Double(Int64(littleEndian: $0))) }
      case .float16: Self.each(bytes, UInt16.self) { body(Self.half(UInt16(littleEndian: $0))) }
      case .bfloat16: Self.each(bytes, UInt16.self) { body(Double(Float(bitPattern: UInt32(UInt16(littleEndian: $0)) << 16))) }
      case .float32: Self.each(bytes, UInt32.self) { body(Double(Float(bitPattern: UInt32(littleEndian: $0)))) }
      case .float64: Self.each(bytes, UInt64.self) { body(Double(bitPattern: UInt64(littleEndian: $0))) }
      case .float8e4m3, .float8e5m2, .complex64:
        throw ContainersError.badValues("\(name) is stored as \(elementType.rawValue), which is not converted")
      }
    }
  }

  private static func each<Bits: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer, _: Bits.Type, _ body: (Bits) -> Void) {
    for offset in stride(from: 0, to: bytes.count, by: MemoryLayout<Bits>.size) {
      body(bytes.loadUnaligned(fromByteOffset: offset, as: Bits.self))
    }
  }

  /// IEEE 754 binary16: sign 1, exponent 5 (bias 15), fraction 10 bits.
  private static func half(_ bits: UInt16) -> Double {
    let sign = bits >> 15 == 0 ? 1.0 : -1.0
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = Double(bits & 0x3FF) / 1024
    switch exponent {
    case 0: return sign * fraction * 0x1p-14
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * (1 + fraction) * scalbn(1, exponent - 15)
    }
  }
}
