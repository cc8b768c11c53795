import Foundation
import Foundations
import Testing

@testable import Containers

@Suite("Streams of old torch.save that break the rules")
struct HostileStreamTests {
  static func stream(_ change: (inout LegacyBuilder) -> Void = { _ in }) -> Data {
    var builder = LegacyBuilder.weights()
    change(&builder)
    return builder.build()
  }

  static func object(_ storage: [UInt8], offset: Int64 = 0, shape: [Int64] = [2], strides: [Int64] = [1]) -> [UInt8] {
    Pickle.program(Pickle.dictionary([("w", Pickle.tensor(storage, offset: offset, shape: shape, strides: strides))]))
  }

  @Test("A stream built by hand is read, whole or through a view of its storage")
  func wellFormed() throws {
    #expect(try openBytes(Self.stream()).arrays().first?.doubles() == [1, 2, 3, 4])
    let view = Pickle.tuple([Pickle.text("1"), Pickle.integer(1), Pickle.integer(3)])
    let data = Self.stream { $0.object = Self.object(Pickle.legacyStorage("0", count: 4, view: view), offset: 1) }
    #expect(try openBytes(data).arrays().first?.doubles() == [3, 4])
  }

  @Test("A stream of a big-endian machine is little-endian all the same, as torch.save wrote it there")
  func bigEndian() throws {
    let data = Self.stream { $0.facts = Pickle.program(Pickle.dictionary([("little_endian", [0x89])])) }
    #expect(try openBytes(data).arrays().first?.doubles() == [1, 2, 3, 4])
  }

  static let broken: [(String, @Sendable (inout LegacyBuilder) -> Void)] = [
    ("it is not of protocol version 1001", { $0.version = Pickle.program([0x4D, 0xE8, 0x03]) }),
    ("it does not say what machine it was written on", { $0.facts = Pickle.program([0x4E]) }),
    ("it has no list of storages", { $0.listedKeys = Pickle.program([0x7D]) }),
    ("it lists a storage that no tensor uses", { $0.storages[0].key = "7" }),
    ("it lists the storage 0 twice", { $0.storages.append($0.storages[0]) }),
    ("its storage 0 should have 4 elements but has 3", { $0.storages[0].claimedCount = 3 }),
    ("its storage 0 should have 4 elements but has 18446744073709551615", { $0.storages[0].claimedCount = .max }),
    ("3 bytes at its end belong to no storage", { $0.tail = Data(count: 3) }),
    (
      "the storage 0 is described in two ways",
      {
        let tensors = [4, 3].map { Pickle.tensor(Pickle.legacyStorage("0", count: $0), shape: [2], strides: [1]) }
        $0.object = Pickle.program(Pickle.dictionary([("a", tensors[0]), ("b", tensors[1])]))
      }
    ),
    (
      "the storage 0 is of the unknown type torch.TernaryStorage",
      { $0.object = object(Pickle.legacyStorage("0", count: 4, type: ("torch", "TernaryStorage"))) }
    ),
  ]

