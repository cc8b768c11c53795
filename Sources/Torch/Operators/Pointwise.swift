private enum ATen {
  static let abs = Operator("aten::abs")
  static let sign = Operator("aten::sign")
  static let exp = Operator("aten::exp")
  static let expm1 = Operator("aten::expm1")
  static let log = Operator("aten::log")
  static let log1p = Operator("aten::log1p")
  static let sqrt = Operator("aten::sqrt")
  static let rsqrt = Operator("aten::rsqrt")
  static let square = Operator("aten::square")
  static let sin = Operator("aten::sin")
  static let cos = Operator("aten::cos")
  static let erf = Operator("aten::erf")
  static let floor = Operator("aten::floor")
  static let ceil = Operator("aten::ceil")
  static let round = Operator("aten::round")
  static let nanToNum = Operator("aten::nan_to_num")
}

// One operand, element by element.
extension Tensor {
  public func abs() throws -> Tensor { try ATen.abs(.tensor(self)) }
  /// −1, 0 or 1.
  public func sign() throws -> Tensor { try ATen.sign(.tensor(self)) }
  public func exp() throws -> Tensor { try ATen.exp(.tensor(self)) }
  /// `exp(x) − 1`, exact near 0.
  public func expm1() throws -> Tensor { try ATen.expm1(.tensor(self)) }
  /// The natural logarithm.
  public func log() throws -> Tensor { try ATen.log(.tensor(self)) }
  /// `log(1 + x)`, exact near 0.
  public func log1p() throws -> Tensor { try ATen.log1p(.tensor(self)) }
  public func sqrt() throws -> Tensor { try ATen.sqrt(.tensor(self)) }
  /// `1 / √x`
  public func rsqrt() throws -> Tensor { try ATen.rsqrt(.tensor(self)) }
  public func square() throws -> Tensor { try ATen.square(.tensor(self)) }
  public func sin() throws -> Tensor { try ATen.sin(.tensor(self)) }
  public func cos() throws -> Tensor { try ATen.cos(.tensor(self)) }
  /// The error function.
  public func erf() throws -> Tensor { try ATen.erf(.tensor(self)) }
  public func floor() throws -> Tensor { try ATen.floor(.tensor(self)) }
  public func ceil() throws -> Tensor { try ATen.ceil(.tensor(self)) }
  /// To the nearest integer, halves to the even one.
  public func round() throws -> Tensor { try ATen.round(.tensor(self)) }

  /// Puts numbers where there are none; an infinity without one becomes the type's largest number.
  public func nanToNum(
    _ nan: Double = 0, positiveInfinity: Double? = nil, negativeInfinity: Double? = nil
  ) throws
    -> Tensor
  {
    try ATen.nanToNum(.tensor(self), .real(nan), .optional(positiveInfinity), .optional(negativeInfinity))
  }
}
