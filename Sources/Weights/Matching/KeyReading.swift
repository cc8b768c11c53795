internal import Containers

/// One way of finding a network's tensors in a file: a place, a prefix and a naming.
struct KeyReading {
  let naming: KeyNaming
  let path: [String]
  let prefix: String
  /// The arrays at the place, under the file's own keys and in its order.
  let arrays: [NamedArray]
  /// By the part of the key that rules speak of.
  let byKey: [String: NamedArray]
  /// By the network's name of the tensor.
  let rules: [String: KeyRule]
  /// How many of the network's tensors are there by name.
  let found: Int

  /// The array of the file that is the network's tensor of that name, as the file has it.
  func array(_ name: String) -> NamedArray? {
    if let key = rules[name]?.key { return byKey[prefix + key] }
    if naming == .torchvision { return byKey[prefix + name] }
    // A counter lies where its batch norm's mean does.
    let mean = ".running_mean"
    guard name.hasSuffix(KeyRules.counter), let key = rules[name.dropLast(KeyRules.counter.count) + mean]?.key,
      key.hasSuffix(mean)
    else { return nil }
    return byKey[prefix + key.dropLast(mean.count) + KeyRules.counter]
  }

  /// The bias that goes into the network's tensor of that name.
  func bias(_ name: String) -> NamedArray? { rules[name]?.bias.flatMap { byKey[prefix + $0] } }

  /// How many of the arrays that the rules speak of are there under this prefix.
  private static func count(_ rules: [String: KeyRule], in byKey: [String: NamedArray], prefix: String) -> Int {
    rules.values.count { byKey[prefix + $0.key] != nil }
  }

  /// The first reading of a file that the layouts allow and that finds enough of the network; else the one that finds most, of
  /// equals the first; nil when no layout has a place in the file.
  ///
  /// - Parameter needed: how many of the expected tensors are enough.
  /// - Throws: `WeightsError` when two arrays of the file claim one name.
  static func best(
    of root: CheckpointNode, layouts: [KeyLayout], expected: [String], needed: Int
  ) throws -> KeyReading? {
    var best: KeyReading?
    var places: [[String]: [NamedArray]] = [:]
    for layout in layouts {
      guard let rules = layout.naming.rules(for: expected) else { continue }
      for path in layout.paths {
        guard let node = KeyRules.descend(root, path), node.holdsArrays else { continue }
        let arrays = try places[path] ?? node.arrays()
        places[path] = arrays
        let byKey = try keyed(arrays, naming: layout.naming, rules: rules)
        for prefix in layout.prefixes {
          let found = count(rules, in: byKey, prefix: prefix)
          guard found > best?.found ?? -1 else { continue }
          let reading = KeyReading(
            naming: layout.naming, path: path, prefix: prefix, arrays: arrays, byKey: byKey, rules: rules, found: found)
          if found >= needed { return reading }
          best = reading
        }
      }
    }
    return best
  }

  /// Two keys of a file may name one tensor only where a naming cuts keys short: that is an error for tensors of the network.
  private static func keyed(
    _ arrays: [NamedArray], naming: KeyNaming, rules: [String: KeyRule]
  ) throws -> [String: NamedArray] {
    let wanted = naming == .torchvision ? [] : Set(rules.values.map(\.key))
    var byKey: [String: NamedArray] = [:]
    for array in arrays {
      guard let key = naming.canonical(array.name) else { continue }
      if let other = byKey.updateValue(array, forKey: key), wanted.contains(key) {
        throw WeightsError.claimedTwice(key, by: other.name, and: array.name)
      }
    }
    return byKey
  }
}

extension WeightsError {
  fileprivate static func claimedTwice(_ key: String, by first: String, and second: String) -> WeightsError {
    WeightsError(
      .duplicateName, "Two arrays of the file are \(key): \(first) and \(second).",
      remedy: "Give a file with one network in it.")
  }
}
