import NeuralNetworks
import Torch

/// What a jigsaw puzzle's patches say together: each is projected, their vectors are joined in the order in which they lie, and a linear
/// map makes one vector of them (Misra and van der Maaten, 2020, section 3.3, as PyContrast's code has it).
///
/// The view already lays the patches in an order drawn for each image.
struct JigsawHead {
  private let patch: Head
  private let joined: Linear
  private let cellCount: Int

  /// - Parameter patch: of each patch's features.
  init(_ materials: MethodMaterials, patch design: HeadDesign, size: Int) throws {
    let scope = ParameterScope(materials.heads) / "jigsaw"
    let cells = materials.views.views.compactMap { view -> Int? in
      if case .jigsaw(let jigsaw) = view.geometry { jigsaw.cellCount } else { nil }
    }
    cellCount = cells.first ?? Jigsaw().cellCount
    patch = try Head(scope / "fc1", inputCount: materials.featureCount, design: design)
    joined = try Linear(scope / "fc2", inputCount: cellCount * patch.outputCount, outputCount: size)
  }

  /// `[batch × cells, channels, height, width]` → `[batch, size]`.
  func callAsFunction(_ patches: Tensor, encoder: Encoder) throws -> Tensor {
    let each = try encoder.apply(patch, encoder.features(patches))
    return try joined(each.reshape([patches.shape[0] / cellCount, cellCount * patch.outputCount]))
  }
}
