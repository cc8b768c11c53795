internal import Foundations

/// Samples of the type that a medical file stores, in host byte order.
public enum StoredSamples: Sendable, Equatable {
  case uint8([UInt8])
  case int8([Int8])
  case uint16([UInt16])
  case int16([Int16])
  case uint32([UInt32])
  case int32([Int32])
  case uint64([UInt64])
  case int64([Int64])
  case float32([Float])
  case float64([Double])

  /// NumPy's name of the type.
  public var typeName: String {
    switch self {
    case .uint8: return "uint8"
    case .int8: return "int8"
    case .uint16: return "uint16"
    case .int16: return "int16"
    case .uint32: return "uint32"
    case .int32: return "int32"
    case .uint64: return "uint64"
    case .int64: return "int64"
    case .float32: return "float32"
    case .float64: return "float64"
    }
  }

  public var count: Int {
    switch self {
    case .uint8(let values): return values.count
    case .int8(let values): return values.count
    case .uint16(let values): return values.count
    case .int16(let values): return values.count
    case .uint32(let values): return values.count
    case .int32(let values): return values.count
    case .uint64(let values): return values.count
    case .int64(let values): return values.count
    case .float32(let values): return values.count
    case .float64(let values): return values.count
    }
  }

  /// Calls `body` with the samples' memory: little endian on every machine that this runs on.
  public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    switch self {
    case .uint8(let values): return try values.withUnsafeBytes(body)
    case .int8(let values): return try values.withUnsafeBytes(body)
    case .uint16(let values): return try values.withUnsafeBytes(body)
    case .int16(let values): return try values.withUnsafeBytes(body)
    case .uint32(let values): return try values.withUnsafeBytes(body)
    case .int32(let values): return try values.withUnsafeBytes(body)
    case .uint64(let values): return try values.withUnsafeBytes(body)
    case .int64(let values): return try values.withUnsafeBytes(body)
    case .float32(let values): return try values.withUnsafeBytes(body)
    case .float64(let values): return try values.withUnsafeBytes(body)
    }
  }

  /// Every sample through a function of its value.
  func map(_ transform: (Double) -> Float) -> [Float] {
    switch self {
    case .uint8(let values): return tabulated(values, transform)
    case .int8(let values): return tabulated(values, transform)
    case .uint16(let values): return tabulated(values, transform)
    case .int16(let values): return tabulated(values, transform)
    case .uint32(let values): return values.map { transform(Double($0)) }
    case .int32(let values): return values.map { transform(Double($0)) }
    case .uint64(let values): return values.map { transform(Double($0)) }
    case .int64(let values): return values.map { transform(Double($0)) }
    case .float32(let values): return values.map { transform(Double($0)) }
    case .float64(let values): return values.map(transform)
    }
  }

  /// The least and the greatest finite value, or nil where there is none; values that `isLeftOut` names do not count.
  func range(leavingOut isLeftOut: ((Double) -> Bool)? = nil) -> ClosedRange<Double>? {
    func integers<Value: FixedWidthInteger>(_ values: [Value]) -> ClosedRange<Double>? {
      if let isLeftOut { return reals(values.lazy.map { Double($0) }.filter { !isLeftOut($0) }) }
      var (least, greatest) = (Value.max, Value.min)
      for value in values {
        least = min(least, value)
        greatest = max(greatest, value)
      }
      return least <= greatest ? Double(least)...Double(greatest) : nil
    }
    func reals(_ values: some Sequence<Double>) -> ClosedRange<Double>? {
      var (least, greatest) = (Double.infinity, -Double.infinity)
      for value in values where value.isFinite && isLeftOut?(value) != true {
        least = min(least, value)
        greatest = max(greatest, value)
      }
      return least <= greatest ? least...greatest : nil
    }
    switch self {
    case .uint8(let values): return integers(values)
    case .int8(let values): return integers(values)
    case .uint16(let values): return integers(values)
    case .int16(let values): return integers(values)
    case .uint32(let values): return integers(values)
    case .int32(let values): return integers(values)
    case .uint64(let values): return integers(values)
    case .int64(let values): return integers(values)
    case .float32(let values): return reals(values.lazy.map { Double($0) })
    case .float64(let values): return reals(values)
    }
  }

  /// A remark where some are NaN or infinite.
  var notFiniteRemark: ImageRemark? {
    let bad: Int
    switch self {
    case .float32(let values): bad = values.count { !$0.isFinite }
    case .float64(let values): bad = values.count { !$0.isFinite }
    default: return nil
    }
    return .notFinite(bad, of: count)
  }

  /// The SHA-256 of the samples' little-endian bytes, which equals that of NumPy's `tobytes()`.
  public var sha256Hex: String {
    let hasher = Digest.Hasher()
    withBytes { hasher.update($0) }
    return hasher.finalizeHex()
  }
}

/// Of short integers every value is computed once.
private func tabulated<Value: FixedWidthInteger>(_ values: [Value], _ transform: (Double) -> Float) -> [Float] {
  let valueCount = 1 << Value.bitWidth
  guard values.count > valueCount else { return values.map { transform(Double($0)) } }
  let first = Int(Value.min)
  let table = (0..<valueCount).map { transform(Double($0 + first)) }
  return table.withUnsafeBufferPointer { table in values.map { table[Int($0) - first] } }
}
