/// The class of a torch storage: what its elements are and how many bytes each takes.
struct StorageType: Sendable, Equatable {
  /// As Python names it, as `torch.FloatStorage`.
  var name: String
  /// Nil for types that are not read (quantized numbers) and for untyped storages.
  var elementType: ElementType?
  /// The bytes of one element; nil for a class that is not known.
  var width: Int?

  var isUntyped: Bool { Self.untyped.contains(name) }

  init(_ name: String) {
    self.name = name
    let parts = name.split(separator: ".")
    guard !Self.untyped.contains(name) else {
      width = 1
      return
    }
    guard parts.count == 2 || (parts.count == 3 && parts[1] == "cuda"), parts[0] == "torch", let last = parts.last else { return }
    elementType = Self.elementTypes[String(last)]
    width = elementType?.byteCount ?? Self.otherWidths[String(last)]
  }

  private static let elementTypes: [String: ElementType] = [
    "FloatStorage": .float32, "DoubleStorage": .float64, "HalfStorage": .float16, "BFloat16Storage": .bfloat16,
    "LongStorage": .int64, "IntStorage": .int32, "ShortStorage": .int16, "CharStorage": .int8, "ByteStorage": .uint8,
    "BoolStorage": .bool, "ComplexFloatStorage": .complex64,
  ]
  /// Types that are stepped over.
  private static let otherWidths = [
    "ComplexDoubleStorage": 16, "QInt8Storage": 1, "QUInt8Storage": 1, "QInt32Storage": 4, "QUInt4x2Storage": 1,
    "QUInt2x4Storage": 1,
  ]
  private static let untyped: Set = ["torch.storage.UntypedStorage", "torch.storage._UntypedStorage", "torch.UntypedStorage"]
}

extension ElementType {
  /// The type that a torch dtype names, as `torch.float32`.
  init?(torchType name: String) {
    let types: [String: ElementType] = [
      "torch.float32": .float32, "torch.float64": .float64, "torch.float16": .float16, "torch.bfloat16": .bfloat16,
      "torch.int64": .int64, "torch.int32": .int32, "torch.int16": .int16, "torch.int8": .int8, "torch.uint8": .uint8,
      "torch.uint16": .uint16, "torch.uint32": .uint32, "torch.uint64": .uint64, "torch.bool": .bool,
      "torch.complex64": .complex64, "torch.float8_e4m3fn": .float8e4m3, "torch.float8_e5m2": .float8e5m2,
    ]
    guard let type = types[name] else { return nil }
    self = type
  }

  /// The type that a NumPy type code names, as `f4`.
  init?(numpyCode code: String) {
    let types: [String: ElementType] = [
      "b1": .bool, "u1": .uint8, "i1": .int8, "u2": .uint16, "i2": .int16, "u4": .uint32, "i4": .int32, "u8": .uint64,
      "i8": .int64, "f2": .float16, "f4": .float32, "f8": .float64, "c8": .complex64,
    ]
    guard let type = types[code] else { return nil }
    self = type
  }
}
