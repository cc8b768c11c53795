internal import Foundation

/// The sorted table of keys and values (LevelDB's table format) that a TensorFlow bundle's index is.
///
/// Blocks of entries, then a block of the blocks' places, then a footer of 48 bytes. A key is stored as the number of bytes
/// it shares with the key before it and the rest; each block ends with the places where nothing is shared.
struct SortedTable {
  struct Entry: Equatable {
    var key: ArraySlice<UInt8>
    var value: ArraySlice<UInt8>
  }

  /// In ascending order of their keys, which differ.
  private(set) var entries: [Entry] = []

  /// Bounds against hostile files: an index of TensorFlow's is about 60 bytes a variable.
  static let byteLimit = 256 << 20
  static let entryLimit = 1_000_000
  static let keyLimit = 4096
  /// Shared prefixes unfold: this many bytes of keys for one byte of the table at most.
  static let unfoldingLimit = 64

  static let footerByteCount = 48

  init(_ source: any ByteSource) throws {
    guard source.byteCount >= Self.footerByteCount else {
      throw ContainersError.truncated(needed: "a footer of \(Self.footerByteCount) bytes", available: source.byteCount)
    }
    guard source.byteCount <= Self.byteLimit else {
      throw ContainersError.tooLarge("an index of \(source.byteCount) bytes", limit: Self.byteLimit)
    }
    let bytes = [UInt8](try source.read(offset: 0, count: source.byteCount))
    let end = bytes.count - Self.footerByteCount
    var footer = ProtocolBufferReader(bytes[end..<end + 40])
    _ = try BlockHandle(from: &footer)
    let handle = try BlockHandle(from: &footer)
    var keyBytes = 0
    var places: [Entry] = []
    try Self.readBlock(handle, of: bytes[..<end], into: &places, keyBytes: &keyBytes)
    var last = 0
    for place in places {
      var reader = ProtocolBufferReader(place.value)
      let handle = try BlockHandle(from: &reader)
      // Ascending places: no block is read twice, so that the table cannot unfold into more than its size.
      guard handle.offset >= last else { throw Self.malformed("its block at byte \(handle.offset) overlaps the one before it") }
      try Self.readBlock(handle, of: bytes[..<end], into: &entries, keyBytes: &keyBytes)
      last = handle.offset + handle.size + 5
    }
    for (one, next) in zip(entries, entries.dropFirst()) where !one.key.lexicographicallyPrecedes(next.key) {
      let name = String(decoding: next.key, as: UTF8.self)
      throw Self.malformed(one.key == next.key ? "the name \(name) occurs twice" : "the name \(name) is out of order")
    }
  }

  static func malformed(_ reason: String) -> ContainersError { .malformed(.tensorFlowBundle, reason) }

  /// Where a block is, without its trailer of 5 bytes.
  private struct BlockHandle {
    let offset: Int
    let size: Int

    init(from reader: inout ProtocolBufferReader) throws {
      guard let offset = Int(exactly: try reader.varint()), let size = Int(exactly: try reader.varint()) else {
        throw SortedTable.malformed("a block lies at a place that no file has")
      }
      (self.offset, self.size) = (offset, size)
    }
  }

  private static func readBlock(
    _ handle: BlockHandle, of bytes: ArraySlice<UInt8>, into entries: inout [Entry], keyBytes: inout Int
  ) throws {
    guard handle.offset <= bytes.count - 5, handle.size <= bytes.count - 5 - handle.offset, handle.size >= 4 else {
      throw malformed("its block of \(handle.size) bytes at byte \(handle.offset) lies outside its \(bytes.count) bytes of blocks")
    }
    let end = handle.offset + handle.size
    let compression = bytes[end]
    let stored = bytes[end + 1..<end + 5].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    guard CRC32C.updated(0, with: Data(bytes[handle.offset...end])) == CRC32C.unmasked(stored) else {
      throw ContainersError(
        .checksum, "The index's block at byte \(handle.offset) is damaged: its CRC-32C does not match its bytes.",
        remedy: fetchAgain)
    }
    guard compression == 0 else {
      let name = compression == 1 ? "snappy" : "method \(compression)"
      throw ContainersError.unsupported(.tensorFlowBundle, "a block of it is compressed with \(name), which no writer of bundles does")
    }
    let restarts = try restarts(of: bytes[handle.offset..<end])
    try readEntries(
      bytes[handle.offset..<end - 4 - 4 * restarts.count], restarts: restarts, into: &entries, keyBytes: &keyBytes,
      keyByteLimit: unfoldingLimit * bytes.count)
  }

  /// The places in a block, from its start, at which an entry shares nothing with the one before it.
  private static func restarts(of block: ArraySlice<UInt8>) throws -> [Int] {
    func number(at position: Int) -> Int { block[position..<position + 4].reversed().reduce(0) { $0 << 8 | Int($1) } }
    let count = number(at: block.endIndex - 4)
    guard count >= 1, count <= (block.count - 4) / 4 else {
      throw malformed("a block of \(block.count) bytes claims \(count) restarts")
    }
    let start = block.endIndex - 4 - 4 * count
    let restarts = (0..<count).map { number(at: start + 4 * $0) }
    let isAscending = zip(restarts, restarts.dropFirst()).allSatisfy { $0 < $1 }
    guard restarts[0] == 0, isAscending, restarts[count - 1] <= start - block.startIndex else {
      throw malformed("the restarts of a block are out of order or outside it")
    }
    return restarts
  }

  private static func readEntries(
    _ block: ArraySlice<UInt8>, restarts: [Int], into entries: inout [Entry], keyBytes: inout Int, keyByteLimit: Int
  ) throws {
    var reader = ProtocolBufferReader(block)
    var key: [UInt8] = []
    var nextRestart = 0
    while !reader.isAtEnd {
      let place = block.count - reader.remaining
      let shared = try reader.varint()
      let (own, valueSize) = (try reader.varint(), try reader.varint())
      guard shared <= UInt64(key.count) else { throw malformed("a name shares \(shared) bytes with one of \(key.count)") }
      if nextRestart < restarts.count, place >= restarts[nextRestart] {
        guard place == restarts[nextRestart], shared == 0 else { throw malformed("a restart of a block is not where one can be") }
        nextRestart += 1
      }
      key.removeSubrange(Int(shared)...)
      key += try reader.take(own)
      keyBytes += key.count
      guard key.count <= keyLimit else { throw ContainersError.tooLarge("a name of \(key.count) bytes", limit: keyLimit) }
      guard keyBytes <= keyByteLimit else { throw ContainersError.tooLarge("\(keyBytes) bytes of names", limit: keyByteLimit) }
      guard entries.count < entryLimit else { throw ContainersError.tooLarge("names", limit: entryLimit) }
      entries.append(Entry(key: key[...], value: try reader.take(valueSize)))
    }
    guard nextRestart >= restarts.count || block.isEmpty else { throw malformed("a restart of a block is not where one can be") }
  }
}
