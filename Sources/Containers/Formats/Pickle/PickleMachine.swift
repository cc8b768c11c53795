internal import Foundation

/// What a pickle may use. A state dict of a large network needs a thousandth of it; a file that uses all of it takes less
/// than half a gigabyte.
struct PickleLimits: Sendable {
  /// Instructions carried out. Each costs a bounded time beside the bytes that it reads and the elements that it copies.
  var instructionCount = 64_000_000
  var objectCount = 1_000_000
  /// Elements of all collections together, counted again whenever a collection is copied.
  var itemCount = 4_000_000
  /// The length of the name of a class or function.
  var nameLength = 1024
  var stackDepth = 1_000_000
  var memoCount = 2_000_000
}

/// Python's pickle machine without callables: it builds lists, dictionaries, numbers and descriptions of arrays, and turns
/// every class or function it does not know into an inert name. Nothing in a file can run.
struct PickleMachine {
  /// What a persistent identifier means: a file format's own way to refer to what is outside the pickle.
  enum PersistentObjects {
    /// The identifier describes a storage, as in archives and streams.
    case described
    /// The identifier is the key of a tensor or storage that is listed elsewhere, as in tars.
    case listed([String: PickleObject.Kind])
  }

  private(set) var input: PickleInput
  let persistentObjects: PersistentObjects
  private let limits: PickleLimits
  private var stack: [PickleValue] = []
  private var marks: [Int] = []
  /// Stored values whose keys count up from 0, as all picklers have them, and others.
  private var memo: [PickleValue] = []
  private var sparseMemo: [Int: PickleValue] = [:]
  var graph = PickleGraph()

  /// Longer texts name nothing; they are kept as a place in the file.
  static let textLimit = 1024

  init(_ input: PickleInput, persistentObjects: PersistentObjects = .described, limits: PickleLimits = PickleLimits()) {
    self.input = input
    self.persistentObjects = persistentObjects
    self.limits = limits
  }

  /// Runs to the STOP instruction and gives what was built.
  mutating func run() throws -> PickleGraph {
    var instructionCount = 0
    while true {
      let code = try input.byte()
      guard let opcode = PickleOpcode(rawValue: code) else {
        throw malformed("its instruction 0x\(String(code, radix: 16)) is not one that a checkpoint needs")
      }
      if opcode == .stop { break }
      try step(opcode)
      guard stack.count <= limits.stackDepth, marks.count <= limits.stackDepth else {
        throw ContainersError.tooLarge("a pickle stack", limit: limits.stackDepth)
      }
      instructionCount += 1
      guard instructionCount <= limits.instructionCount else {
        throw ContainersError.tooLarge("pickle instructions", limit: limits.instructionCount)
      }
    }
    graph.result = try pop()
    return graph
  }

  func malformed(_ reason: String) -> ContainersError { .malformedPickle(reason, at: input.position - input.start) }

  private mutating func step(_ opcode: PickleOpcode) throws {
    switch opcode {
    case .proto: _ = try input.take(1)
    case .frame: _ = try input.take(8)
    case .stop: return
    case .mark: marks.append(stack.count)
    case .pop: try popValueOrMark()
    case .popMark: _ = try popToMark()
    case .dup: stack.append(try top())
    case .none: stack.append(.none)
    case .newTrue: stack.append(.bool(true))
    case .newFalse: stack.append(.bool(false))
    case .binInt, .binInt1, .binInt2, .long1, .long4, .binFloat: stack.append(try numeral(opcode))
    case .binString, .shortBinString: stack.append(try byteString(try length(opcode)))
    case .binUnicode, .shortBinUnicode, .binUnicode8: stack.append(try text(try length(opcode)))
    case .binBytes, .shortBinBytes, .binBytes8, .byteArray8: stack.append(.bytes(try input.take(try length(opcode))))
    case .emptyTuple, .tuple, .tuple1, .tuple2, .tuple3, .emptyList, .list, .emptyDictionary, .dictionary, .emptySet, .frozenSet:
      try makeCollection(opcode)
    case .append, .appends, .setItem, .setItems, .addItems: try fillCollection(opcode)
    case .binPut, .longBinPut, .memoize, .binGet, .longBinGet: try useMemo(opcode)
    case .global, .stackGlobal: try makeGlobal(opcode)
    case .reduce, .newObject, .newObjectWithKeywords, .build, .binPersistentID: try makeInstance(opcode)
    }
  }

