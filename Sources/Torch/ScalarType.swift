/// The type of a tensor's elements. The raw value is libtorch's own number.
public enum ScalarType: Int32, Sendable, Hashable, CaseIterable, CustomStringConvertible {
  case uint8 = 0
  case int8 = 1
  case int16 = 2
  case int32 = 3
  case int64 = 4
  case float16 = 5
  case float32 = 6
  case float64 = 7
  case bool = 11
  case bfloat16 = 15

  /// Bytes per element.
  public var byteCount: Int {
    switch self {
    case .uint8, .int8, .bool: 1
    case .int16, .float16, .bfloat16: 2
    case .int32, .float32: 4
    case .int64, .float64: 8
    }
  }

  /// Whether gradients can flow through it.
  public var isFloatingPoint: Bool {
    switch self {
    case .float16, .float32, .float64, .bfloat16: true
    case .uint8, .int8, .int16, .int32, .int64, .bool: false
    }
  }

  /// The name in a safetensors header, such as `F32`.
  public var safetensorsName: String {
    switch self {
    case .uint8: "U8"
    case .int8: "I8"
    case .int16: "I16"
    case .int32: "I32"
    case .int64: "I64"
    case .float16: "F16"
    case .float32: "F32"
    case .float64: "F64"
    case .bool: "BOOL"
    case .bfloat16: "BF16"
    }
  }

  /// The scalar type of that name in a safetensors header, or nil.
  public init?(safetensorsName: String) {
    guard let found = ScalarType.allCases.first(where: { $0.safetensorsName == safetensorsName }) else { return nil }
    self = found
  }

  /// The name as PyTorch writes it, such as `float32`.
  public var description: String {
    switch self {
    case .uint8: "uint8"
    case .int8: "int8"
    case .int16: "int16"
    case .int32: "int32"
    case .int64: "int64"
    case .float16: "float16"
    case .float32: "float32"
    case .float64: "float64"
    case .bool: "bool"
    case .bfloat16: "bfloat16"
    }
  }
}

/// How a tensor of shape `[batch, channels, height, width]` lies in memory. The raw value is libtorch's own number.
public enum MemoryFormat: Int32, Sendable, Hashable {
  /// Row-major: width changes fastest.
  case contiguous = 0
  /// As the source has it.
  case preserve = 1
  /// Channels change fastest; the layout in which convolutions of bfloat16 are fastest on CPU and GPU.
  case channelsLast = 2
}
