import Foundation
import Foundations
import Testing

@testable import Containers

/// A header that breaks a rule, the size of the buffer behind it, and the words that should follow.
struct BrokenHeader: Sendable {
  let header: String
  let buffer: Int
  let reason: String

  init(_ header: String, _ buffer: Int, _ reason: String) {
    self.header = header
    self.buffer = buffer
    self.reason = reason
  }

  static func described(_ name: String, _ type: String, _ shape: String, _ offsets: String) -> String {
    #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  /// Four bytes named a.
  static let four = described("a", "U8", "[4]", "[0,4]")

  static let all: [BrokenHeader] = [
    BrokenHeader("{\(four),\(described("a", "U8", "[4]", "[4,8]"))}", 8, "the name a occurs twice"),
    BrokenHeader(
      "{\(four),\(described("b", "U8", "[4]", "[2,6]"))}", 6,
      "b at offset 2 overlaps the array before it, which ends at 4"),
    BrokenHeader(
      "{\(four),\(described("b", "U8", "[4]", "[0,4]"))}", 4,
      "b at offset 0 overlaps the array before it, which ends at 4"),
    BrokenHeader(
      "{\(four),\(described("b", "U8", "[4]", "[5,9]"))}", 9,
      "b at offset 5 leaves a hole before it, which ends at 4"),
    BrokenHeader(
      "{\(described("a", "U8", "[4]", "[1,5]"))}", 5,
      "a at offset 1 leaves a hole before it, which ends at 0"),
    BrokenHeader("{\(described("a", "U8", "[4]", "[4,0]"))}", 4, "a ends at 0, before its start at 4"),
    BrokenHeader("{\(described("a", "U8", "[4]", "[0,4]"))}", 6, "2 bytes at its end belong to no array"),
    BrokenHeader("{\(described("a", "F32", "[4]", "[0,4]"))}", 4, "a has 4 bytes, which do not fit F32 of shape [4]"),
    BrokenHeader("{\(described("a", "F32", "[0]", "[0,4]"))}", 4, "a has 4 bytes, which do not fit F32 of shape [0]"),
    BrokenHeader("{\(described("a", "F33", "[1]", "[0,4]"))}", 4, "a has the element type F33, which is not known"),
    BrokenHeader(
      "{\(described("a", "U8", "[9223372036854775807,4]", "[0,4]"))}", 4,
      "a has 4 bytes, which do not fit U8 of shape [9223372036854775807, 4]"),
    BrokenHeader(
      "{\(described("a", "F64", "[2305843009213693952]", "[0,0]"))}", 0,
      "a has 0 bytes, which do not fit F64 of shape [2305843009213693952]"),
    BrokenHeader(#"{"a":{"dtype":"U8","shape":[4]}}"#, 4, "a lacks dtype, shape or its two data_offsets"),
    BrokenHeader(
      #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0]}}"#, 4,
      "a lacks dtype, shape or its two data_offsets"),
    BrokenHeader(#"{"a":{"dtype":"U8","shape":[4],"shape":[4],"data_offsets":[0,4]}}"#, 4, "a has shape twice"),
    BrokenHeader(#"{"a":{"dtype":"U8","shape":[4],"more":1}}"#, 4, "a has the unknown field more"),
    BrokenHeader(#"{"__metadata__":{"k":"1","k":"2"}}"#, 0, "the metadata key k occurs twice"),
    BrokenHeader(#"{"__metadata__":{"k":1}}"#, 0, "\" is missing at byte 21 of the header"),
    BrokenHeader(
      #"{"a":{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}}"#, 4,
      "a whole number is missing or too large at byte 28 of the header"),
    BrokenHeader(
      #"{"a":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,4]}}"#, 4,
      "a whole number is missing or too large at byte 48 of the header"),
    BrokenHeader(
      #"{"a":{"dtype":"U8","shape":[04],"data_offsets":[0,4]}}"#, 4,
      "a whole number is missing or too large at byte 30 of the header"),
    BrokenHeader(
      "{} x", 0, "there is more text at byte 3 of the header"),
    BrokenHeader(
      "{", 0,
      "\" is missing at byte 1 of the header"),
    BrokenHeader(#"{"a"#, 0, "a text does not end at byte 3 of the header"),
    BrokenHeader(#"{"\ud800":1}"#, 0, "half a surrogate pair at byte 8 of the header"),
    BrokenHeader(#"{"\u12"#, 0, "an escape is cut short at byte 4 of the header"),
    BrokenHeader(#"{"\q":1}"#, 0, "an escape is unknown at byte 4 of the header"),
    BrokenHeader("{\"a\nb\":1}", 0, "a text holds a control character at byte 4 of the header"),
  ]
}

@Suite("Safetensors files that break the rules")
struct HostileSafetensorsTests {
  @Test("Each broken rule has its own sentence", arguments: BrokenHeader.all)
  func brokenRules(_ broken: BrokenHeader) throws {
    let error = try failure(safetensors(broken.header, buffer: broken.buffer))
    #expect(error == ContainersError.malformedSafetensors(broken.reason))
    #expect(error?.description == "The file is not valid safetensors: \(broken.reason). \(fetchAgain)")
  }

  @Test("A header that claims more than the limit or more than the file has is refused before it is read")
  func headerLength() throws {
    #expect(
      try failure(safetensors("{}", buffer: 0, length: 100_000_001))?.problem
        == "The file is not valid safetensors: its header claims 100000001 bytes, more than the limit of 100000000.")
    #expect(try failure(safetensors("{}", buffer: 0, length: .max))?.kind == .malformedSafetensors)
    #expect(
      try failure(safetensors("{}", buffer: 0, length: 99_999_999))?.problem
        == "The file ends early: it should hold a header of 99999999 bytes, but ends at 10.")
  }

  @Test("A file cut anywhere is an error")
  func truncated() throws {
    let whole = try Data(contentsOf: Golden.url("state-dict.safetensors"))
    for count in 0..<whole.count { #expect(try failure(Data(whole.prefix(count))) != nil, "cut to \(count) bytes") }
  }

  @Test("A header of a hundred thousand open braces or escapes ends at once")
  func deepHeader() throws {
    #expect(try failure(safetensors(String(repeating: "{", count: 100_000), buffer: 0))?.kind == .malformedSafetensors)
    #expect(try failure(safetensors(#"{"a":"# + String(repeating: "[", count: 100_000), buffer: 0))?.kind == .malformedSafetensors)
  }

  @Test("Names that are not UTF-8 are refused")
  func notUTF8() throws {
    var data = safetensors(#"{"xx":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, buffer: 1)
    data[10] = 0xFF
    #expect(try failure(data) == ContainersError.malformedSafetensors("a text is not UTF-8 at byte 5 of the header"))
  }
}
