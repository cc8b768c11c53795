private enum ATen {
  static let matmul = Operator("aten::matmul")
  static let mm = Operator("aten::mm")
  static let bmm = Operator("aten::bmm")
  static let addmm = Operator("aten::addmm")
  static let linear = Operator("aten::linear")
  static let einsum = Operator("aten::einsum")
  static let attention = Operator("aten::scaled_dot_product_attention")
  static let embedding = Operator("aten::embedding")
}

extension Tensor {
  /// The matrix product over the last two dimensions; leading ones are broadcast.
  public func matmul(_ other: Tensor) throws -> Tensor { try ATen.matmul(.tensor(self), .tensor(other)) }

  /// `[n, k] · [k, m]`, without broadcasting.
  public func mm(_ other: Tensor) throws -> Tensor { try ATen.mm(.tensor(self), .tensor(other)) }

  /// `[batch, n, k] · [batch, k, m]`
  public func bmm(_ other: Tensor) throws -> Tensor { try ATen.bmm(.tensor(self), .tensor(other)) }

  /// `beta · self + alpha · (left · right)`
  public func addmm(
    _ left: Tensor, _ right: Tensor, beta: some ScalarValue = 1, alpha: some ScalarValue = 1
  ) throws -> Tensor {
    try ATen.addmm(.tensor(self), .tensor(left), .tensor(right), beta.argument, alpha.argument)
  }
}

/// `x · weightᵀ + bias`, with a weight of shape `[outputs, inputs]`.
public func linear(_ input: Tensor, weight: Tensor, bias: Tensor? = nil) throws -> Tensor {
  try ATen.linear(.tensor(input), .tensor(weight), .optional(bias))
}

/// Einstein's sum, such as `"bc,dc->bd"`.
public func einsum(_ equation: String, _ operands: [Tensor]) throws -> Tensor {
  try ATen.einsum(.string(equation), .tensors(operands))
}

/// `softmax(q · kᵀ · scale + mask) · v` over `[…, length, features]`; the scale is `1 / √features` unless given.
public func scaledDotProductAttention(
  query: Tensor, key: Tensor, value: Tensor, mask: Tensor? = nil, dropout: Double = 0, isCausal: Bool = false,
  scale: Double? = nil
) throws -> Tensor {
  try ATen.attention(
    .tensor(query), .tensor(key), .tensor(value), .optional(mask), .real(dropout), .boolean(isCausal), .optional(scale))
}

/// The rows of `weight` (`[count, features]`) at `indices`.
public func embedding(_ indices: Tensor, weight: Tensor) throws -> Tensor {
  try ATen.embedding(.tensor(weight), .tensor(indices))
}
