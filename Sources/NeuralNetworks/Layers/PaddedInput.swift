import Torch

/// An input under a window: libtorch's operators pad both sides of an axis alike, so what is uneven is added before them.
struct PaddedInput {
  let tensor: Tensor
  /// What the operator is still to add on each side, `[vertical, horizontal]`.
  let padding: [Int]

  /// - Parameter value: What stands outside the image.
  init(_ x: Tensor, padding: WindowPadding, kernelSize: Int, stride: Int, value: Double) throws {
    if case .symmetric(let amount) = padding {
      (tensor, self.padding) = (x, [amount, amount])
      return
    }
    let vertical = padding.amounts(size: x.shape[2], kernelSize: kernelSize, stride: stride)
    let horizontal = padding.amounts(size: x.shape[3], kernelSize: kernelSize, stride: stride)
    if vertical.before == vertical.behind, horizontal.before == horizontal.behind {
      (tensor, self.padding) = (x, [vertical.before, horizontal.before])
    } else {
      tensor = try x.pad([horizontal.before, horizontal.behind, vertical.before, vertical.behind], value: value)
      self.padding = [0, 0]
    }
  }
}
