private enum ATen {
  static let eq = Operator("aten::eq.Tensor")
  static let eqScalar = Operator("aten::eq.Scalar")
  static let ne = Operator("aten::ne.Tensor")
  static let neScalar = Operator("aten::ne.Scalar")
  static let lt = Operator("aten::lt.Tensor")
  static let ltScalar = Operator("aten::lt.Scalar")
  static let le = Operator("aten::le.Tensor")
  static let leScalar = Operator("aten::le.Scalar")
  static let gt = Operator("aten::gt.Tensor")
  static let gtScalar = Operator("aten::gt.Scalar")
  static let ge = Operator("aten::ge.Tensor")
  static let geScalar = Operator("aten::ge.Scalar")
  static let logicalAnd = Operator("aten::logical_and")
  static let logicalOr = Operator("aten::logical_or")
  static let logicalXor = Operator("aten::logical_xor")
  static let logicalNot = Operator("aten::logical_not")
  static let isFinite = Operator("aten::isfinite")
  static let isNaN = Operator("aten::isnan")
  static let isInfinite = Operator("aten::isinf")
  static let equal = Operator("aten::equal")
  static let allClose = Operator("aten::allclose")
  static let whereTensor = Operator("aten::where.self")
  static let scalar = Operator("aten::scalar_tensor")
}

// Element by element, as Swift's SIMD vectors write it; the results are tensors of truth values.
extension Tensor {
  public static func .== (left: Tensor, right: Tensor) throws -> Tensor { try ATen.eq(.tensor(left), .tensor(right)) }
  public static func .== (left: Tensor, right: some ScalarValue) throws -> Tensor {
    try ATen.eqScalar(.tensor(left), right.argument)
  }
  public static func .!= (left: Tensor, right: Tensor) throws -> Tensor { try ATen.ne(.tensor(left), .tensor(right)) }
  public static func .!= (left: Tensor, right: some ScalarValue) throws -> Tensor {
    try ATen.neScalar(.tensor(left), right.argument)
  }
  public static func .< (left: Tensor, right: Tensor) throws -> Tensor { try ATen.lt(.tensor(left), .tensor(right)) }
  public static func .< (left: Tensor, right: some ScalarValue) throws -> Tensor {
    try ATen.ltScalar(.tensor(left), right.argument)
  }
  public static func .<= (left: Tensor, right: Tensor) throws -> Tensor { try ATen.le(.tensor(left), .tensor(right)) }
  public static func .<= (left: Tensor, right: some ScalarValue) throws -> Tensor {
    try ATen.leScalar(.tensor(left), right.argument)
  }
  public static func .> (left: Tensor, right: Tensor) throws -> Tensor { try ATen.gt(.tensor(left), .tensor(right)) }
  public static func .> (left: Tensor, right: some ScalarValue) throws -> Tensor {
    try ATen.gtScalar(.tensor(left), right.argument)
  }
  public static func .>= (left: Tensor, right: Tensor) throws -> Tensor { try ATen.ge(.tensor(left), .tensor(right)) }
  public static func .>= (left: Tensor, right: some ScalarValue) throws -> Tensor {
    try ATen.geScalar(.tensor(left), right.argument)
  }

  public static func .& (left: Tensor, right: Tensor) throws -> Tensor {
    try ATen.logicalAnd(.tensor(left), .tensor(right))
  }
  public static func .| (left: Tensor, right: Tensor) throws -> Tensor {
    try ATen.logicalOr(.tensor(left), .tensor(right))
  }
  public static func .^ (left: Tensor, right: Tensor) throws -> Tensor {
    try ATen.logicalXor(.tensor(left), .tensor(right))
  }
  public static prefix func .! (operand: Tensor) throws -> Tensor { try ATen.logicalNot(.tensor(operand)) }
}

extension Tensor {
  /// Neither infinite nor NaN, element by element.
  public func isFinite() throws -> Tensor { try ATen.isFinite(.tensor(self)) }

  public func isNaN() throws -> Tensor { try ATen.isNaN(.tensor(self)) }

  public func isInfinite() throws -> Tensor { try ATen.isInfinite(.tensor(self)) }

  /// Whether shapes and all elements are equal; a NaN equals nothing.
  public func isEqual(to other: Tensor) throws -> Bool { try ATen.equal.integer(.tensor(self), .tensor(other)) != 0 }

  /// Whether `|x − y| ≤ absoluteTolerance + relativeTolerance · |y|` everywhere.
  public func isClose(
    to other: Tensor, relativeTolerance: Double = 1e-5, absoluteTolerance: Double = 1e-8
  ) throws
    -> Bool
  {
    try ATen.allClose.integer(
      .tensor(self), .tensor(other), .real(relativeTolerance), .real(absoluteTolerance)) != 0
  }

  /// Its own elements where `condition` is true, those of `other` elsewhere.
  public func `where`(_ condition: Tensor, otherwise other: Tensor) throws -> Tensor {
    try ATen.whereTensor(.tensor(condition), .tensor(self), .tensor(other))
  }

  public func `where`(_ condition: Tensor, otherwise other: some ScalarValue) throws -> Tensor {
    // A number of this tensor's type, so that nothing is promoted.
    let number = try ATen.scalar(other.argument, .scalarType(scalarType), .none, .device(device))
    return try self.where(condition, otherwise: number)
  }
}
