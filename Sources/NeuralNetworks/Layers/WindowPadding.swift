/// What a convolution or a pooling adds around its input, so that windows also stand at the border.
public enum WindowPadding: Sendable, Hashable {
  /// So many places on every side, whatever the input's size: PyTorch's.
  case symmetric(Int)
  /// As many as make ⌈size / stride⌉ windows, the smaller half before and the larger behind: TensorFlow's SAME.
  ///
  /// An even image under a window of 3 in steps of 2 gets 0 before and 1 behind, an odd one 1 and 1.
  case same

  /// The places before and behind an axis of that size.
  func amounts(size: Int, kernelSize: Int, stride: Int) -> (before: Int, behind: Int) {
    switch self {
    case .symmetric(let amount): return (amount, amount)
    case .same:
      let windows = (size + stride - 1) / stride
      let total = max((windows - 1) * stride + kernelSize - size, 0)
      return (total / 2, total - total / 2)
    }
  }
}
