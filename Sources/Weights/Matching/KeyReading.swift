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
    if naming.hasOwnNames { return byKey[prefix + name] }
    // A counter lies where its batch norm's mean does.
    let mean = ".running_mean"
    guard name.hasSuffix(KeyRules.counter), let key = rules[name.dropLast(KeyRules.counter.count) + mean]?.key,
      key.hasSuffix(mean)
    else { return nil }
    return byKey[prefix + key.dropLast(mean.count) + KeyRules.counter]
  }

  /// The bias that goes into the network's tensor of that name.
  func bias(_ name: String) -> NamedArray? { rules[name]?.bias.flatMap { byKey[prefix + $0] } }

  /// Where it is, as far as a person would say it.
  var place: String {
    let parts = [path.isEmpty ? nil : "under \(path.joined(separator: "."))", prefix.isEmpty ? nil : "with the prefix “\(prefix)”"]
    let words = parts.compactMap(\.self).joined(separator: " ")
    return words.isEmpty ? "at its root" : words
  }

  /// How many of the arrays that the rules speak of are there under this prefix.
  private static func count(_ rules: [String: KeyRule], in byKey: [String: NamedArray], prefix: String) -> Int {
    rules.values.count { byKey[prefix + $0.key] != nil }
  }

  /// The first reading of a file that the layouts allow and that finds enough of the network; else the one that finds most, of
  /// equals the first; nil when no layout has a place in the file.
  ///
  /// - Parameter needed: how many of the expected tensors are enough.
  /// - Throws: `WeightsError` when two arrays of the file claim one name.
  static func best(in pool: KeyPool, layouts: [KeyLayout], expected: [String], needed: Int) throws -> KeyReading? {
    var best: KeyReading?
    var places: [[String]: [NamedArray]] = [:]
    for layout in layouts {
      guard let rules = layout.naming.rules(for: expected) else { continue }
      for path in layout.paths {
        guard let arrays = try places[path] ?? pool.arrays(at: path) else { continue }
        places[path] = arrays
        let byKey = try keyed(arrays, naming: layout.naming, rules: rules)
        for prefix in layout.prefixes where pool.keys.admits(prefix: prefix, path: pool.path + path) {
          let found = count(rules, in: byKey, prefix: prefix)
          guard found > best?.found ?? -1 else { continue }
          let reading = KeyReading(
            naming: layout.naming, path: pool.path + path, prefix: prefix, arrays: arrays, byKey: byKey, rules: rules, found: found)
          if found >= needed { return reading }
          best = reading
        }
      }
    }
    return best
  }

  /// All readings under a naming, whatever place and prefix the names have, those that find most first, of equals the first of the file.
  ///
  /// - Throws: `WeightsError` when two arrays of the file claim one name.
  static func all(in pool: KeyPool, naming: KeyNaming, expected: [String]) throws -> [KeyReading] {
    guard let rules = naming.rules(for: expected), let arrays = try pool.arrays(at: []) else { return [] }
    let wanted = Set(rules.values.map(\.key))
    var counts: [Substring: Int] = [:]
    var order: [Substring] = []
    for array in arrays {
      guard let key = naming.canonical(array.name) else { continue }
      for start in starts(of: key) where wanted.contains(String(key[start...])) {
        let front = key[..<start]
        if counts[front] == nil { order.append(front) }
        counts[front, default: 0] += 1
      }
    }
    let ranked = order.enumerated().sorted { (-(counts[$0.element] ?? 0), $0.offset) < (-(counts[$1.element] ?? 0), $1.offset) }
    // Fronts with few names are parts of a network: layer1.0.bn1 for bn1.
    let large = ranked.filter { 2 * (counts[$0.element] ?? 0) >= rules.count }
    return try (large.isEmpty ? ranked.prefix(1) : large.prefix(Self.readingLimit)).compactMap { _, front in
      try reading(front: String(front), in: pool, naming: naming, rules: rules, found: counts[front] ?? 0)
    }
  }

  /// No file has more networks than that.
  private static let readingLimit = 64

  /// Where a name of its own may begin in a key: behind a dot, a slash, or the underscore of a prefix such as `ema_`.
  private static func starts(of key: String) -> [String.Index] {
    let bytes = key.utf8
    return [bytes.startIndex]
      + bytes.indices.filter { bytes[$0] == UInt8(ascii: ".") || bytes[$0] == UInt8(ascii: "/") || bytes[$0] == UInt8(ascii: "_") }.map { bytes.index(after: $0) }
  }

  /// The reading under the front of whole names: its first part is the place as far as dictionaries lead, the rest the prefix.
  private static func reading(
    front: String, in pool: KeyPool, naming: KeyNaming, rules: [String: KeyRule], found: Int
  ) throws -> KeyReading? {
    var (node, path, prefix) = (pool.node, [String](), front)
    while case .dictionary(let items) = node,
      let item = items.first(where: { prefix.hasPrefix($0.key + ".") && $0.value.holdsArrays })
    {
      (node, prefix) = (item.value, String(prefix.dropFirst(item.key.count + 1)))
      path.append(item.key)
    }
    for (path, prefix) in [(path, prefix), ([], front)] {
      guard let arrays = try pool.arrays(at: path) else { continue }
      let byKey = try keyed(arrays, naming: naming, rules: rules, prefix: prefix)
      let held = count(rules, in: byKey, prefix: prefix)
      // Fewer where some are ignored there.
      guard held == found || !pool.keys.ignore.isEmpty && held > 0 else { continue }
      guard pool.keys.admits(prefix: prefix, path: pool.path + path) else { return nil }
      return KeyReading(
        naming: naming, path: pool.path + path, prefix: prefix, arrays: arrays, byKey: byKey, rules: rules, found: held)
    }
    return nil
  }

  /// Two keys of a file may name one tensor only where a naming cuts keys short: that is an error for tensors of the network.
  private static func keyed(
    _ arrays: [NamedArray], naming: KeyNaming, rules: [String: KeyRule], prefix: String = ""
  ) throws -> [String: NamedArray] {
    let wanted = naming.keepsKeys ? [] : Set(rules.values.map { prefix + $0.key })
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
