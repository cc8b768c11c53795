import CheckpointFixtures
import Foundation
import Testing

@testable import Containers

/// Files that Python wrote, from Tools/goldens/checkpoints*.py.
enum Golden {
  struct Array: Decodable {
    let type: String
    let shape: [Int]
    let values: [Double]
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens")

  static func url(_ name: String) -> URL { folder.appendingPathComponent(name) }

  static func open(_ name: String) throws -> CheckpointFile { try CheckpointFile.open(url(name)) }

  /// File → array name → what it holds.
  static func expected() throws -> [String: [String: Array]] {
    var all: [String: [String: Array]] = [:]
    for part in ["expected.json", "old-torch.json", "pickles.json"] {
      all.merge(try JSONDecoder().decode([String: [String: Array]].self, from: Data(contentsOf: url(part)))) { $1 }
    }
    return all
  }
}

/// Opens bytes as if they were a file named `weights`.
func openBytes(_ data: Data) throws -> CheckpointFile {
  try CheckpointFile.read(MemoryByteSource(data: data), url: URL(fileURLWithPath: "weights"))
}

/// The error that opening the bytes and reading all their arrays gives; nil when nothing is wrong.
func failure(_ data: Data) throws -> ContainersError? { try failure { try readAll(openBytes(data)) } }

func failure(_ body: () throws -> Void) throws -> ContainersError? {
  do {
    try body()
    return nil
  } catch let error as ContainersError {
    return error
  }
}

@discardableResult
func readAll(_ file: CheckpointFile) throws -> Int {
  try file.arrays().reduce(0) { try $0 + $1.bytes().count }
}

/// Builds the bytes of a safetensors file from a header text, right or wrong.
func safetensors(_ header: String, buffer: Int, length: UInt64? = nil) -> Data {
  let text = Data(header.utf8)
  return withUnsafeBytes(of: (length ?? UInt64(text.count)).littleEndian) { Data($0) } + text + Data(count: buffer)
}

/// Builds stored zip archives, right or wrong.
struct ZipBuilder {
  struct Member {
    var name: String
    var data: Data
    var crc32: UInt32?
    var method: UInt16 = 0
    var flags: UInt16 = 0
    var localName: String?
    var claimedSize: UInt32?
    var headerOffset: UInt32?
  }

  var members: [Member] = []
  var comment = Data()
  var claimedCount: UInt16?

  mutating func add(_ name: String, _ data: Data) { members.append(Member(name: name, data: data)) }

  func build() -> Data {
    var archive = Data()
    var directory = Data()
    for member in members {
      let offset = UInt32(archive.count)
      let checksum = member.crc32 ?? Self.crc32(member.data)
      let localName = Data((member.localName ?? member.name).utf8)
      archive += Self.fields(0x0403_4B50 as UInt32, 20 as UInt16, member.flags, member.method, 0 as UInt32, 0 as UInt32)
      archive += Self.fields(0 as UInt32, 0 as UInt32, UInt16(localName.count), 0 as UInt16) + localName + member.data
      let size = UInt32(member.data.count)
      let name = Data(member.name.utf8)
      directory += Self.fields(0x0201_4B50 as UInt32, 20 as UInt16, 20 as UInt16, member.flags, member.method, 0 as UInt32)
      directory += Self.fields(checksum, size, member.claimedSize ?? size, UInt16(name.count), 0 as UInt16, 0 as UInt16)
      directory += Self.fields(0 as UInt16, 0 as UInt16, 0 as UInt32, member.headerOffset ?? offset) + name
    }
    let count = claimedCount ?? UInt16(members.count)
    let end = Self.fields(0x0605_4B50 as UInt32, 0 as UInt32, count, count, UInt32(directory.count), UInt32(archive.count))
    return archive + directory + end + Self.fields(UInt16(comment.count)) + comment
  }

  static func fields(_ values: any FixedWidthInteger...) -> Data {
    var data = Data()
    for value in values {
      for shift in stride(from: 0, to: value.bitWidth, by: 8) { data.append(UInt8(truncatingIfNeeded: Int(truncatingIfNeeded: value) >> shift)) }
    }
    return data
  }

  /// CRC-32 of IEEE 802.3, bit by bit.
  static func crc32(_ data: Data) -> UInt32 {
    var sum = ~UInt32(0)
    for byte in data {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
  }
}

/// An archive as torch.save writes it, around a pickle and its storages.
func torchArchive(pickle: [UInt8], storages: [String: Data] = [:]) -> Data {
  var zip = ZipBuilder()
  zip.add("archive/data.pkl", Data(pickle))
  zip.add("archive/version", Data("3\n".utf8))
  for (key, data) in storages.sorted(by: { $0.key < $1.key }) { zip.add("archive/data/\(key)", data) }
  return zip.build()
}

/// Writes pickles by hand.
enum Pickle {
  static func global(_ module: String, _ name: String) -> [UInt8] { [0x63] + Array("\(module)\n\(name)\n".utf8) }
  static func text(_ text: String) -> [UInt8] { [0x8C, UInt8(text.utf8.count)] + Array(text.utf8) }
  static func integer(_ value: Int64) -> [UInt8] {
    var bytes: [UInt8] = [0x8A, 8]
    for shift in stride(from: Int64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    return bytes
  }

  static func tuple(_ items: [[UInt8]]) -> [UInt8] { [0x28] + Array(items.joined()) + [0x74] }
  static func program(_ body: [UInt8]) -> [UInt8] { [0x80, 2] + body + [0x2E] }

  static func dictionary(_ items: [(String, [UInt8])]) -> [UInt8] {
    let body: [UInt8] = items.flatMap { text($0.0) + $0.1 }
    return [0x7D, 0x28] + body + [0x75]
  }

  static func storage(_ key: String, count: Int64, type: String = "FloatStorage") -> [UInt8] {
    let parts: [[UInt8]] = [text("storage"), global("torch", type), text(key), text("cpu"), integer(count)]
    return tuple(parts) + [0x51]
  }

  static func tensor(_ storage: [UInt8], offset: Int64 = 0, shape: [Int64], strides: [Int64]) -> [UInt8] {
    let parts: [[UInt8]] = [storage, integer(offset), tuple(shape.map(integer)), tuple(strides.map(integer)), [0x89], [0x4E]]
    let arguments = tuple(parts)
    return global("torch._utils", "_rebuild_tensor_v2") + arguments + [0x52]
  }
}