  // MARK: Texts and numbers

  private mutating func length(_ opcode: PickleOpcode) throws -> Int {
    switch opcode {
    case .shortBinString, .shortBinUnicode, .shortBinBytes, .long1: return Int(try input.number(UInt8.self))
    case .binUnicode8, .binBytes8, .byteArray8:
      guard let length = Int(exactly: try input.number(UInt64.self)) else { throw malformed("a length is not possible") }
      return length
    case .binUnicode, .binBytes: return Int(try input.number(UInt32.self))
    default: return Int(try input.number(Int32.self))
    }
  }

  private mutating func text(_ count: Int) throws -> PickleValue {
    guard count <= Self.textLimit else { return .longText(try input.take(count)) }
    guard let text = String(validating: try input.bytes(count), as: UTF8.self) else { throw malformed("a text is not UTF-8") }
    return .text(text)
  }

  /// A byte string of Python 2: its texts are such, read as Latin-1, and its arrays are.
  private mutating func byteString(_ count: Int) throws -> PickleValue {
    guard count <= Self.textLimit else { return .bytes(try input.take(count)) }
    return .text(String(String.UnicodeScalarView(try input.bytes(count).map { Unicode.Scalar($0) })))
  }

  private mutating func numeral(_ opcode: PickleOpcode) throws -> PickleValue {
    switch opcode {
    case .binInt: return .integer(Int(try input.number(Int32.self)))
    case .binInt1: return .integer(Int(try input.number(UInt8.self)))
    case .binInt2: return .integer(Int(try input.number(UInt16.self)))
    case .binFloat: return .number(Double(bitPattern: try input.number(UInt64.self).byteSwapped))
    default:
      // Two's complement, little-endian, as short as it gets; what passes 64 bits is no size or index of a checkpoint.
      let count = try length(opcode)
      guard count <= 8 else {
        _ = try input.take(count)
        return try make(PickleObject(kind: .opaque("int")))
      }
      let digits = try input.bytes(count)
      var value: Int64 = (digits.last ?? 0) >= 0x80 ? -1 : 0
      for byte in digits.reversed() { value = value << 8 | Int64(byte) }
      return .integer(Int(value))
    }
  }

  // MARK: Stack

  private func top() throws -> PickleValue {
    guard let value = stack.last, stack.count > marks.last ?? 0 else { throw malformed("it uses a value that is not there") }
    return value
  }

  mutating func pop() throws -> PickleValue {
    let value = try top()
    stack.removeLast()
    return value
  }

  private mutating func popValueOrMark() throws {
    if let mark = marks.last, mark == stack.count { marks.removeLast() } else { _ = try pop() }
  }

