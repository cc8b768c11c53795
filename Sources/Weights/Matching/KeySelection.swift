internal import Containers
internal import Foundations

/// Which arrays of a file are the network's, as far as a person says it: `path:`, `prefix:` and `ignore:` of a study.
///
/// What is not said is found: the place and the prefix under which exactly one network is complete.
public struct KeySelection: Codable, Hashable, Sendable {
  /// The keys that lead to the network's arrays, joined with dots: `state_dict`, `classy_state_dict.base_model.model.trunk`.
  public var path: String?
  /// What stands in front of the network's names at that place, or from the root of the file; its last dot may be left out.
  public var prefix: String?
  /// Keys that are not the network's, by their names at that place: of an array, of all below a name (`teacher`), or with `*` for any text.
  public var ignore: [String]

  public init(path: String? = nil, prefix: String? = nil, ignore: [String] = []) {
    (self.path, self.prefix, self.ignore) = (path, prefix, ignore)
  }

  public var isEmpty: Bool { path == nil && prefix == nil && ignore.isEmpty }

  /// Whether a prefix, or the whole front of a name from the root, is the one that was said.
  func admits(prefix found: String, path steps: [String]) -> Bool {
    guard let prefix else { return true }
    let whole = steps.map { $0 + "." }.joined() + found
    return [found, whole].contains { $0 == prefix || $0 == prefix + "." || $0 == prefix + "/" }
  }

  /// The pattern that a key is left out by, if any.
  func pattern(ignoring key: String) -> String? {
    ignore.first { pattern in
      let plain = pattern.hasSuffix(".") ? String(pattern.dropLast()) : pattern
      return Self.matches(key[...], plain[...]) || Self.matches(key[...], (plain + ".*")[...])
    }
  }

  /// `*` stands for any text, none included.
  private static func matches(_ text: Substring, _ pattern: Substring) -> Bool {
    let pieces = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard pieces.count > 1, let first = pieces.first, let last = pieces.last else { return text == pattern }
    guard text.hasPrefix(first) else { return false }
    var rest = text.dropFirst(first.count)
    // The earliest place of each piece leaves most room for the next.
    for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
      guard let place = rest.firstRange(of: piece) else { return false }
      rest = rest[place.upperBound...]
    }
    return rest.hasSuffix(last)
  }
}

/// The arrays of a file among which a network is looked for.
struct KeyPool {
  /// The file's root, or what `path:` leads to.
  let node: CheckpointNode
  /// The keys that lead there.
  let path: [String]
  let keys: KeySelection

  /// - Throws: `WeightsError` for a path that leads nowhere.
  init(_ root: CheckpointNode, keys: KeySelection) throws {
    self.keys = keys
    guard let path = keys.path else {
      (node, self.path) = (root, [])
      return
    }
    guard let found = Self.descend(root, path), found.node.holdsArrays else {
      throw WeightsError.noSuchPath(path, keys: KeyRules.places(in: root))
    }
    (node, self.path) = (found.node, found.steps)
  }

  /// Follows keys that are joined with dots, and may have some themselves.
  private static func descend(_ node: CheckpointNode, _ path: String) -> (node: CheckpointNode, steps: [String])? {
    guard !path.isEmpty else { return (node, []) }
    guard case .dictionary(let items) = node else { return nil }
    for item in items where path == item.key || path.hasPrefix(item.key + ".") {
      if let rest = descend(item.value, String(path.dropFirst(item.key.count + 1))) { return (rest.node, [item.key] + rest.steps) }
    }
    return nil
  }

  /// The arrays at a place below, without those that are ignored; nil where there are none.
  func arrays(at steps: [String]) throws -> [NamedArray]? {
    guard let place = KeyRules.descend(node, steps), place.holdsArrays else { return nil }
    let arrays = try place.arrays()
    return keys.ignore.isEmpty ? arrays : arrays.filter { pattern(ignoring: (steps + [$0.name]).joined(separator: "."), at: steps) == nil }
  }

  /// Whether a part of a name begins with an underscore, as those of wrappers do.
  func hasPrivateNames() throws -> Bool {
    try node.arrays().contains { array in
      var last = UInt8(ascii: ".")
      for byte in array.name.utf8 {
        if byte == UInt8(ascii: "_"), last == UInt8(ascii: ".") { return true }
        last = byte
      }
      return false
    }
  }

  /// What is left out because a person says so, by names from the pool's root.
  ///
  /// - Parameter steps: the place where the network was found.
  /// - Throws: `WeightsError` for a pattern that is of no key.
  func ignored(at steps: [String]) throws -> [BackboneMatcher.Dropped] {
    guard !keys.ignore.isEmpty else { return [] }
    let names = try node.arrays().map(\.name)
    var unused = Set(keys.ignore)
    let dropped = names.compactMap { name -> BackboneMatcher.Dropped? in
      guard let pattern = pattern(ignoring: name, at: steps) else { return nil }
      unused.remove(pattern)
      return BackboneMatcher.Dropped(key: (path + [name]).joined(separator: "."), rule: "ignore: \(pattern)")
    }
    guard let first = keys.ignore.first(where: unused.contains) else { return dropped }
    throw WeightsError.nothingToIgnore(first, names: names)
  }

  /// Keys may be said as they are at the network's place, too.
  private func pattern(ignoring name: String, at steps: [String]) -> String? {
    if let pattern = keys.pattern(ignoring: name) { return pattern }
    let front = steps.map { $0 + "." }.joined()
    return !front.isEmpty && name.hasPrefix(front) ? keys.pattern(ignoring: String(name.dropFirst(front.count))) : nil
  }
}

extension WeightsError {
  fileprivate static func nothingToIgnore(_ pattern: String, names: [String]) -> WeightsError {
    WeightsError(
      .noSuchPath, "Nothing in the file is “\(pattern)”, which is to be ignored.",
      remedy: "Leave it out, or name keys that there are, such as \(firstFew(names, atMost: 2)).")
  }
}
