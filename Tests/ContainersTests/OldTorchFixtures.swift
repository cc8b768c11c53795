import Foundation

@testable import Containers

/// Builds streams as torch.save wrote them before PyTorch 1.6, right or wrong.
struct LegacyBuilder {
  struct Storage {
    var key: String
    var data: Data
    var claimedCount: UInt64?
  }

  var version: [UInt8] = Pickle.program([0x4D, 0xE9, 0x03])
  var facts: [UInt8] = Pickle.program(Pickle.dictionary([("protocol_version", [0x4D, 0xE9, 0x03]), ("little_endian", [0x88])]))
  var object: [UInt8] = []
  /// In the order of the list of keys and of the bytes.
  var storages: [Storage] = []
  var listedKeys: [UInt8]?
  var tail = Data()

  /// One tensor `w` of float32 over a storage `0` that holds 1, 2, 3, 4.
  static func weights() -> LegacyBuilder {
    var builder = LegacyBuilder()
    builder.object = Pickle.program(
      Pickle.dictionary([("w", Pickle.tensor(Pickle.legacyStorage("0", count: 4), shape: [2, 2], strides: [2, 1]))]))
    builder.storages = [Storage(key: "0", data: floats(1, 2, 3, 4))]
    return builder
  }

  func build() -> Data {
    let keys: [UInt8] = storages.flatMap { Pickle.text($0.key) + [0x61] }
    var data = Data(Pickle.program(TorchLegacyContainer.magic.dropLast() + [])) + Data(version + facts + object)
    data += Data(listedKeys ?? Pickle.program([0x5D] + keys))
    for storage in storages {
      data += ZipBuilder.fields(storage.claimedCount ?? UInt64(storage.data.count / 4)) + storage.data
    }
    return data + tail
  }
}

extension Pickle {
  /// A persistent identifier with the description of a view, or None for it.
  static func legacyStorage(
    _ key: String, count: Int64, type: (String, String) = ("torch", "FloatStorage"), view: [UInt8] = [0x4E]
  ) -> [UInt8] {
    tuple([text("storage"), global(type.0, type.1), text(key), text("cuda:0"), integer(count), view]) + [0x51]
  }
}

/// Builds tars as torch.save wrote them before PyTorch 0.1.10, right or wrong.
struct TarBuilder {
  var members: [(name: String, data: Data)] = []
  /// What a member's header claims instead of its size.
  var claimedSizes: [String: String] = [:]
  var damagedHeader: String?
  var magic = "ustar\u{0}00"

  /// One tensor `w` (key 1) of float32 over a storage (key 100) that holds 1, 2, 3, 4.
  static func weights(
    sizes: [Int64] = [2, 2], strides: [Int64] = [2, 1], offset: Int64 = 0, storageCount: UInt64 = 4, storageKey: Int64 = 100,
    rank: UInt64? = nil, views: [UInt8] = [0x5D]
  ) -> TarBuilder {
    let facts = Pickle.program(Pickle.dictionary([("protocol_version", [0x4D, 0xE8, 0x03]), ("little_endian", [0x88])]))
    let storage = Pickle.tuple([Pickle.integer(100), Pickle.text("cpu"), Pickle.global("torch", "FloatStorage")])
    var storages = Data(Pickle.program([0x4B, 1]) + Pickle.program(storage))
    storages += ZipBuilder.fields(storageCount) + floats(1, 2, 3, 4) + Data(Pickle.program(views))
    let tensor = Pickle.tuple([Pickle.integer(1), Pickle.integer(storageKey), Pickle.global("torch", "FloatTensor")])
    var tensors = Data(Pickle.program([0x4B, 1]) + Pickle.program(tensor))
    tensors += ZipBuilder.fields(rank ?? UInt64(sizes.count))
    for number in sizes + strides + [offset] { tensors += ZipBuilder.fields(UInt64(bitPattern: number)) }
    let pickle = Pickle.program(Pickle.dictionary([("w", [0x4B, 1, 0x51])]))
    return TarBuilder(members: [
      ("sys_info", Data(facts)), ("storages", storages), ("tensors", tensors), ("pickle", Data(pickle)),
    ])
  }

  func build() -> Data {
    var tar = Data()
    for (name, data) in members {
      var header = [UInt8](repeating: 0, count: 512)
      func put(_ text: String, at position: Int) { header.replaceSubrange(position..<position + text.utf8.count, with: text.utf8) }
      put(name, at: 0)
      let size = String(data.count, radix: 8)
      put(claimedSizes[name] ?? String(repeating: "0", count: 11 - size.count) + size, at: 124)
      put("        0", at: 148)
      put(magic, at: 257)
      let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
      put(String(repeating: "0", count: 6 - sum.count) + sum + "\u{0} ", at: 148)
      if damagedHeader == name { header[0] ^= 1 }
      tar += Data(header) + data + Data(count: (512 - data.count % 512) % 512)
    }
    return tar + Data(count: 1024)
  }
}

func floats(_ values: Float...) -> Data {
  values.reduce(into: Data()) { data, value in data += ZipBuilder.fields(value.bitPattern) }
}
