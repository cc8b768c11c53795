import CheckpointFixtures
import Foundation
import Foundations
import Testing

@testable import Containers

/// The index of sharded safetensors that breaks a rule, and the words that should follow. The files beside it are `a`, which
/// holds x, and `b`, which holds y and z.
struct BrokenIndex: Sendable {
  let index: String
  let reason: String

  init(_ index: String, _ reason: String) {
    self.index = index
    self.reason = reason
  }

  static func mapping(_ pairs: String) -> String { "{\"weight_map\": {\(pairs)}}" }

  static let all: [BrokenIndex] = [
    BrokenIndex(mapping(#""x": "a", "y": "b""#), "its part b has z, which the index does not place there"),
    BrokenIndex(mapping(#""x": "b", "y": "b", "z": "b""#), "its index places x in b, which does not have it"),
    BrokenIndex(mapping(#""x": "a", "w": "a""#), "its index places w in a, which does not have it"),
    BrokenIndex(mapping(#""x": "c""#), "The checkpoint's part c is not beside it"),
    BrokenIndex(mapping(#""x": "../a""#), "The checkpoint names the part “../a”, which is not a plain file name"),
    BrokenIndex(mapping(#""x": "..""#), "The checkpoint names the part “..”, which is not a plain file name"),
    BrokenIndex(mapping(#""x": ".""#), "which is not a plain file name"),
    BrokenIndex(mapping(#""x": """#), "which is not a plain file name"),
    BrokenIndex(mapping(#""x": "/etc/passwd""#), "which is not a plain file name"),
    BrokenIndex(mapping(#""x": "a\u0000""#), "which is not a plain file name"),
    BrokenIndex(mapping(#""x": "..\\a""#), "which is not a plain file name"),
    BrokenIndex(mapping(#""x": "a", "x": "a""#), "the name x occurs twice in its index"),
    BrokenIndex(mapping(#""x": 1"#), "\" is missing at byte 21 of the index"),
    BrokenIndex(mapping(#""x": "pickle""#), "pickle: The file is not valid safetensors: it does not begin with a header"),
    BrokenIndex(mapping(#""x": "empty""#), "empty: The file is empty"),
    BrokenIndex(mapping(#""x": "cut""#), "cut: The file ends early"),
    BrokenIndex(#"{"metadata": {}}"#, "its index has no weight_map"),
    BrokenIndex(#"{"weight_map": {}, "weight_map": {}}"#, "its index has weight_map twice"),
    BrokenIndex(#"{"metadata": , "weight_map": {}}"#, "a value is missing"),
    BrokenIndex(#"{"metadata": ], "weight_map": {}}"#, "a value is missing"),
    BrokenIndex(#"{"metadata": {"#, "a value does not end"),
    BrokenIndex(#"{"metadata": {}, "weight_map": {}} {"#, "there is more text"),
    BrokenIndex("{\"metadata\": \(String(repeating: "[", count: 200_000))", "a value does not end"),
  ]
}

@Suite("Sharded safetensors that break the rules")
struct HostileShardTests {
  static func open(_ index: String) throws -> CheckpointFile {
    func shard(_ names: [String]) throws -> Data {
      let arrays = try names.map { try ramp($0, [2]) }
      let header = try SafetensorsFile.header(for: arrays, layout: arrays, metadata: [:])
      return try arrays.reduce(header) { try $0 + $1.bytes() }
    }
    let files = [
      "a": try shard(["x"]), "b": try shard(["y", "z"]), "pickle": Data([0x80, 2, 0x7D, 0x2E]), "empty": Data(),
      "cut": try shard(["x"]).dropLast(),
    ]
    let siblings = SiblingFiles { name in
      files[name].map { CheckpointPart(url: URL(fileURLWithPath: name), source: MemoryByteSource(data: $0)) }
    }
    let source = MemoryByteSource(data: Data(index.utf8))
    return try CheckpointFile.read(source, url: URL(fileURLWithPath: "model.safetensors.index.json"), siblings: siblings)
  }

  @Test("Each broken rule has its own sentence", arguments: BrokenIndex.all)
  func brokenRules(broken: BrokenIndex) throws {
    let error = try #require(try failure { try readAll(Self.open(broken.index)) })
    #expect(error.description.contains(broken.reason), "\(error)")
  }

  @Test("Arrays come in the order of the index, and notes of any kind are passed over")
  func order() throws {
    let notes = #"{"metadata": {"a": [1, -2.5e3, null, true, {"b": "}"}]}, "weight_map": {"z": "b", "x": "a", "y": "b"}, "n": 3}"#
    #expect(try Self.open(notes).arrays().map(\.name) == ["z", "x", "y"])
  }

  @Test("An index cut anywhere is an error")
  func truncated() throws {
    let index = BrokenIndex.mapping(#""x": "a", "y": "b", "z": "b""#)
    #expect(try readAll(Self.open(index)) == 24)
    for count in 0..<index.utf8.count { #expect(try failure { try readAll(Self.open(String(index.prefix(count)))) } != nil) }
  }
}
