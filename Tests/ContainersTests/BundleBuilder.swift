import Foundation

@testable import Containers

/// Builds TensorFlow bundles, right or wrong: a second implementation of the format, from its description.
struct BundleBuilder {
  struct Entry {
    var key: [UInt8]
    var value: [UInt8]
  }

  struct Tensor {
    var name: String
    var data = Data(count: 8)
    var shape: [UInt64] = [2]
    var type: UInt64 = 1
    var shard: UInt64 = 0
    var offset: UInt64?
    var size: UInt64?
    var checksum: UInt32?
    var extra: [UInt8] = []
  }

  var header: [UInt8]? = field(1, varint: 1) + field(3, bytes: field(1, varint: 1))
  var entries: [Entry] = []
  var shards: [Data] = [Data()]
  var entriesPerBlock = 3
  var restartInterval = 2
  var compression: UInt8 = 0
  var footerHandles: [UInt8]?
  var magic: [UInt8] = [0x57, 0xFB, 0x80, 0x8B, 0x24, 0x75, 0x47, 0xDB]
  /// Changes a data block's bytes before its checksum is made.
  var changeBlock: (inout [UInt8]) -> Void = { _ in }
  /// Changes where the index says that the blocks are.
  var changeHandles: (inout [(offset: UInt64, size: UInt64)]) -> Void = { _ in }
  var isDamaged = false

  mutating func add(_ tensor: Tensor) {
    let shard = Int(tensor.shard)
    let place = shards.indices.contains(shard) ? shards[shard].count : 0
    if shards.indices.contains(shard) { shards[shard] += tensor.data }
    let shape = tensor.shape.flatMap { Self.field(2, bytes: Self.field(1, varint: $0)) }
    var value = Self.field(1, varint: tensor.type) + Self.field(2, bytes: shape)
    if tensor.shard > 0 { value += Self.field(3, varint: tensor.shard) }
    value += Self.field(4, varint: tensor.offset ?? UInt64(place)) + Self.field(5, varint: tensor.size ?? UInt64(tensor.data.count))
    let checksum = tensor.checksum ?? Self.masked(Self.crc32c(tensor.data))
    value += [6 << 3 | 5] + Self.little(checksum) + tensor.extra
    entries.append(Entry(key: Array(tensor.name.utf8), value: value))
  }

  func index() -> Data {
    var all = (header.map { [Entry(key: [], value: $0)] } ?? []) + entries
    if entries.allSatisfy({ !$0.key.isEmpty }) { all.sort { $0.key.lexicographicallyPrecedes($1.key) } }
    var bytes: [UInt8] = []
    var handles: [(offset: UInt64, size: UInt64)] = []
    for start in stride(from: 0, to: all.count, by: entriesPerBlock) {
      var block = Self.block(Array(all[start..<min(start + entriesPerBlock, all.count)]), restartInterval: restartInterval)
      changeBlock(&block)
      handles.append(append(block, to: &bytes, compression: compression))
    }
    changeHandles(&handles)
    let meta = append(Self.block([], restartInterval: 1), to: &bytes, compression: 0)
    let places = handles.enumerated().map { number, handle in
      Entry(key: Array("separator-\(100_000 + number)".utf8), value: Self.varint(handle.offset) + Self.varint(handle.size))
    }
    let index = append(Self.block(places, restartInterval: 1), to: &bytes, compression: 0)
    var footer =
      footerHandles
      ?? Self.varint(meta.offset) + Self.varint(meta.size) + Self.varint(index.offset) + Self.varint(index.size)
    footer += [UInt8](repeating: 0, count: 40 - footer.count)
    if isDamaged { bytes[2] ^= 1 }
    return Data(bytes + footer + magic)
  }

  func open() throws -> CheckpointFile { try Self.open(index(), shards: shards) }

  static func open(_ index: Data, shards: [Data]) throws -> CheckpointFile {
    let siblings = SiblingFiles { name in
      guard let number = shards.indices.first(where: { name.hasPrefix("m.data-0000\($0)-of-") }) else { return nil }
      return CheckpointPart(url: URL(fileURLWithPath: name), source: MemoryByteSource(data: shards[number]))
    }
    return try CheckpointFile.read(MemoryByteSource(data: index), url: URL(fileURLWithPath: "m.index"), siblings: siblings)
  }

  private func append(_ block: [UInt8], to bytes: inout [UInt8], compression: UInt8) -> (offset: UInt64, size: UInt64) {
    let handle = (offset: UInt64(bytes.count), size: UInt64(block.count))
    let guarded = block + [compression]
    bytes += guarded + Self.little(Self.masked(Self.crc32c(Data(guarded))))
    return handle
  }

  static func block(_ entries: [Entry], restartInterval: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var restarts: [UInt32] = entries.isEmpty ? [0] : []
    var last: [UInt8] = []
    for (number, entry) in entries.enumerated() {
      var shared = zip(last, entry.key).prefix { $0 == $1 }.count
      if number % restartInterval == 0 {
        shared = 0
        restarts.append(UInt32(bytes.count))
      }
      bytes += varint(UInt64(shared)) + varint(UInt64(entry.key.count - shared)) + varint(UInt64(entry.value.count))
      bytes += entry.key[shared...] + entry.value
      last = entry.key
    }
    return bytes + restarts.flatMap(little) + little(UInt32(restarts.count))
  }

  static func varint(_ value: UInt64) -> [UInt8] {
    value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + varint(value >> 7)
  }

  static func field(_ number: UInt64, varint value: UInt64) -> [UInt8] { varint(number << 3) + varint(value) }

  static func field(_ number: UInt64, bytes: [UInt8]) -> [UInt8] {
    varint(number << 3 | 2) + varint(UInt64(bytes.count)) + bytes
  }

  static func little(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) } }

  static func masked(_ checksum: UInt32) -> UInt32 { (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8 }

  /// Bit by bit.
  static func crc32c(_ data: Data) -> UInt32 {
    var sum = ~UInt32(0)
    for byte in data {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0x82F6_3B78 : sum >> 1 }
    }
    return ~sum
  }
}
