internal import Foundation

extension ContainerKind {
  public static let shardedSafetensors = ContainerKind(ShardedSafetensorsContainer.self)
}

/// Reads a `model.safetensors.index.json`: which array lies in which of the safetensors files beside it.
///
/// The index and the files must say the same: every name of the index is in its file, and no file has another.
enum ShardedSafetensorsContainer: CheckpointContainer {
  static let name = "shardedSafetensors", shortName = "safetensors, sharded", description = "the index of sharded safetensors"
  static let resaveAdvice = TorchArchiveContainer.resaveAdvice
  static let shardLimit = 1024

  /// A JSON object whose first key is one of the two that such an index has.
  static func recognizes(_ signature: Signature) -> Bool {
    let text = signature.head.filter { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    return ["{\"weight_map\":", "{\"metadata\":"].contains { text.starts(with: Array($0.utf8)) }
  }

  static func read(_ source: any ByteSource, name: String, siblings: SiblingFiles) throws -> CheckpointContents {
    guard source.byteCount <= SafetensorsHeader.byteLimit else {
      throw ContainersError.tooLarge("an index of \(source.byteCount) bytes", limit: SafetensorsHeader.byteLimit)
    }
    let places = try places(parsing: try source.read(offset: 0, count: source.byteCount))
    var order: [String] = []
    var names: [String: Set<String>] = [:]
    for (name, shard) in places {
      if names[shard] == nil { order.append(shard) }
      names[shard, default: []].insert(name)
    }
    guard order.count <= shardLimit else { throw ContainersError.tooLarge("\(order.count) parts", limit: shardLimit) }
    var parts: [CheckpointPart] = []
    var nodes: [String: CheckpointNode] = [:]
    var metadata: [String: String] = [:]
    for shard in order {
      let part = try siblings.open(shard)
      let contents = try contents(of: part, named: shard)
      try check(contents.root, against: names[shard, default: []], shard: shard)
      if case .dictionary(let items) = contents.root { for (name, node) in items { nodes[name] = node } }
      metadata.merge(contents.metadata) { first, _ in first }
      parts.append(part)
    }
    let items = places.compactMap { place in nodes[place.name].map { (key: place.name, value: $0) } }
    return CheckpointContents(root: .dictionary(items), metadata: metadata, otherParts: parts)
  }

  /// The `weight_map` in its order. Anything else in the index is a note to people.
  private static func places(parsing bytes: Data) throws -> [(name: String, shard: String)] {
    var reader = StrictJSONReader(bytes, place: "the index")
    var keys: Set<String> = []
    var places: [(name: String, shard: String)] = []
    var names: Set<String> = []
    try reader.object { key, reader in
      guard keys.insert(key).inserted else { throw ContainersError.malformedSafetensors("its index has \(key) twice") }
      guard key == "weight_map" else { return try reader.skipValue() }
      try reader.object { name, reader in
        guard names.insert(name).inserted else {
          throw ContainersError.malformedSafetensors("the name \(name) occurs twice in its index")
        }
        places.append((name, try reader.string()))
      }
    }
    try reader.end()
    guard keys.contains("weight_map") else { throw ContainersError.malformedSafetensors("its index has no weight_map") }
    return places
  }

  private static func contents(of part: CheckpointPart, named name: String) throws -> CheckpointContents {
    do {
      guard part.source.byteCount > 0 else {
        throw ContainersError(.truncated, "The file is empty.", remedy: fetchAgain)
      }
      guard try Signature(part.source).kind == .safetensors else {
        throw ContainersError.malformedSafetensors("it does not begin with a header")
      }
      return try SafetensorsContainer.read(part.source)
    } catch let error as ContainersError where error.kind != .unreadable {
      throw error.naming(URL(fileURLWithPath: name))
    }
  }

  private static func check(_ root: CheckpointNode, against expected: Set<String>, shard: String) throws {
    guard case .dictionary(let items) = root else { return }
    let found = Set(items.map(\.key))
    if let missing = expected.subtracting(found).min() {
      throw ContainersError.malformedSafetensors("its index places \(missing) in \(shard), which does not have it")
    }
    if let surplus = found.subtracting(expected).min() {
      throw ContainersError.malformedSafetensors("its part \(shard) has \(surplus), which the index does not place there")
    }
  }
}
