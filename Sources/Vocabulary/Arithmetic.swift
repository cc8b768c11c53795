/// What a ResNet computes where its parameters leave it open: where strided windows lie, which convolution of a block has the stride, and ε.
///
/// Parameters have the same names and shapes under each; the features differ. The 2021 benchmark loaded all weights into torchvision's
/// arithmetic, so that is what studies do unless they say otherwise; `asTrained` of an entry is what its authors computed.
public enum Arithmetic: String, Codable, Hashable, Sendable, CaseIterable {
  /// Symmetric padding: 3 for 7 × 7, 1 for 3 × 3 and for max pooling.
  case torchvision
  /// Max pooling as TensorFlow's SAME (for even sizes 0 before and 1 behind), convolutions as torchvision: SimCLR v1 and v2.
  case samePooling
  /// Every strided convolution and max pooling as SAME: BYOL. In all, max(⌈n/s⌉·s − s + k − n, 0) is padded, the smaller half before.
  case same
  /// Keras's ResNet: a bottleneck that halves does so in its first 1 × 1 convolution (version 1 of He et al. 2016), and the
  /// normalizations have ε = 1.001e-5. Padding is torchvision's. For networks of bottlenecks, which are the ones that Keras publishes.
  case keras
}
