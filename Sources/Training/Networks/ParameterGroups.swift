import Models
import NeuralNetworks
import Studies
import Torch
import Vocabulary

extension Recipe {
  /// The parameters of a network that are to be trained, in the groups that the recipe's layer-wise decay and its exclusions from weight
  /// decay make; one group where it has neither.
  ///
  /// With a layer decay d and a backbone of k stages, the rate of stage i (from 1, the stem) is multiplied by dᵏ⁺¹⁻ⁱ and that of everything
  /// behind the backbone by 1 (Bao et al., 2022; Clark et al., 2020, section 3.3 and appendix). Norms and biases are the parameters with
  /// at most one dimension.
  func parameterGroups(of network: any Network) throws -> [ParameterGroup] {
    let parameters = network.store.trainableParameters
    if layerDecay == nil, weightDecayExclusions == nil { return [try ParameterGroup(parameters)] }
    let stages = network.stageIndices, stageCount = network.architecture.stages.count
    func isExcluded(_ parameter: (name: String, tensor: Tensor)) -> Bool {
      weightDecayExclusions == .normsAndBiases && parameter.tensor.dimensionCount <= 1
    }
    // From fine to coarse, the head last; in each first what is decayed.
    return try (0...stageCount).flatMap { stage -> [ParameterGroup] in
      let members = parameters.filter { stages[$0.name, default: stageCount] == stage }
      let factor = (0..<(stageCount - stage)).reduce(1.0) { product, _ in product * (layerDecay ?? 1) }
      return try [false, true].compactMap { excluded in
        let chosen = members.filter { isExcluded($0) == excluded }
        return chosen.isEmpty ? nil : try ParameterGroup(chosen, rateFactor: factor, weightDecay: excluded ? 0 : nil)
      }
    }
  }
}

extension Network {
  /// The stage (from 0) of each tensor of the backbone, by its name in the state.
  ///
  /// A name with a stage's among its components begins that stage, and what stands between two such names in the state's order, which is
  /// the forward order, belongs to the first of them; what stands before all of them is the first stage. What the record says to stand behind
  /// all stages has the number behind the last.
  var stageIndices: [String: Int] {
    let names = architecture.stages.map { ".\($0.name)." }, closing = Set(architecture.record.closingNames)
    var current = 0, indices: [String: Int] = [:]
    for entry in backboneNames {
      let name = ".\(entry.backbone)."
      if closing.contains(String(entry.backbone.prefix { $0 != "." })) {
        current = names.count
      } else if let begun = names.firstIndex(where: name.contains) {
        current = begun
      }
      indices[entry.state] = current
    }
    return indices
  }
}
