/// Where a ResNet's strided windows lie on their input.
///
/// Parameters have the same names and shapes under each; the features differ by a shift of up to one pixel a stage. The 2021
/// benchmark loaded all weights into torchvision's arithmetic, so that is the default everywhere; `asTrained` of an entry is
/// what its authors computed.
public enum Arithmetic: String, Codable, Hashable, Sendable, CaseIterable {
  /// Symmetric padding: 3 for 7 × 7, 1 for 3 × 3 and for max pooling.
  case torchvision
  /// Max pooling as TensorFlow's SAME (for even sizes 0 before and 1 behind), convolutions as torchvision: SimCLR v1 and v2.
  case samePooling
  /// Every strided convolution and max pooling as SAME: BYOL. In all, max(⌈n/s⌉·s − s + k − n, 0) is padded, the smaller half before.
  case same
}
