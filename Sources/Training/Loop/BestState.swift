public import NeuralNetworks
public import Torch

/// A copy of a network's state that is kept while training goes on: the best so far.
public struct BestState {
  /// What it is called among the parts of a procedure's state.
  public static let partName = "best"

  private let store: ParameterStore
  /// In the order of the store's state; nil before anything was kept.
  private var tensors: [Tensor]?

  public init(of store: ParameterStore) { self.store = store }

  /// Copies the network's state as it is now.
  public mutating func keep() throws {
    tensors = try withoutGradient { try store.state.map { try $0.tensor.clone() } }
  }

  /// Copies what was kept, if anything was, back into the network.
  public func putBack() throws {
    guard let tensors else { return }
    try withoutGradient {
      for (entry, tensor) in zip(store.state, tensors) { try entry.tensor.copy(from: tensor) }
    }
  }

  /// The part of a procedure's state that it makes: one, or none before anything was kept.
  public var parts: [StatePart] {
    tensors.map { [StatePart(Self.partName, zip(store.state, $0).map { ($0.name, $1) })] } ?? []
  }

  /// Keeps what a snapshot holds. The network's own state is overwritten by it: restore that afterwards.
  ///
  /// - Throws: `NeuralNetworksError` for a state that is not the network's.
  public mutating func restore(_ parts: [String: [String: Tensor]]) throws {
    guard let saved = parts[Self.partName] else { return }
    // Through the store, so that it is checked and laid out as the network's own.
    try store.load(saved)
    try keep()
  }
}
