/// How much the classes weigh in the loss, where they do not all weigh the same.
public enum ClassWeights: Hashable, Sendable {
  /// By how often they occur in the training images: of several classes, the positive images of each weigh negatives / positives
  /// (PyTorch's advice for `pos_weight`); of exactly one of k classes, each of the n꜀ images of a class weighs n / (k n꜀)
  /// (scikit-learn's `balanced`).
  case balanced
  /// By name; the others weigh 1.
  case perClass([String: Double])
}
