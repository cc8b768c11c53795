private enum ATen {
  static let conv2d = Operator("aten::conv2d")
  static let convTranspose2d = Operator("aten::conv_transpose2d.input")
}

/// The cross-correlation of `[batch, inputs, height, width]` with a weight of shape
/// `[outputs, inputs / groups, kernel height, kernel width]`.
///
/// Pairs are `[vertical, horizontal]`. The result is channels-last when the input or the weight is.
public func conv2d(
  _ input: Tensor, weight: Tensor, bias: Tensor? = nil, stride: [Int] = [1, 1], padding: [Int] = [0, 0],
  dilation: [Int] = [1, 1], groups: Int = 1
) throws -> Tensor {
  try ATen.conv2d(
    .tensor(input), .tensor(weight), .optional(bias), .integers(stride), .integers(padding), .integers(dilation),
    .integer(groups))
}

/// The adjoint of `conv2d`, with a weight of shape `[inputs, outputs / groups, kernel height, kernel width]`.
public func convTranspose2d(
  _ input: Tensor, weight: Tensor, bias: Tensor? = nil, stride: [Int] = [1, 1], padding: [Int] = [0, 0],
  outputPadding: [Int] = [0, 0], groups: Int = 1, dilation: [Int] = [1, 1]
) throws -> Tensor {
  try ATen.convTranspose2d(
    .tensor(input), .tensor(weight), .optional(bias), .integers(stride), .integers(padding), .integers(outputPadding),
    .integer(groups), .integers(dilation))
}
