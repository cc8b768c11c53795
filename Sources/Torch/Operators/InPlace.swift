private enum ATen {
  static let addTensor = Operator("aten::add_.Tensor")
  static let addScalar = Operator("aten::add_.Scalar")
  static let subTensor = Operator("aten::sub_.Tensor")
  static let mulTensor = Operator("aten::mul_.Tensor")
  static let mulScalar = Operator("aten::mul_.Scalar")
  static let divTensor = Operator("aten::div_.Tensor")
  static let divScalar = Operator("aten::div_.Scalar")
  static let addcmul = Operator("aten::addcmul_")
  static let addcdiv = Operator("aten::addcdiv_")
  static let lerp = Operator("aten::lerp_.Scalar")
  static let clamp = Operator("aten::clamp_")
  static let fill = Operator("aten::fill_.Scalar")
  static let zero = Operator("aten::zero_")
}

// These write over the tensor and give it back. A leaf that requires a gradient allows it only in `withoutGradient`.
extension Tensor {
  /// Adds `alpha · other`.
  @discardableResult
  public func addInPlace(_ other: Tensor, alpha: some ScalarValue = 1) throws -> Tensor {
    try ATen.addTensor.run(.tensor(self), .tensor(other), alpha.argument)
    return self
  }

  @discardableResult
  public func addInPlace(_ other: some ScalarValue) throws -> Tensor {
    try ATen.addScalar.run(.tensor(self), other.argument)
    return self
  }

  /// Subtracts `alpha · other`.
  @discardableResult
  public func subInPlace(_ other: Tensor, alpha: some ScalarValue = 1) throws -> Tensor {
    try ATen.subTensor.run(.tensor(self), .tensor(other), alpha.argument)
    return self
  }

  @discardableResult
  public func mulInPlace(_ other: Tensor) throws -> Tensor {
    try ATen.mulTensor.run(.tensor(self), .tensor(other))
    return self
  }

  @discardableResult
  public func mulInPlace(_ other: some ScalarValue) throws -> Tensor {
    try ATen.mulScalar.run(.tensor(self), other.argument)
    return self
  }

  @discardableResult
  public func divInPlace(_ other: Tensor) throws -> Tensor {
    try ATen.divTensor.run(.tensor(self), .tensor(other))
    return self
  }

  @discardableResult
  public func divInPlace(_ other: some ScalarValue) throws -> Tensor {
    try ATen.divScalar.run(.tensor(self), other.argument)
    return self
  }

  /// Adds `value · first · second`.
  @discardableResult
  public func addcmulInPlace(_ first: Tensor, _ second: Tensor, value: some ScalarValue = 1) throws -> Tensor {
    try ATen.addcmul.run(.tensor(self), .tensor(first), .tensor(second), value.argument)
    return self
  }

  /// Adds `value · first / second`.
  @discardableResult
  public func addcdivInPlace(_ first: Tensor, _ second: Tensor, value: some ScalarValue = 1) throws -> Tensor {
    try ATen.addcdiv.run(.tensor(self), .tensor(first), .tensor(second), value.argument)
    return self
  }

  /// Moves by `weight` of the way to `end`.
  @discardableResult
  public func lerpInPlace(_ end: Tensor, weight: Double) throws -> Tensor {
    try ATen.lerp.run(.tensor(self), .tensor(end), .real(weight))
    return self
  }

  @discardableResult
  public func clampInPlace(min: (any ScalarValue)? = nil, max: (any ScalarValue)? = nil) throws -> Tensor {
    try ATen.clamp.run(.tensor(self), .optional(min), .optional(max))
    return self
  }

  @discardableResult
  public func fillInPlace(_ value: some ScalarValue) throws -> Tensor {
    try ATen.fill.run(.tensor(self), value.argument)
    return self
  }

  @discardableResult
  public func zeroInPlace() throws -> Tensor {
    try ATen.zero.run(.tensor(self))
    return self
  }
}
