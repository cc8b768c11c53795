import CZlib
import Foundation
import Foundations
import Testing

@testable import Containers

/// Files that TensorFlow, NumPy, safetensors and h5py wrote, from Tools/goldens/tensor_bundles.py and containers.py.
enum ContainerGolden {
  struct Array: Decodable {
    let type: String
    let shape: [Int]
    let sha256: String
  }

  /// File → array name → what its library reads from it.
  static func expected() throws -> [String: [String: Array]] {
    var all: [String: [String: Array]] = [:]
    for name in ["bundles.json", "containers.json"] {
      let decoded = try JSONDecoder().decode([String: [String: Array]].self, from: Data(contentsOf: Golden.url(name)))
      all.merge(decoded) { first, _ in first }
    }
    return all
  }
}

@Suite("Containers as their libraries write them")
struct ContainerGoldenTests {
  static let files: [(String, ContainerKind)] = [
    ("bundle-simclr/model.ckpt-225206.index", .tensorFlowBundle), ("bundle-types/types.index", .tensorFlowBundle),
    ("stored.npz", .numpyArchive), ("deflated.npz", .numpyArchive), ("version-1.npy", .numpyArray),
    ("version-2.npy", .numpyArray), ("version-3.npy", .numpyArray),
    ("bundle-shards/model.safetensors.index.json", .shardedSafetensors), ("keras-resnet50.h5", .hdf5),
    ("keras-model.h5", .hdf5), ("types.h5", .hdf5), ("linked.h5", .hdf5),
  ]

  @Test("Every fixture with known content is read in these tests")
  func everyFixtureIsCovered() throws {
    #expect(try Set(ContainerGolden.expected().keys) == Set(Self.files.map(\.0)))
  }

  @Test("Names, element types, shapes and every byte are those that the library reads", arguments: files)
  func bytesAreEqual(name: String, container: ContainerKind) throws {
    let expected = try #require(try ContainerGolden.expected()[name])
    let file = try Golden.open(name)
    #expect(file.container == container)
    let arrays = try file.arrays()
    #expect(Set(arrays.map(\.name)) == Set(expected.keys))
    for array in arrays {
      let golden = try #require(expected[array.name])
      #expect(array.elementType.rawValue == golden.type, "\(array.name)")
      #expect(array.shape == golden.shape, "\(array.name)")
      #expect(try Digest.sha256Hex(of: array.bytes()) == golden.sha256, "\(array.name)")
    }
  }

  @Test("Values that are no arrays of numbers are kept as what they are")
  func otherValues() throws {
    guard case .opaque("TensorFlow's string") = try Golden.open("bundle-types/types.index").root["text"],
      case .opaque("NumPy's <U7") = try Golden.open("stored.npz").root["text"]
    else {
      Issue.record("a text became something else")
      return
    }
  }

  @Test("The groups of an HDF5 file are dictionaries")
  func groups() throws {
    let root = try Golden.open("keras-resnet50.h5").root
    guard case .array(let kernel) = root["conv1_conv"]?["conv1_conv"]?["kernel:0"] else {
      Issue.record("the groups are not dictionaries")
      return
    }
    #expect(kernel.shape == [7, 7, 3, 2])
  }

