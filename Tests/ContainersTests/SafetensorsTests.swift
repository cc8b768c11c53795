import CheckpointFixtures
import Foundation
import Foundations
import Testing

@testable import Containers

@Suite("Safetensors")
struct SafetensorsTests {
  @Test("What is written is read back: names, order, shapes, bytes and metadata")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let arrays = [
      try ramp("layer.weight", [3, 2]),
      try NamedArray(name: "count", elementType: .int64, shape: [], bytes: Data(repeating: 1, count: 8)),
      try NamedArray(name: "mask", elementType: .bool, shape: [3], bytes: Data([1, 0, 1])), try ramp("none", [0, 5]),
      try ramp("quo\"te \\ 🫀 \u{1}", [1]),
    ]
    let metadata = ["b": "line\nbreak", "a": "tab\t"]
    try SafetensorsFile.write(arrays, metadata: metadata, to: folder.file("w.safetensors"))
    let file = try CheckpointFile.open(folder.file("w.safetensors"))
    let read = try file.arrays()
    #expect(file.metadata == metadata)
    #expect(read.map(\.name) == arrays.map(\.name))
    for (one, other) in zip(arrays, read) {
      #expect(one.shape == other.shape)
      #expect(one.elementType == other.elementType)
      #expect(try one.bytes() == other.bytes())
    }
  }

  @Test("Every element type has the size that its bits say")
  func elementSizes() {
    for type in ElementType.allCases {
      let digits = type.rawValue.prefix { $0 != "_" }.filter(\.isNumber)
      #expect(type.byteCount == (type == .bool ? 1 : (Int(digits) ?? 0) / 8), "\(type)")
    }
  }

  @Test("The same arrays give the same bytes: aligned, padded with spaces, wide elements first")
  func bytesAreFixed() throws {
    let folder = try TemporaryFolder()
    let small = try NamedArray(name: "m", elementType: .bool, shape: [1], bytes: Data([1]))
    let wide = try NamedArray(name: "n", elementType: .int64, shape: [], bytes: Data([7, 0, 0, 0, 0, 0, 0, 0]))
    try SafetensorsFile.write([small, wide], metadata: ["k": "v"], to: folder.file("w"))
    let header =
      #"{"__metadata__":{"k":"v"},"m":{"dtype":"BOOL","shape":[1],"data_offsets":[8,9]},"#
      + #""n":{"dtype":"I64","shape":[],"data_offsets":[0,8]}}"#
    let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    let bytes = try Data(contentsOf: folder.file("w"))
    #expect(bytes == safetensors(padded, buffer: 0) + Data([7, 0, 0, 0, 0, 0, 0, 0, 1]))
  }

  @Test("A strided array of an archive is written dense")
  func stridedArraysAreWrittenDense() throws {
    let folder = try TemporaryFolder()
    let views = try Golden.open("views.pt").arrays()
    try SafetensorsFile.write(views, to: folder.file("w"))
    for (one, other) in zip(views, try CheckpointFile.open(folder.file("w")).arrays()) {
      #expect(try one.doubles() == other.doubles(), "\(one.name)")
    }
  }

  @Test("A name that occurs twice cannot be written, and nothing is left behind")
  func duplicatesAreNotWritten() throws {
    let folder = try TemporaryFolder()
    let array = try ramp("w", [1])
    let error = try failure { try SafetensorsFile.write([array, array], to: folder.file("w")) }
    #expect(error?.description == "The name w occurs twice. Give every array a name of its own.")
    #expect(try failure { try SafetensorsFile.write([ramp("__metadata__", [1])], to: folder.file("w")) }?.kind == .duplicateName)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
  }

  @Test("An array whose shape and bytes disagree cannot be made")
  func inconsistentArray() throws {
    let error = try failure { _ = try NamedArray(name: "w", elementType: .float32, shape: [3], bytes: Data(count: 8)) }
    #expect(error?.problem == "The array w is not valid: it needs 12 bytes at offset 0, but its storage has 8.")
    let short = try failure { _ = try NamedArray(name: "w", elementType: .float32, shape: [1], bytes: Data(count: 8)) }
    #expect(short?.problem == "The array w is not valid: a shape of [1] in F32 takes 4 bytes, but there are 8.")
  }

  @Test("An empty file of no arrays is legal")
  func noArrays() throws {
    #expect(try openBytes(safetensors("{}", buffer: 0)).arrays().isEmpty)
    #expect(try openBytes(safetensors(#"{ "__metadata__" : {} }  "#, buffer: 0)).arrays().isEmpty)
  }

  @Test("Escapes and surrogate pairs in names are decoded")
  func escapes() throws {
    let header = #"{"a\u0062\ud83e\udec0\/\n":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#
    #expect(try openBytes(safetensors(header, buffer: 1)).arrays().map(\.name) == ["ab🫀/\n"])
  }
}
