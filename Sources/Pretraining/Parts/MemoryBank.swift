import Torch

/// One unit row for each image of the set, `[images, size]`: a moving average of its features (Wu et al., “Unsupervised Feature Learning
/// via Non-Parametric Instance Discrimination”, 2018, section 3.1).
struct MemoryBank {
  let rows: Tensor

  /// Begins with rows in random directions.
  init(_ memory: Memory, name: String = "bank", count: Int, size: Int) throws {
    rows = try memory.addUnitRows(name, count: count, size: size)
  }

  /// Mᵢ ← (m Mᵢ + (1 − m) vᵢ) / ‖·‖ for the images of a batch, each of which is in it once.
  ///
  /// - Parameters:
  ///   - indices: `[batch]`, int64.
  ///   - features: v, `[batch, size]`, unit rows.
  ///   - momentum: m.
  func update(_ indices: Tensor, with features: Tensor, momentum: Double) throws {
    try withoutGradient {
      let mixed = try rows.indexSelect(along: 0, indices) * momentum + features.detach() * (1 - momentum)
      try rows.indexPutInPlace([indices], values: mixed.unitRows())
    }
  }
}
