private enum ATen {
  static let maxPool2d = Operator("aten::max_pool2d")
  static let averagePool2d = Operator("aten::avg_pool2d")
  static let adaptiveAveragePool2d = Operator("aten::adaptive_avg_pool2d")
  static let adaptiveMaxPool2d = Operator("aten::adaptive_max_pool2d")
}

// Over `[batch, channels, height, width]`; pairs are `[vertical, horizontal]`, and no stride means the kernel's size.

/// The greatest element of every window.
public func maxPool2d(
  _ input: Tensor, kernelSize: [Int], stride: [Int] = [], padding: [Int] = [0, 0], dilation: [Int] = [1, 1],
  ceilMode: Bool = false
) throws -> Tensor {
  try ATen.maxPool2d(
    .tensor(input), .integers(kernelSize), .integers(stride), .integers(padding), .integers(dilation),
    .boolean(ceilMode))
}

/// The mean of every window.
public func averagePool2d(
  _ input: Tensor, kernelSize: [Int], stride: [Int] = [], padding: [Int] = [0, 0], ceilMode: Bool = false,
  countsPadding: Bool = true
) throws -> Tensor {
  try ATen.averagePool2d(
    .tensor(input), .integers(kernelSize), .integers(stride), .integers(padding), .boolean(ceilMode),
    .boolean(countsPadding))
}

/// The means of a grid of `outputSize` windows that cover the image.
public func adaptiveAveragePool2d(_ input: Tensor, outputSize: [Int]) throws -> Tensor {
  try ATen.adaptiveAveragePool2d(.tensor(input), .integers(outputSize))
}

/// The greatest elements of a grid of `outputSize` windows that cover the image.
public func adaptiveMaxPool2d(_ input: Tensor, outputSize: [Int]) throws -> Tensor {
  try ATen.adaptiveMaxPool2d.pair(.tensor(input), .integers(outputSize)).0
}
