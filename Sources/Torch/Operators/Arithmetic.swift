private enum ATen {
  static let addTensor = Operator("aten::add.Tensor")
  static let addScalar = Operator("aten::add.Scalar")
  static let subTensor = Operator("aten::sub.Tensor")
  static let subScalar = Operator("aten::sub.Scalar")
  static let rsubScalar = Operator("aten::rsub.Scalar")
  static let mulTensor = Operator("aten::mul.Tensor")
  static let mulScalar = Operator("aten::mul.Scalar")
  static let divTensor = Operator("aten::div.Tensor")
  static let divScalar = Operator("aten::div.Scalar")
  static let divMode = Operator("aten::div.Tensor_mode")
  static let reciprocal = Operator("aten::reciprocal")
  static let neg = Operator("aten::neg")
  static let powScalar = Operator("aten::pow.Tensor_Scalar")
  static let powTensor = Operator("aten::pow.Tensor_Tensor")
  static let remainder = Operator("aten::remainder.Scalar")
  static let maximum = Operator("aten::maximum")
  static let minimum = Operator("aten::minimum")
  static let clamp = Operator("aten::clamp")
  static let addcmul = Operator("aten::addcmul")
  static let addcdiv = Operator("aten::addcdiv")
  static let lerp = Operator("aten::lerp.Scalar")
}

// Two operands; shapes are broadcast and types promoted by PyTorch's rules.
extension Tensor {
  /// `self + alpha · other`
  public func add(_ other: Tensor, alpha: some ScalarValue = 1) throws -> Tensor {
    try ATen.addTensor(.tensor(self), .tensor(other), alpha.argument)
  }

  public func add(_ other: some ScalarValue) throws -> Tensor { try ATen.addScalar(.tensor(self), other.argument) }

  /// `self − alpha · other`
  public func sub(_ other: Tensor, alpha: some ScalarValue = 1) throws -> Tensor {
    try ATen.subTensor(.tensor(self), .tensor(other), alpha.argument)
  }

  public func sub(_ other: some ScalarValue) throws -> Tensor { try ATen.subScalar(.tensor(self), other.argument) }

  public func mul(_ other: Tensor) throws -> Tensor { try ATen.mulTensor(.tensor(self), .tensor(other)) }

  public func mul(_ other: some ScalarValue) throws -> Tensor { try ATen.mulScalar(.tensor(self), other.argument) }

  /// The true quotient: integers become floating point.
  public func div(_ other: Tensor) throws -> Tensor { try ATen.divTensor(.tensor(self), .tensor(other)) }

  public func div(_ other: some ScalarValue) throws -> Tensor { try ATen.divScalar(.tensor(self), other.argument) }

  /// The quotient rounded down; integers stay integers.
  public func floorDiv(_ other: Tensor) throws -> Tensor {
    try ATen.divMode(.tensor(self), .tensor(other), .string("floor"))
  }

  /// The remainder with the sign of the divisor.
  public func remainder(_ divisor: some ScalarValue) throws -> Tensor {
    try ATen.remainder(.tensor(self), divisor.argument)
  }

  public func pow(_ exponent: some ScalarValue) throws -> Tensor {
    try ATen.powScalar(.tensor(self), exponent.argument)
  }

  public func pow(_ exponent: Tensor) throws -> Tensor { try ATen.powTensor(.tensor(self), .tensor(exponent)) }

  public func neg() throws -> Tensor { try ATen.neg(.tensor(self)) }

  /// `1 / self`
  public func reciprocal() throws -> Tensor { try ATen.reciprocal(.tensor(self)) }

  /// The greater of the two at every place.
  public func maximum(_ other: Tensor) throws -> Tensor { try ATen.maximum(.tensor(self), .tensor(other)) }

  /// The lesser of the two at every place.
  public func minimum(_ other: Tensor) throws -> Tensor { try ATen.minimum(.tensor(self), .tensor(other)) }

  /// Every element moved to the nearest bound that it passes.
  public func clamp(min: (any ScalarValue)? = nil, max: (any ScalarValue)? = nil) throws -> Tensor {
    try ATen.clamp(.tensor(self), .optional(min), .optional(max))
  }

  /// `self + value · first · second`
  public func addcmul(_ first: Tensor, _ second: Tensor, value: some ScalarValue = 1) throws -> Tensor {
    try ATen.addcmul(.tensor(self), .tensor(first), .tensor(second), value.argument)
  }

  /// `self + value · first / second`
  public func addcdiv(_ first: Tensor, _ second: Tensor, value: some ScalarValue = 1) throws -> Tensor {
    try ATen.addcdiv(.tensor(self), .tensor(first), .tensor(second), value.argument)
  }

  /// `self + weight · (end − self)`
  public func lerp(_ end: Tensor, weight: Double) throws -> Tensor {
    try ATen.lerp(.tensor(self), .tensor(end), .real(weight))
  }
}

extension Tensor {
  public static func + (left: Tensor, right: Tensor) throws -> Tensor { try left.add(right) }
  public static func + (left: Tensor, right: some ScalarValue) throws -> Tensor { try left.add(right) }
  public static func + (left: some ScalarValue, right: Tensor) throws -> Tensor { try right.add(left) }

  public static func - (left: Tensor, right: Tensor) throws -> Tensor { try left.sub(right) }
  public static func - (left: Tensor, right: some ScalarValue) throws -> Tensor { try left.sub(right) }
  public static func - (left: some ScalarValue, right: Tensor) throws -> Tensor {
    try ATen.rsubScalar(.tensor(right), left.argument)
  }

  public static func * (left: Tensor, right: Tensor) throws -> Tensor { try left.mul(right) }
  public static func * (left: Tensor, right: some ScalarValue) throws -> Tensor { try left.mul(right) }
  public static func * (left: some ScalarValue, right: Tensor) throws -> Tensor { try right.mul(left) }

  public static func / (left: Tensor, right: Tensor) throws -> Tensor { try left.div(right) }
  public static func / (left: Tensor, right: some ScalarValue) throws -> Tensor { try left.div(right) }
  public static func / (left: some ScalarValue, right: Tensor) throws -> Tensor { try right.reciprocal().mul(left) }

  public static prefix func - (operand: Tensor) throws -> Tensor { try operand.neg() }
}
