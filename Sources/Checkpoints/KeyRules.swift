/// Where in a published file the network's arrays are, and what their names start with.
enum KeyRules {
  /// Keys under which training programs save a network's arrays, in order of trust; the last is VISSL's.
  static let dictionaryPaths: [[String]] = [
    ["state_dict"], ["model_state_dict"], ["model"], ["resnet"], ["teacher"], ["student"], ["model_ema"],
    ["classy_state_dict", "base_model", "model", "trunk"],
  ]

  /// What wrappers put in front of a backbone's names, longest first.
  static let prefixes = [
    "module.encoder_q.", "module.encoder.", "module.backbone.", "module.", "backbone.", "encoder.", "trunk.",
    "_feature_blocks.", "trunk._feature_blocks.", "visual.", "visual.trunk.", "",
  ].sorted { $0.count > $1.count }

  /// The share of the network's names that a prefix must bring to light.
  static let namesRequired = 0.9

  /// The part of the file that holds the network: `path` when it is given, else the first known place, else the root.
  static func dictionary(in root: CheckpointNode, path: [String]?) throws -> (node: CheckpointNode, path: [String]) {
    if let path {
      guard let node = descend(root, path) else { throw CheckpointsError.noSuchPath(path, keys: keys(of: root)) }
      return (node, path)
    }
    for path in dictionaryPaths {
      if let node = descend(root, path), case .dictionary = node, node.holdsArrays { return (node, path) }
    }
    return (root, [])
  }

  private static func descend(_ root: CheckpointNode, _ path: [String]) -> CheckpointNode? {
    path.reduce(root) { node, key in node?[key] }
  }

  private static func keys(of node: CheckpointNode) -> [String] {
    guard case .dictionary(let items) = node else { return [] }
    return items.map(\.key)
  }

  /// The longest known prefix under which enough of the expected names are found; nil when none does.
  static func prefix(for expected: [String], in names: Set<String>) -> String? {
    let needed = namesRequired * Double(expected.count)
    return prefixes.first { Double(count(expected, in: names, prefix: $0)) >= needed }
  }

  /// The prefix that brings most of the expected names to light, and how many: for an error's sentence.
  static func bestPrefix(for expected: [String], in names: Set<String>) -> (prefix: String, count: Int) {
    prefixes.map { ($0, count(expected, in: names, prefix: $0)) }.max { $0.1 < $1.1 } ?? ("", 0)
  }

  private static func count(_ expected: [String], in names: Set<String>, prefix: String) -> Int {
    expected.count { names.contains(prefix + $0) }
  }
}
