/// Whether a network is being trained or used.
///
/// Layers take it as an argument of every call, so there is no hidden switch that could be left in the wrong position. It
/// changes batch normalization: `training` normalizes with the batch's own statistics and updates the running ones,
/// `evaluation` normalizes with the running ones and leaves them as they are.
public enum Mode: String, Sendable, Hashable, CaseIterable {
  case training, evaluation
}
