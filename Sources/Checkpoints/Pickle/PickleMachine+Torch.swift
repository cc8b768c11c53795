/// What the machine makes of the names that torch.save writes.
extension PickleMachine {
  /// The object that a REDUCE or NEWOBJ stands for: a dictionary, a tensor, or something inert. Nothing is called.
  mutating func instance(of callable: PickleValue, arguments: PickleValue) throws -> PickleValue {
    guard let items = graph.sequence(arguments) else { throw malformed("a call has no list of arguments") }
    guard let name = graph.global(callable) else {
      // An opaque object used as a callable stays what it is.
      return try make(PickleObject(kind: .opaque(opaqueName(callable)), items: items))
    }
    switch name {
    case "collections.OrderedDict", "builtins.dict", "__builtin__.dict": return try dictionary(items.first)
    case "collections.defaultdict": return try dictionary(items.dropFirst().first)
    case "builtins.set", "__builtin__.set", "builtins.frozenset", "__builtin__.frozenset", "torch.Size",
      "builtins.list", "__builtin__.list", "builtins.tuple", "__builtin__.tuple":
      let kind: PickleObject.Kind = name.hasSuffix("set") ? .set : .tuple
      return try make(PickleObject(kind: kind, items: items.first.flatMap { graph.sequence($0) } ?? []))
    case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2": return try tensor(items, elementType: nil)
    case "torch._utils._rebuild_tensor_v3":
      guard items.count >= 7 else { throw malformed("a tensor has too few arguments") }
      return try tensor(items, elementType: .some(graph.global(items[6]).flatMap { ElementType(torchType: $0) }))
    case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state", "torch.nn.parameter.Parameter",
      "torch.nn.parameter.Buffer":
      guard let wrapped = items.first else { return try make(PickleObject(kind: .opaque(name))) }
      return wrapped
    case "torch._tensor._rebuild_from_type_v2":
      // (function, class, its arguments, attributes): the tensor is what the function makes of the arguments.
      guard items.count >= 3 else { throw malformed("a tensor has too few arguments") }
      guard graph.global(items[0]) != "torch._tensor._rebuild_from_type_v2" else {
        return try make(PickleObject(kind: .opaque(name)))
      }
      return try instance(of: items[0], arguments: items[2])
    default: return try make(PickleObject(kind: .opaque(name), items: items))
    }
  }

  private func opaqueName(_ value: PickleValue) -> String {
    if case .opaque(let name) = graph.object(value)?.kind { return name }
    return "object"
  }

  /// A dictionary from nothing, from another one, or from a list of pairs (as Python 2 wrote ordered dictionaries).
  private mutating func dictionary(_ content: PickleValue?) throws -> PickleValue {
    guard let content, let object = graph.object(content) else { return try make(PickleObject(kind: .dictionary)) }
    if case .dictionary = object.kind { return try make(PickleObject(kind: .dictionary, items: object.items)) }
    var items: [PickleValue] = []
    for pair in graph.sequence(content) ?? [] {
      guard let pair = graph.sequence(pair), pair.count == 2 else { throw malformed("a dictionary's item is no pair") }
      items += pair
    }
    return try make(PickleObject(kind: .dictionary, items: items))
  }

  /// A persistent identifier: ('storage', class, key, location, count[, view]). The location is where it was, not where
  /// it goes, and is ignored.
  mutating func storage(_ identifier: PickleValue) throws -> PickleValue {
    guard let items = graph.sequence(identifier), let first = items.first, case .text("storage") = first else {
      return try make(PickleObject(kind: .opaque("persistent object")))
    }
    guard items.count == 5 || items.count == 6, let name = graph.global(items[1]), case .text(let key) = items[2],
      case .integer(let count) = items[4], count >= 0
    else { throw malformed("a storage is not described as torch.save does") }
    if items.count == 6 {
      guard case .none = items[5] else { throw malformed("the storage \(key) is a view of another, which archives never hold") }
    }
    if Self.untypedStorages.contains(name) {
      return try make(PickleObject(kind: .storage(PickleStorage(key: key, elementType: nil, count: count))))
    }
    guard let elementType = ElementType(torchStorage: name) else { return try make(PickleObject(kind: .opaque(name))) }
    return try make(PickleObject(kind: .storage(PickleStorage(key: key, elementType: elementType, count: count))))
  }

  private static let untypedStorages: Set = [
    "torch.storage.UntypedStorage", "torch.storage._UntypedStorage", "torch.UntypedStorage",
  ]

  /// A tensor from (storage, offset, sizes, strides, …).
  ///
  /// - Parameter elementType: nil when the storage's type is the tensor's; `.some(nil)` when the file names a type that is
  ///   not known, which makes the tensor opaque.
  private mutating func tensor(_ items: [PickleValue], elementType: ElementType??) throws -> PickleValue {
    guard items.count >= 4, case .integer(let offset) = items[1], let shape = graph.integers(items[2]),
      let strides = graph.integers(items[3])
    else { throw malformed("a tensor is not described as torch.save does") }
    switch graph.object(items[0])?.kind {
    case .storage(let storage):
      guard let type = elementType ?? (storage.elementType ?? .uint8) else {
        return try make(PickleObject(kind: .opaque("tensor of an unknown type")))
      }
      let tensor = PickleTensor(storage: storage, elementType: type, offset: offset, shape: shape, strides: strides)
      return try make(PickleObject(kind: .tensor(tensor)))
    case .opaque(let name): return try make(PickleObject(kind: .opaque("tensor of \(name)")))
    default: throw malformed("a tensor has no storage")
    }
  }
}

extension ElementType {
  /// The type that a torch storage class holds, as `torch.FloatStorage` or `torch.cuda.FloatStorage`.
  init?(torchStorage name: String) {
    let types: [String: ElementType] = [
      "FloatStorage": .float32, "DoubleStorage": .float64, "HalfStorage": .float16, "BFloat16Storage": .bfloat16,
      "LongStorage": .int64, "IntStorage": .int32, "ShortStorage": .int16, "CharStorage": .int8, "ByteStorage": .uint8,
      "BoolStorage": .bool, "ComplexFloatStorage": .complex64,
    ]
    let parts = name.split(separator: ".")
    guard parts.count == 2 || (parts.count == 3 && parts[1] == "cuda"), parts[0] == "torch", let last = parts.last,
      let type = types[String(last)]
    else { return nil }
    self = type
  }

  /// The type that a torch dtype names, as `torch.float32`.
  init?(torchType name: String) {
    let types: [String: ElementType] = [
      "torch.float32": .float32, "torch.float64": .float64, "torch.float16": .float16, "torch.bfloat16": .bfloat16,
      "torch.int64": .int64, "torch.int32": .int32, "torch.int16": .int16, "torch.int8": .int8, "torch.uint8": .uint8,
      "torch.uint16": .uint16, "torch.uint32": .uint32, "torch.uint64": .uint64, "torch.bool": .bool,
      "torch.complex64": .complex64, "torch.float8_e4m3fn": .float8e4m3, "torch.float8_e5m2": .float8e5m2,
    ]
    guard let type = types[name] else { return nil }
    self = type
  }
}
