import Foundation
import Foundations
import Testing

@testable import Containers

@Suite("Pickles of NumPy arrays that are hostile or broken")
struct HostileNumPyPickleTests {
  static func type(_ code: String = "f4", order: String = "<", names: [UInt8] = [0x4E]) -> [UInt8] {
    let none: [UInt8] = [0x4E], minusOne = Pickle.integer(-1)
    let state = Pickle.tuple([[0x4B, 3], Pickle.text(order), none, names, none, minusOne, minusOne, [0x4B, 0]])
    return Pickle.global("numpy", "dtype") + Pickle.tuple([Pickle.text(code), [0x89], [0x88]]) + [0x52] + state + [0x62]
  }

  /// The bytes of a NumPy array as protocol 3 writes them.
  static func bytes(_ data: Data) -> [UInt8] { [0x42] + ZipBuilder.fields(UInt32(data.count)) + data }

  /// The same as text, as protocol 2 does.
  static func latin1(_ text: String, encoding: String = "latin1") -> [UInt8] {
    let utf8 = Array(text.utf8)
    let unicode: [UInt8] = [0x58] + ZipBuilder.fields(UInt32(utf8.count)) + utf8
    return Pickle.global("_codecs", "encode") + Pickle.tuple([unicode, Pickle.text(encoding)]) + [0x52]
  }

  static func array(
    shape: [Int64], type: [UInt8] = type(), isFortran: [UInt8] = [0x89], content: [UInt8]
  ) -> [UInt8] {
    let empty = Pickle.tuple([Pickle.global("numpy", "ndarray"), Pickle.tuple([[0x4B, 0]]), [0x43, 1, 0x62]])
    let state = Pickle.tuple([[0x4B, 1], Pickle.tuple(shape.map(Pickle.integer)), type, isFortran, content])
    return Pickle.global("numpy.core.multiarray", "_reconstruct") + empty + [0x52] + state + [0x62]
  }

  static func file(_ array: [UInt8]) -> Data { Data(Pickle.program(Pickle.dictionary([("w", array)]))) }

  @Test("An array built by hand is read in every order of bytes and of dimensions")
  func wellFormed() throws {
    func read(_ array: [UInt8]) throws -> [Double]? { try openBytes(Self.file(array)).arrays().first?.doubles() }
    let content = Self.bytes(floats(1, 2, 3, 4, 5, 6))
    #expect(try read(Self.array(shape: [2, 3], content: content)) == [1, 2, 3, 4, 5, 6])
    #expect(try read(Self.array(shape: [2, 3], isFortran: [0x88], content: content)) == [1, 3, 5, 2, 4, 6])
    let swapped = Self.bytes(Data([0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0]))
    #expect(try read(Self.array(shape: [2], type: Self.type(order: ">"), content: swapped)) == [1, -2])
    #expect(try read(Self.array(shape: [2], type: Self.type("u1"), content: Self.latin1("\u{0}é"))) == [0, 233])
    #expect(try read(Self.array(shape: [0, 3], content: Self.bytes(Data()))) == [])
    #expect(try read(Self.array(shape: [], content: Self.bytes(floats(7)))) == [7])
  }

