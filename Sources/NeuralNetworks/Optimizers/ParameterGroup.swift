public import Torch

/// Parameters that an optimizer treats alike: their rate is a multiple of its rate, and their decay may be their own.
///
/// So a layer-wise decay of the rate is one group a stage, and norms and biases that are not to be decayed are a group with a
/// decay of 0.
public struct ParameterGroup {
  public let parameters: [(name: String, tensor: Tensor)]
  /// What the optimizer's learning rate is multiplied by, from 0.
  public let rateFactor: Double
  /// λ of these parameters; nil for the optimizer's own.
  public let weightDecay: Double?

  /// - Throws: `NeuralNetworksError` for a factor or decay that is negative or not finite.
  public init(_ parameters: [(name: String, tensor: Tensor)], rateFactor: Double = 1, weightDecay: Double? = nil) throws {
    try requireRate("rate factor", rateFactor)
    if let weightDecay { try requireRate("weight decay", weightDecay) }
    self.parameters = parameters
    self.rateFactor = rateFactor
    self.weightDecay = weightDecay
  }
}

/// A parameter group with what an optimizer remembers of each of its parameters.
struct MemoryGroup<Memory> {
  struct Slot {
    let name: String
    let parameter: Tensor
    let memory: Memory
  }

  let rateFactor: Double
  let weightDecay: Double
  let slots: [Slot]

  /// - Throws: `NeuralNetworksError` for a parameter that is in two groups, which would be changed twice in a step.
  static func make(
    _ groups: [ParameterGroup], weightDecay: Double, memory: (Tensor) throws -> Memory
  ) throws -> [MemoryGroup] {
    var names: Set<String> = []
    for (name, _) in groups.flatMap(\.parameters) where !names.insert(name).inserted {
      throw NeuralNetworksError.parameterInTwoGroups(name)
    }
    return try groups.map { group in
      MemoryGroup(
        rateFactor: group.rateFactor, weightDecay: group.weightDecay ?? weightDecay,
        slots: try group.parameters.map { Slot(name: $0.name, parameter: $0.tensor, memory: try memory($0.tensor)) })
    }
  }
}

extension Array {
  /// Changes parameters by their gradients, group by group, once the hooks have seen all gradients together.
  ///
  /// - Parameter change: given a group with its slots that have a gradient, of which there is at least one.
  func step<Memory>(
    hooks: [any GradientHook],
    change: (MemoryGroup<Memory>, _ slots: [MemoryGroup<Memory>.Slot], _ gradients: [Tensor]) throws -> Void
  ) throws where Element == MemoryGroup<Memory> {
    let active = map { group in group.slots.compactMap { slot in slot.parameter.gradient.map { (slot: slot, gradient: $0) } } }
    let gradients = active.flatMap { $0.map(\.gradient) }
    if gradients.isEmpty { return }
    try withoutGradient {
      for hook in hooks { try hook(gradients) }
      for (group, pairs) in zip(self, active) where !pairs.isEmpty { try change(group, pairs.map(\.slot), pairs.map(\.gradient)) }
    }
  }

  func zeroGradients<Memory>() throws where Element == MemoryGroup<Memory> {
    for slot in joinedSlots() { try slot.parameter.clearGradient() }
  }

  func joinedSlots<Memory>() -> [MemoryGroup<Memory>.Slot] where Element == MemoryGroup<Memory> { flatMap(\.slots) }
}