  private mutating func popToMark() throws -> [PickleValue] {
    guard let mark = marks.popLast() else { throw malformed("it uses a mark that is not there") }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  /// Adds an object to the graph and gives its reference.
  mutating func make(_ object: PickleObject) throws -> PickleValue {
    guard graph.objects.count < limits.objectCount else {
      throw ContainersError.tooLarge("pickled objects", limit: limits.objectCount)
    }
    try countItems(object.items.count)
    graph.objects.append(object)
    return .object(graph.objects.count - 1)
  }

  private mutating func countItems(_ count: Int) throws {
    graph.itemCount += count
    guard graph.itemCount <= limits.itemCount else {
      throw ContainersError.tooLarge("elements of pickled collections", limit: limits.itemCount)
    }
  }

  // MARK: Collections

  private mutating func makeCollection(_ opcode: PickleOpcode) throws {
    let object: PickleObject
    switch opcode {
    case .emptyTuple: object = PickleObject(kind: .tuple)
    case .tuple1: object = PickleObject(kind: .tuple, items: try popLast(1))
    case .tuple2: object = PickleObject(kind: .tuple, items: try popLast(2))
    case .tuple3: object = PickleObject(kind: .tuple, items: try popLast(3))
    case .tuple: object = PickleObject(kind: .tuple, items: try popToMark())
    case .emptyList: object = PickleObject(kind: .list)
    case .list: object = PickleObject(kind: .list, items: try popToMark())
    case .emptyDictionary: object = PickleObject(kind: .dictionary)
    case .dictionary: object = PickleObject(kind: .dictionary, items: try paired(try popToMark()))
    case .emptySet: object = PickleObject(kind: .set)
    default: object = PickleObject(kind: .set, items: try popToMark())
    }
    stack.append(try make(object))
  }

  private mutating func popLast(_ count: Int) throws -> [PickleValue] {
    var values: [PickleValue] = []
    for _ in 0..<count { values.append(try pop()) }
    return values.reversed()
  }

  private func paired(_ items: [PickleValue]) throws -> [PickleValue] {
    guard items.count.isMultiple(of: 2) else { throw malformed("a dictionary has a key without a value") }
    return items
  }

  private mutating func fillCollection(_ opcode: PickleOpcode) throws {
    let items: [PickleValue]
    switch opcode {
    case .append: items = try popLast(1)
    case .setItem: items = try popLast(2)
    case .setItems: items = try paired(try popToMark())
    default: items = try popToMark()
    }
    guard case .object(let index) = try top() else { throw malformed("it fills something that is no collection") }
    switch (graph.objects[index].kind, opcode) {
    case (.list, .append), (.list, .appends), (.dictionary, .setItem), (.dictionary, .setItems), (.set, .addItems): break
    // A list, set or dictionary of an unknown class is a list, set or dictionary.
    case (.opaque, .append), (.opaque, .appends): graph.objects[index] = PickleObject(kind: .list)
    case (.opaque, .addItems): graph.objects[index] = PickleObject(kind: .set)
    case (.opaque, .setItem), (.opaque, .setItems): graph.objects[index] = PickleObject(kind: .dictionary)
    default: throw malformed("it fills a collection of another kind")
    }
    try countItems(items.count)
    graph.objects[index].items.append(contentsOf: items)
  }

  // MARK: Memo and names

  private mutating func useMemo(_ opcode: PickleOpcode) throws {
    switch opcode {
    case .binPut: try store(at: Int(try input.number(UInt8.self)))
    case .longBinPut: try store(at: Int(try input.number(UInt32.self)))
    case .memoize: try store(at: memo.count + sparseMemo.count)
    default:
      let key = opcode == .binGet ? Int(try input.number(UInt8.self)) : Int(try input.number(UInt32.self))
      guard let value = key < memo.count ? memo[key] : sparseMemo[key] else {
        throw malformed("it recalls a value that it never stored")
      }
      stack.append(value)
    }
  }

  private mutating func store(at key: Int) throws {
    let value = try top()
    if key < memo.count {
      memo[key] = value
    } else if key == memo.count, sparseMemo.isEmpty {
      memo.append(value)
    } else {
      sparseMemo[key] = value
    }
    guard memo.count + sparseMemo.count <= limits.memoCount else {
      throw ContainersError.tooLarge("stored pickle values", limit: limits.memoCount)
    }
  }

  private mutating func makeGlobal(_ opcode: PickleOpcode) throws {
    let name: String
    if opcode == .global {
      name = "\(try line()).\(try line())"
    } else {
      guard case .text(let attribute) = try pop(), case .text(let module) = try pop() else {
        throw malformed("a class is named by something that is no text")
      }
      name = "\(module).\(attribute)"
    }
    guard name.utf8.count <= limits.nameLength else { throw malformed("the name of a class is too long") }
    stack.append(try make(PickleObject(kind: .global(name))))
  }

  private mutating func line() throws -> String {
    guard let line = try input.line(atMost: limits.nameLength) else { throw malformed("the name of a class is too long") }
    guard let text = String(validating: line, as: UTF8.self) else { throw malformed("a text is not UTF-8") }
    return text
  }

  // MARK: Instances

  private mutating func makeInstance(_ opcode: PickleOpcode) throws {
    switch opcode {
    case .build:
      let state = try pop()
      guard case .object(let index) = try top() else { return }
      try build(index, from: state)
    case .binPersistentID:
      let identifier = try pop()
      stack.append(try persistentObject(identifier))
    case .newObjectWithKeywords:
      _ = try pop()
      fallthrough
    default:
      let arguments = try pop()
      let callable = try pop()
      stack.append(try instance(of: callable, arguments: arguments))
    }
  }

  /// Gives an object its attributes. Those of dictionaries, parameters and tensors say nothing about weights; those of a
  /// module hold its parts.
  mutating func build(_ index: Int, from state: PickleValue) throws {
    switch graph.objects[index].kind {
    case .opaque: graph.objects[index].state = state
    case .unfilledArray: graph.objects[index].kind = try filledArray(state)
    case .element(let element): graph.objects[index].kind = .element(described(element, by: state))
    default: return
    }
  }
}