  @Test("A shape that does not fit the bytes is refused")
  func lyingShapes() throws {
    let content = Self.bytes(floats(1, 2))
    func refusal(_ shape: [Int64], _ content: [UInt8]) throws -> ContainersError? {
      try failure(Self.file(Self.array(shape: shape, content: content)))
    }
    #expect(
      try refusal([3], content)?.description
        == "The array w is not valid: a shape of [3] in F32 takes 12 bytes, but there are 8. \(fetchAgain)")
    #expect(try refusal([1], content)?.kind == .inconsistentArray)
    #expect(try refusal([-2], content)?.problem == "The array w is not valid: its shape [-2] is not possible.")
    #expect(try refusal([.max, .max], content)?.kind == .inconsistentArray)
    #expect(try refusal([1 << 62], content)?.kind == .inconsistentArray)
    #expect(try refusal(.init(repeating: 1, count: 65), content)?.kind == .malformedPickle)
    #expect(try refusal([2], [0x4E])?.problem.contains("an array is not described as NumPy does") == true)
    // In text, a byte takes one or two; past that it is refused unread.
    let text = Self.latin1(String(repeating: "é", count: 2000))
    #expect(
      try refusal([4000], text)?.problem
        == "The array w is not valid: 4000 bytes of text cannot hold its 16000 bytes.")
  }

  @Test("Text that is no bytes is refused when the array is read, and a short one at once")
  func notLatin1() throws {
    let long = String(repeating: "a", count: 1998) + "\u{20AC}"
    let error = try failure(Self.file(Self.array(shape: [500], content: Self.latin1(long))))
    #expect(error?.problem == "The array w is not valid: the text that holds it does not decode to 2000 bytes.")
    let short = Self.file(Self.array(shape: [1], content: Self.latin1("€")))
    #expect(try failure(short)?.problem.contains("a text is not Latin-1") == true)
    // Another encoding is another function: inert.
    let other = Self.array(shape: [1], content: Self.latin1("abcd", encoding: "rot13"))
    #expect(try failure(Self.file(other))?.problem.contains("an array is not described as NumPy does") == true)
  }

  @Test("A length past the end is refused at once, whatever it claims")
  func lyingLengths() throws {
    for claim in [Self.bytes(Data()).dropLast(4) + [255, 255, 255, 255], [0x8E] + [UInt8](repeating: 255, count: 7) + [127]] {
      let data = Data([0x80, 3] + claim)
      #expect(try failure(data)?.problem.contains("it ends early") == true)
    }
    #expect(try failure(Data([0x80, 4, 0x8B, 255, 255, 255, 127, 1]))?.problem.contains("it ends early") == true)
  }

  @Test("A number of a million bytes is inert, and nothing is computed with it")
  func hugeNumber() throws {
    let huge = [0x8B] + ZipBuilder.fields(UInt32(1_000_000)) + Data(repeating: 0x55, count: 1_000_000)
    let file = try openBytes(Data([0x80, 2] + huge + [0x2E]))
    guard case .opaque("int") = file.root else {
      Issue.record("the number is not inert")
      return
    }
    let shape = Pickle.tuple([[UInt8](huge)])
    let state = Pickle.tuple([[0x4B, 1], shape, Self.type(), [0x89], Self.bytes(Data())])
    let array = Pickle.global("numpy.core.multiarray", "_reconstruct") + Pickle.tuple([]) + [0x52] + state + [0x62]
    #expect(try failure(Self.file(array))?.kind == .malformedPickle)
  }

  @Test("Records, texts and Python objects are inert")
  func otherTypes() throws {
    let names = Pickle.tuple([Pickle.text("a")])
    for type in [Self.type("O8"), Self.type("V8", names: names), Self.type("U2"), Self.type("f4", names: names)] {
      let file = try openBytes(Self.file(Self.array(shape: [1], type: type, content: Self.bytes(floats(1)))))
      guard case .opaque("numpy.ndarray") = file.root["w"] else {
        Issue.record("an array of another type is not inert")
        continue
      }
    }
  }

  @Test("Bytes after the pickle's end are refused")
  func tail() throws {
    #expect(
      try failure(Data(Pickle.program([0x7D]) + [1, 2]))?.description
        == "The file should be a plain Python pickle, but 2 bytes follow its end. \(fetchAgain)")
  }

  @Test("A pickle that runs a shell command in Python runs nothing; its weights are read")
  func commandsAreInert() throws {
    let file = try Golden.open("pickle-runs-a-command.pkl")
    #expect(try file.arrays().map(\.name) == ["weight"])
    guard case .opaque("posix.system") = file.root["command"] else {
      Issue.record("the command is not an inert name")
      return
    }
    #expect(!FileManager.default.fileExists(atPath: "medtransfer-was-here"))
  }

  @Test("A pickle cut anywhere is an error", arguments: ["byol-latin1.pkl", "byol-dill.pkl", "numpy-protocol-5.pkl"])
  func truncated(name: String) throws {
    let whole = try Data(contentsOf: Golden.url(name))
    for count in stride(from: 0, to: whole.count, by: 17) {
      #expect(try failure(Data(whole.prefix(count))) != nil, "cut to \(count) bytes")
    }
  }

  @Test("A named tuple needs as many values as fields")
  func namedTuples() throws {
    let made =
      Pickle.global("dill._dill", "_create_namedtuple")
      + Pickle.tuple([Pickle.text("T"), Pickle.tuple([Pickle.text("a"), Pickle.text("b")]), Pickle.text("m")]) + [0x52]
    let whole = Pickle.program(made + Pickle.tuple([[0x4B, 1], [0x4B, 2]]) + [0x81])
    guard case .scalar(.integer(2)) = try openBytes(Data(whole)).root["b"] else {
      Issue.record("the field is not there")
      return
    }
    let short = Pickle.program(made + Pickle.tuple([[0x4B, 1]]) + [0x81])
    #expect(try failure(Data(short))?.problem.contains("a named tuple of 2 fields has 1 values") == true)
  }

  @Test("A list of a hundred thousand dimensions is refused before it is copied, however often it is used")
  func longDimensions() throws {
    let sizes: [UInt8] = [0x28] + [UInt8](repeating: 0x4E, count: 100_000) + [0x74, 0x71, 0]
    let call = Pickle.global("torch._utils", "_rebuild_tensor_v2") + [0x28, 0x4E, 0x4B, 0, 0x68, 0, 0x68, 0, 0x74, 0x52]
    let data = Data(Pickle.program(sizes + call))
    #expect(try failure(data)?.problem.contains("a tensor is not described as torch.save does") == true)
  }

  @Test("A key as long as a book under itself does not unfold into names")
  func longKeys() throws {
    // Each of 60 dictionaries has the one before it twice, under keys of 1000 bytes.
    let keys = ["a", "b"].map { [0x58] + ZipBuilder.fields(UInt32(1000)) + Data(String(repeating: $0, count: 1000).utf8) }
    var body: [UInt8] = keys[0] + [0x71, 200, 0x30] + keys[1] + [0x71, 201, 0x30, 0x4E, 0x71, 0]
    for level in UInt8(1)...60 { body += [0x7D, 0x68, 200, 0x68, level - 1, 0x73, 0x68, 201, 0x68, level - 1, 0x73, 0x71, level] }
    #expect(try failure(Data(Pickle.program(body)))?.kind == .tooLarge)
  }
}
