internal import CTorch

private enum ATen {
  static let zeros = Operator("aten::zeros")
  static let ones = Operator("aten::ones")
  static let empty = Operator("aten::empty.memory_format")
  static let full = Operator("aten::full")
  static let arange = Operator("aten::arange.start_step")
  static let linspace = Operator("aten::linspace")
  static let eye = Operator("aten::eye")
  static let zerosLike = Operator("aten::zeros_like")
  static let onesLike = Operator("aten::ones_like")
  static let emptyLike = Operator("aten::empty_like")
  static let fullLike = Operator("aten::full_like")
}

// Tensors from a rule. In every schema `none` after the scalar type stands for the layout: strided.
extension Tensor {
  public static func zeros(_ shape: [Int], type: ScalarType = .float32, device: Device = .cpu) throws -> Tensor {
    try ATen.zeros(.integers(shape), .scalarType(type), .none, .device(device))
  }

  public static func ones(_ shape: [Int], type: ScalarType = .float32, device: Device = .cpu) throws -> Tensor {
    try ATen.ones(.integers(shape), .scalarType(type), .none, .device(device))
  }

  /// Memory that is not set to anything; `pinned` memory is copied to a GPU without stopping the CPU.
  public static func empty(
    _ shape: [Int], type: ScalarType = .float32, device: Device = .cpu, memoryFormat: MemoryFormat = .contiguous,
    pinned: Bool = false
  ) throws -> Tensor {
    try ATen.empty(
      .integers(shape), .scalarType(type), .none, .device(device), .boolean(pinned), .memoryFormat(memoryFormat))
  }

  public static func full(
    _ shape: [Int], value: some ScalarValue, type: ScalarType = .float32, device: Device = .cpu
  ) throws -> Tensor {
    try ATen.full(.integers(shape), value.argument, .scalarType(type), .none, .device(device))
  }

  /// `start, start + step, …`, all less than `end`.
  public static func arange(
    from start: some ScalarValue = 0, to end: some ScalarValue, by step: some ScalarValue = 1,
    type: ScalarType = .int64, device: Device = .cpu
  ) throws -> Tensor {
    try ATen.arange(start.argument, end.argument, step.argument, .scalarType(type), .none, .device(device))
  }

  /// `count` numbers at equal distances, from `start` to `end` inclusive.
  public static func linspace(
    from start: Double, to end: Double, count: Int, type: ScalarType = .float32, device: Device = .cpu
  ) throws -> Tensor {
    try ATen.linspace(.real(start), .real(end), .integer(count), .scalarType(type), .none, .device(device))
  }

  /// The identity matrix, `[size, size]`.
  public static func identity(_ size: Int, type: ScalarType = .float32, device: Device = .cpu) throws -> Tensor {
    try ATen.eye(.integer(size), .scalarType(type), .none, .device(device))
  }

  /// Of the shape, type, device and memory format of this one.
  public func zerosLike() throws -> Tensor { try ATen.zerosLike(.tensor(self)) }

  public func onesLike() throws -> Tensor { try ATen.onesLike(.tensor(self)) }

  public func emptyLike() throws -> Tensor { try ATen.emptyLike(.tensor(self)) }

  public func fullLike(_ value: some ScalarValue) throws -> Tensor {
    try ATen.fullLike(.tensor(self), value.argument)
  }
}

// Tensors from values in memory.
extension Tensor {
  /// A tensor of a copy of `bytes`, which are the elements in row-major order.
  ///
  /// - Throws: `TorchError` of kind `invalidArgument` unless there are as many bytes as the shape takes.
  public static func fromBytes(
    _ bytes: UnsafeRawBufferPointer, shape: [Int], type: ScalarType, pinned: Bool = false
  ) throws -> Tensor {
    try Tensor(owning: copy(of: bytes, shape: shape, type: type, pinned: pinned))
  }

  /// Copies `values`; `shape` is one dimension unless given.
  ///
  /// - Throws: `TorchError` of kind `invalidArgument` unless there is one value for each element.
  public convenience init(_ values: [Float], shape: [Int]? = nil, device: Device = .cpu) throws {
    try self.init(values, shape: shape, type: .float32, device: device)
  }

  public convenience init(_ values: [Double], shape: [Int]? = nil, device: Device = .cpu) throws {
    try self.init(values, shape: shape, type: .float64, device: device)
  }

  public convenience init(_ values: [Int64], shape: [Int]? = nil, device: Device = .cpu) throws {
    try self.init(values, shape: shape, type: .int64, device: device)
  }

  public convenience init(_ values: [Int32], shape: [Int]? = nil, device: Device = .cpu) throws {
    try self.init(values, shape: shape, type: .int32, device: device)
  }

  public convenience init(_ values: [UInt8], shape: [Int]? = nil, device: Device = .cpu) throws {
    try self.init(values, shape: shape, type: .uint8, device: device)
  }

  public convenience init(_ values: [Bool], shape: [Int]? = nil, device: Device = .cpu) throws {
    try self.init(values.map { $0 ? UInt8(1) : 0 }, shape: shape, type: .bool, device: device)
  }

  /// A tensor without dimensions.
  public static func scalar(_ value: Double, type: ScalarType = .float32, device: Device = .cpu) throws -> Tensor {
    try full([], value: value, type: type, device: device)
  }

  private convenience init<Element: BitwiseCopyable>(
    _ values: [Element], shape: [Int]?, type: ScalarType, device: Device
  ) throws {
    let shape = shape ?? [values.count]
    guard shape.allSatisfy({ $0 >= 0 }), shape.reduce(1, *) == values.count else {
      throw TorchError.wrongCount(values.count, shape: shape)
    }
    let onCPU = try values.withUnsafeBytes { try Tensor.copy(of: $0, shape: shape, type: type, pinned: false) }
    if device == .cpu {
      try self.init(owning: onCPU)
    } else {
      // The handle of the moved tensor gets a second owner, since an initializer cannot return another object.
      let moved = try Tensor(owning: onCPU).to(device: device)
      try self.init(owning: ct_tensor_retain(moved.handle))
    }
  }

  private static func copy(
    of bytes: UnsafeRawBufferPointer, shape: [Int], type: ScalarType, pinned: Bool
  ) throws -> ct_tensor {
    var made: ct_tensor?
    let sizes = shape.map { Int64($0) }
    let status = ct_tensor_from_bytes(
      bytes.baseAddress, Int64(bytes.count), sizes, Int64(sizes.count), type.rawValue, pinned, &made)
    guard status == CT_OK, let made else {
      throw TorchError.last(status, in: "a tensor \(type)\(shape) from \(bytes.count) bytes")
    }
    return made
  }
}