  @Test("Each broken rule has its own sentence", arguments: broken)
  func brokenRules(reason: String, change: @Sendable (inout LegacyBuilder) -> Void) throws {
    #expect(
      try failure(Self.stream(change))?.description
        == "The file should be a torch.save stream from before PyTorch 1.6, but \(reason). \(fetchAgain)")
  }

  @Test("A tensor past its storage, or past the view that it is in, is refused")
  func outside() throws {
    for (offset, shape, strides) in [(0, [5], [1]), (3, [2], [1]), (-1, [1], [1]), (0, [2], [4]), (0, [2], [-1]), (.max, [2], [1])]
      as [(Int64, [Int64], [Int64])]
    {
      let data = Self.stream {
        $0.object = Self.object(Pickle.legacyStorage("0", count: 4), offset: offset, shape: shape, strides: strides)
      }
      #expect(try failure(data)?.kind == .inconsistentArray, "\(offset) \(shape) \(strides)")
    }
    func viewed(_ offset: Int64, _ count: Int64) throws -> ContainersError? {
      let view = Pickle.tuple([Pickle.text("1"), Pickle.integer(offset), Pickle.integer(count)])
      return try failure(Self.stream { $0.object = Self.object(Pickle.legacyStorage("0", count: 4, view: view), offset: 1) })
    }
    #expect(try viewed(2, 2)?.problem == "The array w is not valid: it needs 8 bytes at offset 4, but its storage has 8.")
    #expect(
      try viewed(2, 3)?.problem == "The array w is not valid: it needs the elements 2 to 5 of its storage, which has 4.")
    #expect(try viewed(-1, 3)?.kind == .malformedPickle)
    #expect(try viewed(.max, 1)?.kind == .malformedPickle)
  }

  @Test("A storage that claims more than the file holds is refused before anything is read of it")
  func lyingSizes() throws {
    let claims = Self.stream {
      $0.object = Self.object(Pickle.legacyStorage("0", count: 1 << 40))
      $0.storages[0].claimedCount = 1 << 40
    }
    #expect(
      try failure(claims)?.problem.hasPrefix(
        "The file ends early: it should hold 1099511627776 elements of the storage 0, but ends at") == true)
    let overflowing = Self.stream {
      $0.object = Self.object(Pickle.legacyStorage("0", count: .max))
      $0.storages[0].claimedCount = UInt64(Int64.max)
    }
    #expect(try failure(overflowing)?.kind == .truncated)
  }

  @Test("A storage that the pickle uses and the file does not list is refused")
  func unlisted() throws {
    let data = Self.stream {
      $0.object = Self.object(Pickle.legacyStorage("9", count: 4))
      $0.storages = []
    }
    #expect(try failure(data)?.problem == "The array w is not valid: its storage 9 is not in the file.")
  }

  @Test("A stream cut anywhere is an error", arguments: ["legacy-state-dict.pt", "legacy-python-2.pt", "legacy-protocol-4.pt"])
  func truncated(name: String) throws {
    let whole = try Data(contentsOf: Golden.url(name))
    for count in 0..<whole.count { #expect(try failure(Data(whole.prefix(count))) != nil, "cut to \(count) bytes") }
  }

  @Test("A stream that runs a shell command in Python runs nothing; its weights are read")
  func commandsAreInert() throws {
    let file = try Golden.open("legacy-runs-a-command.pt")
    #expect(try file.arrays().map(\.name) == ["weight"])
    #expect(!FileManager.default.fileExists(atPath: "medtransfer-was-here"))
  }

  @Test("The same storage under two types of the same width, as no torch writes, is read as each says")
  func twoTypes() throws {
    let whole = Pickle.tensor(Pickle.legacyStorage("0", count: 4), shape: [1], strides: [1])
    let bits = Pickle.tensor(Pickle.legacyStorage("0", count: 4, type: ("torch", "IntStorage")), shape: [1], strides: [1])
    let data = Self.stream { $0.object = Pickle.program(Pickle.dictionary([("a", whole), ("b", bits)])) }
    #expect(try openBytes(data).arrays().map { try $0.doubles() } == [[1], [Double(Float(1).bitPattern)]])
  }
}

@Suite("Tars of old torch.save that break the rules")
struct HostileTarTests {
  @Test("A tar built by hand is read, also with a header from before POSIX")
  func wellFormed() throws {
    var tar = TarBuilder.weights()
    #expect(try openBytes(tar.build()).arrays().first?.doubles() == [1, 2, 3, 4])
    tar.magic = ""
    #expect(try openBytes(tar.build()).container == .torchTar)
    // (key, key of the whole, offset, count): the tensor lies in a part of a part.
    let parts = Pickle.tuple([Pickle.integer(101), Pickle.integer(100), Pickle.integer(1), Pickle.integer(3)])
    let inner = Pickle.tuple([Pickle.integer(102), Pickle.integer(101), Pickle.integer(1), Pickle.integer(2)])
    let views: [UInt8] = [0x5D, 0x28] + parts + inner + [0x65]
    let viewed = TarBuilder.weights(sizes: [2], strides: [1], storageKey: 102, views: views)
    #expect(try openBytes(viewed.build()).arrays().first?.doubles() == [3, 4])
  }

