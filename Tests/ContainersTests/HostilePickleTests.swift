import Foundation
import Foundations
import Testing

@testable import Containers

@Suite("Pickles that are hostile or broken")
struct HostilePickleTests {
  static func run(_ program: [UInt8], limits: PickleLimits = PickleLimits()) throws -> PickleGraph {
    var machine = PickleMachine(PickleInput(MemoryByteSource(data: Data(program))), limits: limits)
    return try machine.run()
  }

  @Test("A pickle that runs a shell command in Python runs nothing; its weights are read")
  func commandsAreInert() throws {
    let file = try Golden.open("runs-a-command.pt")
    #expect(try file.arrays().first?.doubles() == [-1, -0.75, -0.5])
    guard case .opaque("posix.system") = file.root["command"] else {
      Issue.record("the command is not an inert name")
      return
    }
    #expect(!FileManager.default.fileExists(atPath: "medtransfer-was-here"))
  }

  @Test(
    "Calls of functions that are dangerous in Python are names and nothing else",
    arguments: [
      ("os", "system"), ("builtins", "eval"), ("builtins", "exec"), ("subprocess", "Popen"), ("torch", "load"),
      ("__builtin__", "getattr"), ("webbrowser", "open"),
    ])
  func callsAreInert(module: String, name: String) throws {
    let call = Pickle.global(module, name) + Pickle.tuple([Pickle.text("echo")]) + [0x52]
    let graph = try Self.run(Pickle.program(call))
    guard case .opaque("\(module).\(name)") = graph.object(graph.result)?.kind else {
      Issue.record("\(module).\(name) is not inert")
      return
    }
  }

  static let broken: [(String, [UInt8])] = [
    ("it ends early (byte 0 of the pickle)", []),
    ("it ends early (byte 1 of the pickle)", [0x80]),
    ("it ends early (byte 3 of the pickle)", [0x80, 2, 0x4E]),
    ("its instruction 0x69 is not one that a checkpoint needs (byte 3 of the pickle)", [0x80, 2, 0x69]),
    ("its instruction 0x82 is not one that a checkpoint needs (byte 1 of the pickle)", [0x82, 1]),
    ("it uses a value that is not there (byte 1 of the pickle)", [0x2E]),
    ("it uses a value that is not there (byte 2 of the pickle)", [0x4E, 0x86]),
    ("it uses a value that is not there (byte 3 of the pickle)", [0x4E, 0x28, 0x2E]),
    ("it uses a mark that is not there (byte 2 of the pickle)", [0x4E, 0x74]),
    ("it recalls a value that it never stored (byte 2 of the pickle)", [0x68, 0]),
    ("it ends early (byte 5 of the pickle)", [0x58, 255, 255, 255, 255]),
    ("it ends early (byte 9 of the pickle)", [0x8E, 255, 255, 255, 255, 255, 255, 255, 127]),
    ("a length is not possible (byte 9 of the pickle)", [0x8D, 255, 255, 255, 255, 255, 255, 255, 255]),
    ("it ends early (byte 5 of the pickle)", [0x8B, 255, 255, 255, 255]),
    ("a text is not UTF-8 (byte 3 of the pickle)", [0x8C, 1, 0xFF]),
    ("it ends early (byte 1 of the pickle)", [0x63] + Array("torch".utf8)),
    ("it fills something that is no collection (byte 3 of the pickle)", [0x4E, 0x4E, 0x61]),
    ("it fills a collection of another kind (byte 3 of the pickle)", [0x7D, 0x4E, 0x61]),
    ("a dictionary has a key without a value (byte 4 of the pickle)", [0x7D, 0x28, 0x4E, 0x75]),
    ("a call has no list of arguments (byte 3 of the pickle)", [0x4E, 0x4E, 0x52]),
    ("a class is named by something that is no text (byte 3 of the pickle)", [0x4E, 0x4E, 0x93]),
  ]

  @Test("Each broken rule has its own sentence", arguments: broken)
  func brokenRules(reason: String, program: [UInt8]) throws {
    let error = try failure { _ = try Self.run(program) }
    #expect(error?.description == "The file's pickle cannot be read: \(reason). \(fetchAgain)")
  }

  @Test("Tensors and storages that torch.save does not write are refused")
  func malformedTensors() throws {
    let rebuild = Pickle.global("torch._utils", "_rebuild_tensor_v2")
    let noStorage = Pickle.tuple([[0x4E], Pickle.integer(0), Pickle.tuple([]), Pickle.tuple([])])
    let bare = try failure { _ = try Self.run(Pickle.program(rebuild + noStorage + [0x52])) }
    #expect(bare?.problem.contains("a tensor has no storage") == true)
    let short = Pickle.tuple([[0x4E]])
    #expect(try failure { _ = try Self.run(Pickle.program(rebuild + short + [0x52])) }?.kind == .malformedPickle)
    let parts = [Pickle.text("storage"), Pickle.text("torch.FloatStorage"), Pickle.text("0"), Pickle.text("cpu"), Pickle.integer(1)]
    #expect(try failure { _ = try Self.run(Pickle.program(Pickle.tuple(parts) + [0x51])) }?.kind == .malformedPickle)
  }

