import Foundation
import Synchronization
import Testing

@testable import Containers

@Suite("What is not wanted is not read")
struct LazinessTests {
  /// Counts the bytes that are read of a file in memory.
  final class Meter: ByteSource {
    private let data: MemoryByteSource
    private let count = Mutex(0)
    init(_ data: Data) { self.data = MemoryByteSource(data: data) }
    var byteCount: Int { data.byteCount }
    var byteCountRead: Int { count.withLock { $0 } }
    func read(offset: Int, count: Int) throws -> Data {
      self.count.withLock { $0 += count }
      return try data.read(offset: offset, count: count)
    }
  }

  static let bank = Data(count: 8 << 20)

  static let files: [(ContainerKind, Data)] = {
    let names = [("bank", Int64(bank.count / 4)), ("w", 4)]
    let tensors = names.map { name, count in
      (name, Pickle.tensor(Pickle.legacyStorage(name, count: count), shape: [count], strides: [1]))
    }
    var stream = LegacyBuilder()
    stream.object = Pickle.program(Pickle.dictionary(tensors))
    stream.storages = [.init(key: "bank", data: bank), .init(key: "w", data: floats(1, 2, 3, 4))]
    var zip = ZipBuilder()
    zip.add("a/data.pkl", Data(stream.object))
    zip.members.append(.init(name: "a/data/bank", data: bank, crc32: 1))
    zip.add("a/data/w", floats(1, 2, 3, 4))
    typealias NumPy = HostileNumPyPickleTests
    let pickle = Pickle.dictionary([
      ("bank", NumPy.array(shape: [Int64(bank.count / 4)], content: NumPy.bytes(bank))),
      ("w", NumPy.array(shape: [4], content: NumPy.bytes(floats(1, 2, 3, 4)))),
    ])
    return [(.torchLegacyStream, stream.build()), (.torchArchive, zip.build()), (.plainPickle, Data(Pickle.program(pickle)))]
  }()

  @Test("Reading 16 bytes beside 8 MiB reads less than 128 KiB, most of it in search of a zip's end", arguments: files)
  func oneArray(kind: ContainerKind, data: Data) throws {
    let meter = Meter(data)
    let file = try CheckpointFile.read(meter, url: URL(fileURLWithPath: "w"))
    #expect(file.container == kind)
    let array = try #require(try file.arrays().first { $0.name == "w" })
    #expect(try array.doubles() == [1, 2, 3, 4])
    #expect(meter.byteCountRead < 128 << 10)
  }
}
