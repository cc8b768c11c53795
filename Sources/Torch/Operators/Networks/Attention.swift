private enum ATen {
  static let scaledDotProduct = Operator("aten::scaled_dot_product_attention")
}

/// `softmax(Q Kᵀ / √d) V` over `[batch, heads, tokens, d]` (Vaswani et al., 2017, equation 1); libtorch chooses the kernel.
public func scaledDotProductAttention(_ query: Tensor, _ key: Tensor, _ value: Tensor) throws -> Tensor {
  try ATen.scaledDotProduct(.tensor(query), .tensor(key), .tensor(value))
}
