private enum ATen {
  static let to = Operator("aten::to.dtype_layout")
  static let contiguous = Operator("aten::contiguous")
  static let clone = Operator("aten::clone")
  static let detach = Operator("aten::detach")
  static let copy = Operator("aten::copy_")
  static let pinMemory = Operator("aten::pin_memory")
}

extension Tensor {
  /// The tensor in another type, on another device, or in another layout; itself where nothing changes.
  ///
  /// From pinned memory to a GPU, `nonBlocking` comes back before the copy is done.
  public func to(
    type: ScalarType? = nil, device: Device? = nil, memoryFormat: MemoryFormat? = nil, nonBlocking: Bool = false,
    copy: Bool = false
  ) throws -> Tensor {
    try ATen.to(
      .tensor(self), .optional(type), .none, .optional(device), .none, .boolean(nonBlocking), .boolean(copy),
      .optional(memoryFormat))
  }

  /// The tensor in that memory format; itself where it has it.
  public func contiguous(_ format: MemoryFormat = .contiguous) throws -> Tensor {
    try ATen.contiguous(.tensor(self), .memoryFormat(format))
  }

  /// A copy, through which gradients flow.
  public func clone(memoryFormat: MemoryFormat = .preserve) throws -> Tensor {
    try ATen.clone(.tensor(self), .memoryFormat(memoryFormat))
  }

  /// The same elements, cut off from the recording.
  public func detach() throws -> Tensor { try ATen.detach(.tensor(self)) }

  /// Writes the elements of `source`, broadcast and converted, over its own.
  @discardableResult
  public func copy(from source: Tensor, nonBlocking: Bool = false) throws -> Tensor {
    try ATen.copy.run(.tensor(self), .tensor(source), .boolean(nonBlocking))
    return self
  }

  /// A copy in memory that a GPU can read by itself. Needs CUDA.
  public func pinned() throws -> Tensor { try ATen.pinMemory(.tensor(self)) }
}