  @Test("The parts of a checkpoint are all files that hold it, the index first, each with its digest")
  func parts() throws {
    let bundle = try Golden.open("bundle-simclr/model.ckpt-225206.index")
    #expect(
      bundle.parts.map(\.lastPathComponent) == [
        "model.ckpt-225206.index", "model.ckpt-225206.data-00000-of-00002", "model.ckpt-225206.data-00001-of-00002",
      ])
    let contents = try bundle.parts.map { try Data(contentsOf: $0) }
    #expect(bundle.byteCount == contents.reduce(0) { $0 + $1.count })
    #expect(try bundle.partDigests() == contents.map { Digest.sha256Hex(of: $0) })
    #expect(try bundle.sha256Hex() == bundle.partDigests()[0])
    let shards = try Golden.open("bundle-shards/model.safetensors.index.json")
    #expect(shards.parts.count == 3)
    #expect(shards.metadata == ["format": "pt"])
    #expect(try Golden.open("stored.npz").parts.count == 1)
  }

  @Test(
    "A bundle is found by its folder, its prefix and each of its files",
    arguments: [
      "bundle-simclr", "bundle-simclr/model.ckpt-225206", "bundle-simclr/checkpoint", "bundle-types",
      "bundle-simclr/model.ckpt-225206.data-00000-of-00002", "bundle-simclr/model.ckpt-225206.data-00001-of-00002",
    ])
  func locations(name: String) throws {
    let file = try Golden.open(name)
    #expect(file.container == .tensorFlowBundle)
    #expect(file.url.pathExtension == "index")
  }

  @Test("Sharded safetensors are found by their folder")
  func shardedFolder() throws {
    #expect(try Golden.open("bundle-shards").container == .shardedSafetensors)
  }

  @Test("A bundle in a zip is read without unpacking it, stored or deflated", arguments: [false, true])
  func zippedBundle(deflated: Bool) throws {
    let folder = Golden.url("bundle-simclr")
    var zip = ZipBuilder()
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
      let data = try Data(contentsOf: folder.appendingPathComponent(name))
      try zip.add("ResNet50_1x/\(name)", unpacked: data, deflated: deflated)
    }
    let file = try openBytes(zip.build())
    #expect(file.container == .tensorFlowBundle)
    #expect(file.parts.count == 1)
    let expected = try #require(try ContainerGolden.expected()["bundle-simclr/model.ckpt-225206.index"])
    for array in try file.arrays() {
      #expect(try Digest.sha256Hex(of: array.bytes()) == expected[array.name]?.sha256, "\(array.name)")
    }
  }

  @Test("CRC-32C is that of RFC 3720, in pieces too")
  func checksum() {
    #expect(CRC32C.updated(0, with: Data(count: 32)) == 0x8A91_36AA)
    #expect(CRC32C.updated(0, with: Data(0..<32)) == 0x46DD_794E)
    #expect(CRC32C.updated(0, with: Data("123456789".utf8)) == 0xE306_9283)
    let piece = CRC32C.updated(0, with: Data("1234".utf8))
    #expect(CRC32C.updated(piece, with: Data("56789".utf8)) == 0xE306_9283)
  }
}

extension ZipBuilder {
  /// Adds a member as a zip program does, deflated when asked to.
  mutating func add(_ name: String, unpacked data: Data, deflated: Bool, claimedSize: Int? = nil) throws {
    guard deflated else { return add(name, data) }
    members.append(
      Member(
        name: name, data: try deflate(data), crc32: Self.crc32(data), method: 8,
        claimedSize: UInt32(claimedSize ?? data.count)))
  }
}

/// A raw deflate stream of the bytes.
func deflate(_ data: Data) throws -> Data {
  var stream = z_stream()
  let size = Int32(MemoryLayout<z_stream>.size)
  try #require(deflateInit2_(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK)
  defer { deflateEnd(&stream) }
  var input = data
  var output = Data(count: Int(deflateBound(&stream, uLong(data.count))))
  let (inputCount, outputCount) = (input.count, output.count)
  let status = input.withUnsafeMutableBytes { source in
    output.withUnsafeMutableBytes { target in
      stream.next_in = source.bindMemory(to: UInt8.self).baseAddress
      stream.avail_in = uInt(inputCount)
      stream.next_out = target.bindMemory(to: UInt8.self).baseAddress
      stream.avail_out = uInt(outputCount)
      return CZlib.deflate(&stream, Z_FINISH)
    }
  }
  try #require(status == Z_STREAM_END)
  return output.prefix(Int(stream.total_out))
}
