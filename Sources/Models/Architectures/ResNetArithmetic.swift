import NeuralNetworks
import Vocabulary

// What each arithmetic is to a residual network's layers.
extension Arithmetic {
  /// What is around the input of a convolution with a stride; nil for half of its kernel, as PyTorch's.
  var convolutionPadding: WindowPadding? { self == .same ? .same : nil }

  /// What is around the input of max pooling, 3 × 3.
  var poolingPadding: WindowPadding {
    switch self {
    // Keras pads zeros, which behind a ReLU are never greater than what is there.
    case .torchvision, .keras: .symmetric(1)
    case .samePooling, .same: .same
    }
  }

  /// Whether a bottleneck that halves does so in its first 1 × 1 convolution and not in its 3 × 3.
  var stridesFirst: Bool { self == .keras }

  /// What is added to variances.
  var epsilon: Double { self == .keras ? 1.001e-5 : 1e-5 }
}
