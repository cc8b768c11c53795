private enum ATen {
  static let addScalar = Operator("aten::_foreach_add_.Scalar")
  static let addList = Operator("aten::_foreach_add_.List")
  static let mulScalar = Operator("aten::_foreach_mul_.Scalar")
  static let mulList = Operator("aten::_foreach_mul_.List")
  static let mulTensor = Operator("aten::_foreach_mul_.Tensor")
  static let divList = Operator("aten::_foreach_div_.List")
  static let lerp = Operator("aten::_foreach_lerp_.Scalar")
  static let addcmul = Operator("aten::_foreach_addcmul_.Scalar")
  static let addcdiv = Operator("aten::_foreach_addcdiv_.Scalar")
  static let sqrt = Operator("aten::_foreach_sqrt")
  static let norm = Operator("aten::_foreach_norm.Scalar")
  static let zero = Operator("aten::_foreach_zero_")
  static let copy = Operator("aten::_foreach_copy_")
}

/// One operation on every tensor of a list, in one call: for optimizers, whose lists hold hundreds of small tensors.
///
/// The methods that end in `InPlace` write over the first list. Lists that go together have one length.
public enum Foreach {
  public static func addInPlace(_ tensors: [Tensor], _ value: some ScalarValue) throws {
    try ATen.addScalar.run(.tensors(tensors), value.argument)
  }

  /// `tensors += alpha · others`
  public static func addInPlace(_ tensors: [Tensor], _ others: [Tensor], alpha: some ScalarValue = 1) throws {
    try ATen.addList.run(.tensors(tensors), .tensors(others), alpha.argument)
  }

  public static func mulInPlace(_ tensors: [Tensor], _ value: some ScalarValue) throws {
    try ATen.mulScalar.run(.tensors(tensors), value.argument)
  }

  public static func mulInPlace(_ tensors: [Tensor], _ others: [Tensor]) throws {
    try ATen.mulList.run(.tensors(tensors), .tensors(others))
  }

  /// Multiplies all by one tensor without dimensions, which stays on its device.
  public static func mulInPlace(_ tensors: [Tensor], by factor: Tensor) throws {
    try ATen.mulTensor.run(.tensors(tensors), .tensor(factor))
  }

  public static func divInPlace(_ tensors: [Tensor], _ others: [Tensor]) throws {
    try ATen.divList.run(.tensors(tensors), .tensors(others))
  }

  /// `tensors += weight · (ends − tensors)`
  public static func lerpInPlace(_ tensors: [Tensor], _ ends: [Tensor], weight: Double) throws {
    try ATen.lerp.run(.tensors(tensors), .tensors(ends), .real(weight))
  }

  /// `tensors += value · first · second`
  public static func addcmulInPlace(
    _ tensors: [Tensor], _ first: [Tensor], _ second: [Tensor], value: some ScalarValue = 1
  ) throws {
    try ATen.addcmul.run(.tensors(tensors), .tensors(first), .tensors(second), value.argument)
  }

  /// `tensors += value · first / second`
  public static func addcdivInPlace(
    _ tensors: [Tensor], _ first: [Tensor], _ second: [Tensor], value: some ScalarValue = 1
  ) throws {
    try ATen.addcdiv.run(.tensors(tensors), .tensors(first), .tensors(second), value.argument)
  }

  public static func sqrt(_ tensors: [Tensor]) throws -> [Tensor] { try ATen.sqrt.list(.tensors(tensors)) }

  /// The norm of every tensor.
  public static func norm(_ tensors: [Tensor], order: Double = 2) throws -> [Tensor] {
    try ATen.norm.list(.tensors(tensors), .real(order))
  }

  public static func zeroInPlace(_ tensors: [Tensor]) throws { try ATen.zero.run(.tensors(tensors)) }

  public static func copyInPlace(_ tensors: [Tensor], from sources: [Tensor], nonBlocking: Bool = false) throws {
    try ATen.copy.run(.tensors(tensors), .tensors(sources), .boolean(nonBlocking))
  }
}
