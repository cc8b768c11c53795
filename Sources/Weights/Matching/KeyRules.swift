internal import Containers

/// What is the same for all namings of a network's arrays.
enum KeyRules {
  /// What PyTorch's batch norms count; no other framework does, nor PyTorch before 0.4.1.
  static let counter = ".num_batches_tracked"

  /// The share of the network's names that a reading of the file must bring to light.
  static let namesRequired = 0.9

  /// What wrappers of PyTorch put between the parts of a name: `torch.compile`, fully sharded data parallelism, activation
  /// checkpoints, Fabric. In front of all names they are a prefix like any other.
  static let wrappers: Set<Substring> = ["_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module", "_forward_module"]

  /// Copies that follow a network by momentum and that MoCo's authors say are not the one to use; the one to use lies beside them.
  static let momentumCopies: Set<Substring> = ["encoder_k", "momentum_encoder"]

  static func descend(_ root: CheckpointNode, _ path: [String]) -> CheckpointNode? {
    path.reduce(root) { node, key in node?[key] }
  }

  static func keys(of node: CheckpointNode) -> [String] {
    guard case .dictionary(let items) = node else { return [] }
    return items.map(\.key)
  }

  /// The keys that lead to arrays, without the arrays' own.
  static func places(in node: CheckpointNode) -> [String] {
    guard case .dictionary(let items) = node else { return [] }
    return items.compactMap { key, value in
      if case .array = value { return nil }
      return value.holdsArrays ? key : nil
    }
  }
}
