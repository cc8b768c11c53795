internal import Foundation

extension ContainerKind {
  public static let tensorFlowBundle = ContainerKind(TensorBundleContainer.self)
}

/// Reads TensorFlow's tensor bundles (`Saver` version 2): an index, which is a sorted table of the variables' names, and data
/// files beside it, which are the variables' bytes one after the other.
enum TensorBundleContainer: CheckpointContainer {
  static let name = "tensorFlowBundle", shortName = "TF bundle", description = "the index of a TensorFlow bundle"
  static let shardLimit = 1024

  /// The sorted table's mark at its end.
  static func recognizes(_ signature: Signature) -> Bool { signature.tail.elementsEqual([0x57, 0xFB, 0x80, 0x8B, 0x24, 0x75, 0x47, 0xDB]) }

  /// - Parameter name: the index's file name, after which the data files are named.
  static func read(_ source: any ByteSource, name: String, siblings: SiblingFiles) throws -> CheckpointContents {
    let table = try SortedTable(source)
    guard let first = table.entries.first, first.key.isEmpty else {
      throw ContainersError.malformed(kind, "its index does not begin with a header")
    }
    let shards = try openShards(try TensorBundleHeader(parsing: first.value), indexName: name, siblings: siblings)
    var items: [(key: String, value: CheckpointNode)] = []
    var places: [(shard: Int, range: Range<Int>, name: String)] = []
    let entries = try table.entries.dropFirst().map { (key: $0.key, entry: try TensorBundleEntry(parsing: $0.value)) }
    // Before the names are read: each slice has an entry too, under a key that is no text.
    if let sliced = entries.first(where: { $0.entry.isSliced }) {
      throw ContainersError.unsupported(
        kind, "its variable \(String(decoding: sliced.key, as: UTF8.self)) is stored in slices, which are not put together")
    }
    for (key, entry) in entries {
      guard let name = String(validating: key, as: UTF8.self) else {
        throw ContainersError.malformed(kind, "a name in its index is not UTF-8")
      }
      guard shards.indices.contains(entry.shard) else {
        throw ContainersError.malformed(kind, "its variable \(name) lies in part \(entry.shard) of \(shards.count)")
      }
      let shard = shards[entry.shard].source
      guard entry.offset >= 0, entry.size >= 0, entry.offset <= shard.byteCount, entry.size <= shard.byteCount - entry.offset else {
        throw ContainersError.inconsistentArray(
          name, "it needs \(entry.size) bytes at offset \(entry.offset), but its part has \(shard.byteCount)")
      }
      if entry.size > 0 { places.append((entry.shard, entry.offset..<entry.offset + entry.size, name)) }
      items.append((name, try node(entry, name: name, shard: shard)))
    }
    try checkOverlap(places)
    return CheckpointContents(root: .dictionary(items), container: kind, otherParts: shards)
  }

  private static func openShards(
    _ header: TensorBundleHeader, indexName: String, siblings: SiblingFiles
  ) throws -> [CheckpointPart] {
    guard header.minimumReader <= 1 else {
      throw ContainersError.unsupported(kind, "it asks for a reader of version \(header.minimumReader), and version 1 is known")
    }
    guard !header.isBigEndian else { throw ContainersError.unsupported(kind, "its numbers are big-endian") }
    guard header.shardCount >= 1 else { throw ContainersError.malformed(kind, "it claims \(header.shardCount) data files") }
    guard header.shardCount <= shardLimit else {
      throw ContainersError.tooLarge("\(header.shardCount) data files", limit: shardLimit)
    }
    guard indexName.hasSuffix(".index") else {
      throw ContainersError(
        .missingPart, "The file is \(kind.description), but its name does not end in .index, so that its data files are not found.",
        remedy: "Give the file its published name.")
    }
    let prefix = indexName.dropLast(".index".count)
    func digits(_ number: Int) -> String { String(repeating: "0", count: 5 - String(number).count) + String(number) }
    return try (0..<header.shardCount).map {
      try siblings.open("\(prefix).data-\(digits($0))-of-\(digits(header.shardCount))")
    }
  }

  private static func node(_ entry: TensorBundleEntry, name: String, shard: any ByteSource) throws -> CheckpointNode {
    guard let elementType = entry.elementType else { return .opaque("TensorFlow's \(entry.typeName)") }
    guard let count = Extent.elementCount(entry.shape), Extent.product(count, elementType.byteCount) == entry.size else {
      throw ContainersError.inconsistentArray(
        name, "its \(entry.size) bytes do not fit \(elementType.rawValue) of shape \(entry.shape)")
    }
    let bytes = CheckedByteSource(
      name: name, of: shard, offset: entry.offset, count: entry.size,
      checksum: entry.checksum.map { .crc32c(CRC32C.unmasked($0)) })
    return .array(
      try NamedArray(name: name, elementType: elementType, shape: entry.shape, source: bytes, byteOffset: 0, strides: nil))
  }

  /// No two variables share a byte: TensorFlow writes them one after the other.
  private static func checkOverlap(_ places: [(shard: Int, range: Range<Int>, name: String)]) throws {
    let sorted = places.sorted { ($0.shard, $0.range.lowerBound) < ($1.shard, $1.range.lowerBound) }
    for (one, next) in zip(sorted, sorted.dropFirst()) where one.shard == next.shard && next.range.lowerBound < one.range.upperBound {
      throw ContainersError.inconsistentArray(next.name, "its bytes overlap those of \(one.name)")
    }
  }
}