  @Test("Nesting two hundred thousand deep neither overflows the call stack nor is accepted")
  func deepNesting() throws {
    // TUPLE1 puts the top of the stack into a tuple, again and again.
    let program = Pickle.program([0x4E] + [UInt8](repeating: 0x85, count: 200_000))
    #expect(
      try failure(torchArchive(pickle: program))?.description
        == "The file has values nested past the limit of 64, which no checkpoint needs. "
        + "Re-save it with only its weights, as safetensors.")
  }

  @Test("A list that holds itself ends at the limit")
  func cycle() throws {
    let program = Pickle.program([0x5D, 0x71, 0, 0x68, 0, 0x61])
    #expect(try failure(torchArchive(pickle: program))?.kind == .tooLarge)
  }

  @Test("A list of ten of a list of ten, forty deep, does not unfold")
  func doublingLists() throws {
    var body: [UInt8] = [0x5D, 0x71, 0]
    for level in UInt8(1)...40 {
      body += [0x5D, 0x28]
      for _ in 0..<10 { body += [0x68, level - 1] }
      body += [0x65, 0x71, level]
    }
    let error = try failure(torchArchive(pickle: Pickle.program(body)))
    // 41 lists of 400 elements may be reached eight times over, and 10000 times more.
    #expect(error?.problem == "The file has values past the limit of 13528, which no checkpoint needs.")
  }

  @Test("Objects, collection elements, stack, stored values and bytes all have a limit")
  func limits() throws {
    let limits = PickleLimits(instructionCount: 100, objectCount: 10, itemCount: 20, nameLength: 8, stackDepth: 30, memoCount: 5)
    func refused(_ program: [UInt8]) throws -> String? { try failure { _ = try Self.run(program, limits: limits) }?.problem }
    let tail = ", which no checkpoint needs."
    #expect(try refused([UInt8](repeating: 0x5D, count: 11)) == "The file has pickled objects past the limit of 10\(tail)")
    #expect(try refused([UInt8](repeating: 0x4E, count: 31)) == "The file has a pickle stack past the limit of 30\(tail)")
    #expect(try refused([UInt8](repeating: 0x28, count: 31)) == "The file has a pickle stack past the limit of 30\(tail)")
    #expect(
      try refused([0x28] + [UInt8](repeating: 0x4E, count: 21) + [0x74])
        == "The file has elements of pickled collections past the limit of 20\(tail)")
    #expect(
      try refused([0x4E] + [UInt8](repeating: 0x94, count: 6)) == "The file has stored pickle values past the limit of 5\(tail)")
    #expect(
      try refused((0..<101).map { $0 % 2 == 0 ? 0x4E : 0x30 }) == "The file has pickle instructions past the limit of 100\(tail)")
    #expect(try refused(Pickle.global("a", "very long name"))?.contains("the name of a class is too long") == true)
  }

  @Test("A dictionary with the same key twice is refused")
  func duplicateKeys() throws {
    let program = Pickle.program(Pickle.dictionary([("outer", Pickle.dictionary([("w", [0x4E]), ("w", [0x4E])]))]))
    #expect(
      try failure(torchArchive(pickle: program))?.description
        == "The file's pickle has the key outer.w twice. \(fetchAgain)")
  }

  @Test("Two tensors whose joined names coincide are refused")
  func coincidingNames() throws {
    let tensor = Pickle.tensor(Pickle.storage("0", count: 1), shape: [1], strides: [1])
    let program = Pickle.program(Pickle.dictionary([("a.b", tensor), ("a", Pickle.dictionary([("b", tensor)]))]))
    #expect(try failure(torchArchive(pickle: program, storages: ["0": Data(count: 4)])) == ContainersError.duplicateName("a.b"))
  }

  @Test("Numbers of every width come out right")
  func numbers() throws {
    let programs: [([UInt8], Int)] = [
      ([0x4A, 0xFE, 0xFF, 0xFF, 0xFF], -2), ([0x4B, 200], 200), ([0x4D, 0x34, 0x12], 0x1234), ([0x8A, 0], 0), ([0x8A, 1, 0xFF], -1),
      ([0x8A, 2, 0, 0x80], -32768), ([0x8A, 8, 255, 255, 255, 255, 255, 255, 255, 127], .max), ([0x8B, 2, 0, 0, 0, 0xE8, 3], 1000),
    ]
    for (program, number) in programs {
      guard case .integer(number) = try Self.run(program + [0x2E]).result else {
        Issue.record("\(program) is not \(number)")
        continue
      }
    }
    guard case .number(-0.5) = try Self.run([0x47, 0xBF, 0xE0, 0, 0, 0, 0, 0, 0, 0x2E]).result else {
      Issue.record("the floating-point number is not -0.5")
      return
    }
  }

  @Test("Byte strings of Python 2 are Latin-1, and ordered dictionaries of pairs are dictionaries")
  func python2() throws {
    let pair: [UInt8] = [0x5D, 0x28, 0x55, 2, 0x77, 0xE9, 0x4B, 5, 0x65]
    let pairs: [UInt8] = [0x5D] + pair + [0x61, 0x85]
    let program = Pickle.program(Pickle.global("collections", "OrderedDict") + pairs + [0x52])
    guard case .scalar(.integer(5)) = try openBytes(torchArchive(pickle: program)).root["wé"] else {
      Issue.record("the pair is not in the dictionary")
      return
    }
  }
}
