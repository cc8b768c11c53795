internal import Containers

/// Where training programs put a network's arrays, and what wrappers put in front of their names.
enum KeyRules {
  /// What PyTorch's batch norms count; no other framework does, nor PyTorch before 0.4.1.
  static let counter = ".num_batches_tracked"

  /// Keys under which training programs save a network's arrays, in order of trust; the last is VISSL's.
  static let dictionaryPaths: [[String]] = [
    ["state_dict"], ["model_state_dict"], ["model"], ["resnet"], ["network"], ["teacher"], ["student"], ["model_ema"],
    ["classy_state_dict", "base_model", "model", "trunk"],
  ]

  /// What wrappers put in front of a backbone's names, longest first.
  static let prefixes = [
    "module.encoder_q.", "module.base_encoder.", "module.encoder.", "module.backbone.", "module.", "backbone.body.", "backbone.",
    "encoder_q.", "base_encoder.", "encoder.", "model.", "net.", "resnet.", "trunk.", "_feature_blocks.", "trunk._feature_blocks.",
    "visual.", "visual.trunk.", "",
  ].sorted { $0.count > $1.count }

  /// The share of the network's names that a reading of the file must bring to light.
  static let namesRequired = 0.9

  static func descend(_ root: CheckpointNode, _ path: [String]) -> CheckpointNode? {
    path.reduce(root) { node, key in node?[key] }
  }

  static func keys(of node: CheckpointNode) -> [String] {
    guard case .dictionary(let items) = node else { return [] }
    return items.map(\.key)
  }
}
