internal import CTorch

/// A number that can stand where an operator takes a scalar: `x * 2` keeps integers integers, `x * 2.0` does not.
public protocol ScalarValue {
  /// The number as an operator's argument.
  var argument: Argument { get }
}

extension Int: ScalarValue { public var argument: Argument { .integer(self) } }
extension Double: ScalarValue { public var argument: Argument { .real(self) } }
extension Float: ScalarValue { public var argument: Argument { .real(Double(self)) } }
extension Bool: ScalarValue { public var argument: Argument { .boolean(self) } }

/// One argument of an operator of libtorch.
public enum Argument: CustomStringConvertible {
  /// The schema's default.
  case `default`
  /// Python's `None`.
  case none
  case tensor(Tensor)
  case integer(Int)
  case real(Double)
  case boolean(Bool)
  case string(String)
  case integers([Int])
  case reals([Double])
  case booleans([Bool])
  case tensors([Tensor])
  case optionalTensors([Tensor?])
  case generator(Generator)
  case device(Device)
  case scalarType(ScalarType)
  case memoryFormat(MemoryFormat)

  // nil becomes Python's None, in the types that operators take optionally.
  public static func optional(_ value: Tensor?) -> Argument { value.map(Argument.tensor) ?? .none }
  public static func optional(_ value: Int?) -> Argument { value.map(Argument.integer) ?? .none }
  public static func optional(_ value: Double?) -> Argument { value.map(Argument.real) ?? .none }
  public static func optional(_ value: [Int]?) -> Argument { value.map(Argument.integers) ?? .none }
  public static func optional(_ value: [Double]?) -> Argument { value.map(Argument.reals) ?? .none }
  public static func optional(_ value: Generator?) -> Argument { value.map(Argument.generator) ?? .none }
  public static func optional(_ value: Device?) -> Argument { value.map(Argument.device) ?? .none }
  public static func optional(_ value: ScalarType?) -> Argument { value.map(Argument.scalarType) ?? .none }
  public static func optional(_ value: MemoryFormat?) -> Argument { value.map(Argument.memoryFormat) ?? .none }
  public static func optional(_ value: (any ScalarValue)?) -> Argument { value?.argument ?? .none }

  public var description: String {
    switch self {
    case .default: "default"
    case .none: "None"
    case .tensor(let value): value.description
    case .integer(let value): "\(value)"
    case .real(let value): "\(value)"
    case .boolean(let value): "\(value)"
    case .string(let value): "\"\(value)\""
    case .integers(let values): "\(values)"
    case .reals(let values): "\(values)"
    case .booleans(let values): "\(values)"
    case .tensors(let values): Argument.summary(values.map { $0 })
    case .optionalTensors(let values): Argument.summary(values)
    case .generator: "generator"
    case .device(let value): value.description
    case .scalarType(let value): value.description
    case .memoryFormat(let value): "\(value)"
    }
  }

  /// A network has hundreds of parameters; an error names the first few.
  private static func summary(_ values: [Tensor?]) -> String {
    let shown = values.prefix(4).map { $0?.description ?? "None" }.joined(separator: ", ")
    return values.count > 4 ? "[\(shown), … \(values.count) tensors]" : "[\(shown)]"
  }
}

extension Argument {
  /// How many 8-byte words of the call's arena the argument needs.
  var wordCount: Int {
    switch self {
    case .string(let value): (value.utf8.count + 7) / 8
    case .integers(let values): values.count
    case .reals(let values): values.count
    case .booleans(let values): values.count
    case .tensors(let values): values.count
    case .optionalTensors(let values): values.count
    default: 0
    }
  }

  /// The C form; what does not fit into it goes to the front of `arena`, which moves on.
  func value(in arena: inout UnsafeMutableBufferPointer<Int64>) -> ct_value {
    switch self {
    case .default: Argument.value(CT_DEFAULT, integer: 0)
    case .none: Argument.value(CT_NONE, integer: 0)
    case .tensor(let tensor): Argument.value(CT_TENSOR, pointer: UnsafeRawPointer(tensor.handle), count: 0)
    case .integer(let value): Argument.value(CT_INT, integer: Int64(value))
    case .real(let value): ct_value(tag: Int32(CT_DOUBLE), reserved: 0, count: 0, payload: ct_payload(real: value))
    case .boolean(let value): Argument.value(CT_BOOL, integer: value ? 1 : 0)
    case .string(let value): Argument.text(value, in: &arena)
    case .integers(let values): Argument.list(CT_INT_LIST, values, in: &arena) { Int64($0) }
    case .reals(let values): Argument.list(CT_DOUBLE_LIST, values, in: &arena) { Int64(bitPattern: $0.bitPattern) }
    case .booleans(let values): Argument.list(CT_BOOL_LIST, values, in: &arena) { $0 ? 1 : 0 }
    case .tensors(let values): Argument.list(CT_TENSOR_LIST, values, in: &arena) { Int64(Int(bitPattern: $0.handle)) }
    case .optionalTensors(let values):
      Argument.list(CT_TENSOR_LIST, values, in: &arena) { Int64($0.map { Int(bitPattern: $0.handle) } ?? 0) }
    case .generator(let value): Argument.value(CT_GENERATOR, pointer: UnsafeRawPointer(value.handle), count: 0)
    case .device(let value):
      ct_value(
        tag: Int32(CT_DEVICE), reserved: 0, count: Int64(value.indexNumber),
        payload: ct_payload(integer: Int64(value.kind.number)))
    case .scalarType(let value): Argument.value(CT_INT, integer: Int64(value.rawValue))
    case .memoryFormat(let value): Argument.value(CT_INT, integer: Int64(value.rawValue))
    }
  }

  private static func value(_ tag: Int, integer: Int64) -> ct_value {
    ct_value(tag: Int32(tag), reserved: 0, count: 0, payload: ct_payload(integer: integer))
  }

  private static func value(_ tag: Int, pointer: UnsafeRawPointer?, count: Int) -> ct_value {
    ct_value(tag: Int32(tag), reserved: 0, count: Int64(count), payload: ct_payload(pointer: pointer))
  }

  private static func list<Element>(
    _ tag: Int, _ elements: [Element], in arena: inout UnsafeMutableBufferPointer<Int64>, _ word: (Element) -> Int64
  ) -> ct_value {
    for (index, element) in elements.enumerated() { arena.initializeElement(at: index, to: word(element)) }
    let start = UnsafeRawPointer(arena.baseAddress)
    arena = UnsafeMutableBufferPointer(rebasing: arena[elements.count...])
    return value(tag, pointer: start, count: elements.count)
  }

  private static func text(_ text: String, in arena: inout UnsafeMutableBufferPointer<Int64>) -> ct_value {
    let start = UnsafeRawPointer(arena.baseAddress)
    let bytes = UnsafeMutableRawBufferPointer(arena)
    for (index, byte) in text.utf8.enumerated() { bytes[index] = byte }
    let count = text.utf8.count
    arena = UnsafeMutableBufferPointer(rebasing: arena[((count + 7) / 8)...])
    return value(CT_STRING, pointer: start, count: count)
  }
}
