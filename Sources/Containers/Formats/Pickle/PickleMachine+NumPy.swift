internal import Foundation

/// What the machine makes of the names that NumPy writes: arrays, single numbers and their types.
extension PickleMachine {
  /// What a call of one of NumPy's functions gives; nil for a name that is not NumPy's or says nothing here.
  mutating func numpyInstance(_ name: String, _ items: [PickleValue]) throws -> PickleValue? {
    switch name {
    case "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct":
      return try make(PickleObject(kind: .unfilledArray))
    case "numpy.core.numeric._frombuffer", "numpy._core.numeric._frombuffer": return try arrayFromBuffer(items)
    case "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar": return try single(items)
    case "numpy.dtype": return try make(PickleObject(kind: .element(elementType(items.first))))
    case "_codecs.encode": return try encoded(items)
    // Protocol 2 has no other way to write no bytes.
    case "builtins.bytes", "__builtin__.bytes": return items.isEmpty ? try make(PickleObject(kind: .buffer(.memory(Data())))) : nil
    // (function, its arguments, state, …): a JAX array is the NumPy array that these make.
    case "jax._src.array._reconstruct_array":
      guard items.count >= 3, graph.global(items[0]) != name else { return nil }
      let array = try instance(of: items[0], arguments: items[1])
      if case .object(let index) = array { try build(index, from: items[2]) }
      return array
    default: return nil
    }
  }

  /// A type code, as `f4`, or a class that stands for a type.
  private func elementType(_ value: PickleValue?) -> PickleElement {
    guard let value else { return PickleElement() }
    if case .text(let code) = value { return PickleElement(type: ElementType(numpyCode: code)) }
    return PickleElement(type: graph.global(value) == "ml_dtypes.bfloat16" ? .bfloat16 : nil)
  }

  /// A type after BUILD with (version, byte order, subtype, names, fields, …): records and subarrays are not read.
  func described(_ element: PickleElement, by state: PickleValue) -> PickleElement {
    guard let items = graph.sequence(state), items.count >= 5, case .text(let order) = items[1] else { return PickleElement() }
    for part in items[2...4] {
      guard case .none = part else { return PickleElement() }
    }
    return PickleElement(type: element.type, isBigEndian: order == ">")
  }

  /// An array from its state: (version, shape, type, whether in Fortran's order, bytes). Version 0 has no version.
  func filledArray(_ state: PickleValue) throws -> PickleObject.Kind {
    guard let all = graph.sequence(state), all.count == 5 || all.count == 4 else { throw malformedArray() }
    let items = all.suffix(4)
    let base = items.startIndex
    guard case .element(let element)? = graph.object(items[base + 1])?.kind else { throw malformedArray() }
    // The elements of other types are Python objects or records.
    guard element.type != nil else { return .opaque("numpy.ndarray") }
    guard let shape = graph.dimensions(items[base]), let content = buffer(items[base + 3]) else { throw malformedArray() }
    let isFortran: Bool
    switch items[base + 2] {
    case .bool(let flag): isFortran = flag
    case .integer(let flag): isFortran = flag != 0
    default: throw malformedArray()
    }
    return .array(PickleArray(element: element, shape: shape, isFortran: isFortran, content: content))
  }

  /// Protocol 5: (bytes, type, shape, order).
  private mutating func arrayFromBuffer(_ items: [PickleValue]) throws -> PickleValue {
    guard items.count == 4, case .element(let element)? = graph.object(items[1])?.kind, case .text(let order) = items[3] else {
      throw malformedArray()
    }
    guard element.type != nil else { return try make(PickleObject(kind: .opaque("numpy.ndarray"))) }
    guard let shape = graph.dimensions(items[2]), let content = buffer(items[0]) else { throw malformedArray() }
    let array = PickleArray(element: element, shape: shape, isFortran: order == "F", content: content)
    return try make(PickleObject(kind: .array(array)))
  }

  private func malformedArray() -> ContainersError { malformed("an array is not described as NumPy does") }

  /// The bytes behind a value that is bytes; a text is one in Python 2.
  private func buffer(_ value: PickleValue) -> PickleBuffer? {
    switch value {
    case .bytes(let range): return .stored(range)
    case .text(let text): return Self.latin1(text).map { .memory($0) }
    case .object(let index):
      if case .buffer(let buffer) = graph.objects[index].kind { return buffer }
      return nil
    default: return nil
    }
  }

  private static func latin1(_ text: String) -> Data? {
    var bytes = Data(capacity: text.unicodeScalars.count)
    for scalar in text.unicodeScalars {
      guard scalar.value < 256 else { return nil }
      bytes.append(UInt8(scalar.value))
    }
    return bytes
  }

  /// `_codecs.encode(text, 'latin1')`: how Python 3 writes bytes in protocol 2.
  private mutating func encoded(_ items: [PickleValue]) throws -> PickleValue? {
    guard items.count == 2, case .text(let encoding) = items[1], ["latin1", "latin-1"].contains(encoding) else { return nil }
    switch items[0] {
    case .longText(let range): return try make(PickleObject(kind: .buffer(.latin1(range))))
    case .text(let text):
      guard let data = Self.latin1(text) else { throw malformed("a text is not Latin-1") }
      return try make(PickleObject(kind: .buffer(.memory(data))))
    default: return nil
    }
  }

  /// A single number, from (type, bytes): counters and losses are saved so.
  private mutating func single(_ items: [PickleValue]) throws -> PickleValue? {
    guard items.count == 2, case .element(let element)? = graph.object(items[0])?.kind, let type = element.type,
      let buffer = buffer(items[1])
    else { return nil }
    var bytes: Data
    switch buffer {
    case .memory(let data): bytes = data
    case .stored(let range) where range.count == type.byteCount:
      bytes = try input.source.read(offset: range.lowerBound, count: range.count)
    default: return nil
    }
    guard bytes.count == type.byteCount else { throw malformed("a NumPy number has the wrong size") }
    if element.isBigEndian { bytes = Data(bytes.reversed()) }
    // An array of one element knows how to read its number.
    let array = try NamedArray(name: "number", elementType: type, shape: [], bytes: bytes)
    guard let number = try? array.doubles().first else { return nil }
    if type == .bool { return .bool(number != 0) }
    return type.isFloatingPoint ? .number(number) : Int(exactly: number).map { .integer($0) } ?? .number(number)
  }
}