  static let broken: [(String, @Sendable () -> TarBuilder)] = [
    (
      "it has no member tensors",
      {
        var tar = TarBuilder.weights()
        tar.members.remove(at: 2)
        return tar
      }
    ),
    (
      "it has two members named tensors",
      {
        var tar = TarBuilder.weights()
        tar.members.append(tar.members[2])
        return tar
      }
    ),
    (
      "the header of a member is damaged",
      {
        var tar = TarBuilder.weights()
        tar.damagedHeader = "tensors"
        return tar
      }
    ),
    (
      "the size of the member tensors is no number",
      {
        var tar = TarBuilder.weights()
        tar.claimedSizes["tensors"] = "0000000009x"
        return tar
      }
    ),
    ("a tensor is not described as torch.save does", { TarBuilder.weights(storageKey: 7) }),
    ("the tensor 1 has 65 dimensions", { TarBuilder.weights(rank: 65) }),
    (
      "it lists the key 100 twice",
      {
        let view = Pickle.tuple([100, 100, 0, 1].map { Pickle.integer($0) })
        return TarBuilder.weights(views: [0x5D] + view + [0x61])
      }
    ),
    (
      "the storage 101 reaches past the one that it is a part of",
      {
        let view = Pickle.tuple([101, 100, 2, 3].map { Pickle.integer($0) })
        return TarBuilder.weights(views: [0x5D] + view + [0x61])
      }
    ),
    (
      "the storage 101 reaches past the one that it is a part of",
      {
        let view = Pickle.tuple([101, 100, 1, .max].map { Pickle.integer($0) })
        return TarBuilder.weights(views: [0x5D] + view + [0x61])
      }
    ),
  ]

  @Test("A tar of a big-endian machine, and a tar around something, are said to be that")
  func otherTars() throws {
    var tar = TarBuilder.weights()
    tar.members[0].data = Data(Pickle.program(Pickle.dictionary([("little_endian", [0x89])])))
    #expect(
      try failure(tar.build())?.description
        == "The file is a torch.save tar from before PyTorch 0.1.10, but its numbers are big-endian. \(ContainerKind.torchTar.resaveAdvice)")
    var around = TarBuilder.weights()
    around.members = [around.members[0]]
    around.members[0].name = "model/resnet50.pth"
    #expect(
      try failure(around.build())?.description
        == "The file is no checkpoint that is read: it is a tar archive around model/resnet50.pth. Unpack it, and give model/resnet50.pth.")
  }

  @Test("Each broken rule has its own sentence", arguments: broken)
  func brokenRules(reason: String, tar: @Sendable () -> TarBuilder) throws {
    #expect(
      try failure(tar().build())?.description
        == "The file should be a torch.save tar from before PyTorch 0.1.10, but \(reason). \(fetchAgain)")
  }

  @Test("A tensor past its storage, by size, stride, offset or overflow, is refused")
  func outside() throws {
    func refused(_ sizes: [Int64], _ strides: [Int64], _ offset: Int64 = 0) throws -> ContainersError.Code? {
      try failure(TarBuilder.weights(sizes: sizes, strides: strides, offset: offset).build())?.kind
    }
    #expect(try refused([5], [1]) == .inconsistentArray)
    #expect(try refused([2], [4]) == .inconsistentArray)
    #expect(try refused([2], [1], 3) == .inconsistentArray)
    #expect(try refused([2], [1], -1) == .inconsistentArray)
    #expect(try refused([2], [1], .max) == .inconsistentArray)
    #expect(try refused([.max, .max], [1, 1]) == .inconsistentArray)
    #expect(try refused([-2], [1]) == .inconsistentArray)
    #expect(try refused([4], [1]) == nil)
  }

  @Test("A storage or a member that claims more than there is is refused")
  func lyingSizes() throws {
    #expect(try failure(TarBuilder.weights(storageCount: 5).build()) != nil)
    #expect(try failure(TarBuilder.weights(storageCount: 1 << 60).build())?.kind == .truncated)
    #expect(try failure(TarBuilder.weights(storageCount: .max).build())?.kind == .truncated)
    var tar = TarBuilder.weights()
    tar.claimedSizes["pickle"] = "77777777777"
    #expect(
      try failure(tar.build())?.problem.hasPrefix(
        "The file ends early: it should hold 8589934591 bytes of the member pickle") == true)
  }

  @Test("A key that is listed nowhere is refused")
  func unlisted() throws {
    var tar = TarBuilder.weights()
    tar.members[3].data = Data(Pickle.program([0x4B, 9, 0x51]))
    #expect(try failure(tar.build())?.problem.contains("it refers to a tensor that is not listed") == true)
  }

  @Test("A tar cut anywhere before its end mark is an error")
  func truncated() throws {
    let whole = try Data(contentsOf: Golden.url("tar.pt"))
    let end = whole.count - 1024
    let last = try #require(whole.prefix(end).lastIndex { $0 != 0 })
    for count in stride(from: 0, through: last, by: 7) {
      #expect(try failure(Data(whole.prefix(count))) != nil, "cut to \(count) bytes")
    }
  }
}
