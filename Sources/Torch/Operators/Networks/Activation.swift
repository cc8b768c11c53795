private enum ATen {
  static let relu = Operator("aten::relu")
  static let reluInPlace = Operator("aten::relu_")
  static let leakyRelu = Operator("aten::leaky_relu")
  static let sigmoid = Operator("aten::sigmoid")
  static let logSigmoid = Operator("aten::log_sigmoid")
  static let tanh = Operator("aten::tanh")
  static let softplus = Operator("aten::softplus")
  static let gelu = Operator("aten::gelu")
  static let silu = Operator("aten::silu")
  static let softmax = Operator("aten::softmax.int")
  static let logSoftmax = Operator("aten::log_softmax.int")
  static let dropout = Operator("aten::dropout")
}

extension Tensor {
  /// `max(0, x)`
  public func relu() throws -> Tensor { try ATen.relu(.tensor(self)) }

  /// `max(0, x)` written over `x`, which saves one activation's memory.
  @discardableResult
  public func reluInPlace() throws -> Tensor {
    try ATen.reluInPlace.run(.tensor(self))
    return self
  }

  /// `x` where positive, `slope · x` elsewhere.
  public func leakyRelu(slope: Double = 0.01) throws -> Tensor { try ATen.leakyRelu(.tensor(self), .real(slope)) }

  /// `1 / (1 + exp(−x))`
  public func sigmoid() throws -> Tensor { try ATen.sigmoid(.tensor(self)) }

  /// `log(sigmoid(x))`, without overflow.
  public func logSigmoid() throws -> Tensor { try ATen.logSigmoid(.tensor(self)) }

  public func tanh() throws -> Tensor { try ATen.tanh(.tensor(self)) }

  /// `log(1 + exp(βx)) / β`
  public func softplus(beta: Double = 1, threshold: Double = 20) throws -> Tensor {
    try ATen.softplus(.tensor(self), .real(beta), .real(threshold))
  }

  /// `x · Φ(x)`, exact or by its tanh approximation (Hendrycks and Gimpel, 2016).
  public func gelu(approximatingByTanh: Bool = false) throws -> Tensor {
    try ATen.gelu(.tensor(self), .string(approximatingByTanh ? "tanh" : "none"))
  }

  /// `x · sigmoid(x)`
  public func silu() throws -> Tensor { try ATen.silu(.tensor(self)) }

  /// `exp(x) / Σ exp(x)` along a dimension, computed in `type` if given.
  public func softmax(along dimension: Int, type: ScalarType? = nil) throws -> Tensor {
    try ATen.softmax(.tensor(self), .integer(dimension), .optional(type))
  }

  /// `log(softmax(x))`, without overflow.
  public func logSoftmax(along dimension: Int, type: ScalarType? = nil) throws -> Tensor {
    try ATen.logSoftmax(.tensor(self), .integer(dimension), .optional(type))
  }
}

/// Sets each element to 0 with that probability and divides the others by its complement; nothing in evaluation. Draws
/// from the device's shared generator.
public func dropout(_ input: Tensor, probability: Double, training: Bool) throws -> Tensor {
  try ATen.dropout(.tensor(input), .real(probability), .boolean(training))
}
