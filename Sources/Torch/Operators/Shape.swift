private enum ATen {
  static let reshape = Operator("aten::reshape")
  static let view = Operator("aten::view")
  static let flatten = Operator("aten::flatten.using_ints")
  static let permute = Operator("aten::permute")
  static let transpose = Operator("aten::transpose.int")
  static let squeeze = Operator("aten::squeeze")
  static let squeezeDimension = Operator("aten::squeeze.dim")
  static let unsqueeze = Operator("aten::unsqueeze")
  static let expand = Operator("aten::expand")
  static let repeated = Operator("aten::repeat")
  static let narrow = Operator("aten::narrow")
  static let slice = Operator("aten::slice.Tensor")
  static let select = Operator("aten::select.int")
  static let cat = Operator("aten::cat")
  static let stack = Operator("aten::stack")
  static let split = Operator("aten::split.Tensor")
  static let chunk = Operator("aten::chunk")
  static let unbind = Operator("aten::unbind.int")
  static let pad = Operator("aten::pad")
  static let flip = Operator("aten::flip")
  static let roll = Operator("aten::roll")
}

// Views share the elements where that is possible. A negative dimension counts from the last one.
extension Tensor {
  /// The elements in row-major order under another shape; one size may be −1 and is worked out. Copies if it must.
  public func reshape(_ shape: [Int]) throws -> Tensor { try ATen.reshape(.tensor(self), .integers(shape)) }

  /// As `reshape`, but throws where a copy would be needed.
  public func view(_ shape: [Int]) throws -> Tensor { try ATen.view(.tensor(self), .integers(shape)) }

  /// The dimensions from `start` to `end` inclusive become one.
  public func flatten(from start: Int = 0, to end: Int = -1) throws -> Tensor {
    try ATen.flatten(.tensor(self), .integer(start), .integer(end))
  }

  /// Dimension `order[i]` becomes dimension `i`.
  public func permute(_ order: [Int]) throws -> Tensor { try ATen.permute(.tensor(self), .integers(order)) }

  /// Two dimensions change places.
  public func transpose(_ first: Int, _ second: Int) throws -> Tensor {
    try ATen.transpose(.tensor(self), .integer(first), .integer(second))
  }

  /// Drops the dimensions of size 1.
  public func squeeze() throws -> Tensor { try ATen.squeeze(.tensor(self)) }

  /// Drops that dimension if its size is 1.
  public func squeeze(_ dimension: Int) throws -> Tensor {
    try ATen.squeezeDimension(.tensor(self), .integer(dimension))
  }

  /// A new dimension of size 1 before `dimension`.
  public func unsqueeze(_ dimension: Int) throws -> Tensor { try ATen.unsqueeze(.tensor(self), .integer(dimension)) }

  /// Dimensions of size 1 repeated without a copy; −1 keeps a size.
  public func expand(_ shape: [Int]) throws -> Tensor { try ATen.expand(.tensor(self), .integers(shape)) }

  /// Copies side by side, so many along each dimension.
  public func repeated(_ counts: [Int]) throws -> Tensor { try ATen.repeated(.tensor(self), .integers(counts)) }

  /// `count` places of a dimension, from `start`.
  public func narrow(along dimension: Int, start: Int, count: Int) throws -> Tensor {
    try ATen.narrow(.tensor(self), .integer(dimension), .integer(start), .integer(count))
  }

  /// The places `start`, `start + step`, … before `end`; bounds are clamped, and negative ones count from the end.
  public func slice(along dimension: Int, from start: Int? = nil, to end: Int? = nil, by step: Int = 1) throws -> Tensor {
    try ATen.slice(.tensor(self), .integer(dimension), .optional(start), .optional(end), .integer(step))
  }

  /// One place of a dimension, which goes away.
  public func select(along dimension: Int, index: Int) throws -> Tensor {
    try ATen.select(.tensor(self), .integer(dimension), .integer(index))
  }

  /// Pieces of `size` along a dimension; the last may be smaller.
  public func split(size: Int, along dimension: Int = 0) throws -> [Tensor] {
    try ATen.split.list(.tensor(self), .integer(size), .integer(dimension))
  }

  /// About `count` equal pieces along a dimension.
  public func chunk(_ count: Int, along dimension: Int = 0) throws -> [Tensor] {
    try ATen.chunk.list(.tensor(self), .integer(count), .integer(dimension))
  }

  /// One tensor for each place of a dimension.
  public func unbind(along dimension: Int = 0) throws -> [Tensor] {
    try ATen.unbind.list(.tensor(self), .integer(dimension))
  }

  /// The places of these dimensions in reverse. Copies.
  public func flip(_ dimensions: [Int]) throws -> Tensor { try ATen.flip(.tensor(self), .integers(dimensions)) }

  /// Moves along the dimensions; what leaves at one end comes in at the other.
  public func roll(by shifts: [Int], along dimensions: [Int]) throws -> Tensor {
    try ATen.roll(.tensor(self), .integers(shifts), .integers(dimensions))
  }

  /// What stands outside the tensor.
  public enum Padding: String, Sendable { case constant, reflect, replicate, circular }

  /// Adds places around the last dimensions: `[left, right, top, bottom, …]`, the last dimension first.
  public func pad(_ amounts: [Int], mode: Padding = .constant, value: Double = 0) throws -> Tensor {
    // The other modes refuse a value.
    try ATen.pad(
      .tensor(self), .integers(amounts), .string(mode.rawValue), mode == .constant ? .real(value) : .none)
  }
}

/// The tensors one after the other along a dimension that exists.
public func cat(_ tensors: [Tensor], along dimension: Int = 0) throws -> Tensor {
  try ATen.cat(.tensors(tensors), .integer(dimension))
}

/// The tensors, of one shape, along a new dimension.
public func stack(_ tensors: [Tensor], along dimension: Int = 0) throws -> Tensor {
  try ATen.stack(.tensors(tensors), .integer(dimension))
}
