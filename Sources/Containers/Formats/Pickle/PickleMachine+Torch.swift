/// What the machine makes of the names that torch.save and TorchScript write.
extension PickleMachine {
  /// What a call of one of torch's functions or classes gives; nil for a name that is not torch's or says nothing here.
  mutating func torchInstance(_ name: String, _ items: [PickleValue]) throws -> PickleValue? {
    switch name {
    case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2": return try tensor(items, elementType: nil)
    case "torch._utils._rebuild_tensor_v3":
      guard items.count >= 7 else { throw malformed("a tensor has too few arguments") }
      return try tensor(items, elementType: .some(graph.global(items[6]).flatMap { ElementType(torchType: $0) }))
    // A wrapper around its first argument. TorchScript writes typed lists and dictionaries so.
    case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state", "torch.nn.parameter.Parameter",
      "torch.nn.parameter.Buffer", "torch.autograd.variable.Variable", "torch.jit._pickle.build_intlist",
      "torch.jit._pickle.build_doublelist", "torch.jit._pickle.build_boollist", "torch.jit._pickle.build_tensorlist",
      "torch.jit._pickle.restore_type_tag":
      return items.first
    case "torch._tensor._rebuild_from_type_v2":
      // (function, class, its arguments, attributes): the tensor is what the function makes of the arguments.
      guard items.count >= 3 else { throw malformed("a tensor has too few arguments") }
      guard graph.global(items[0]) != name else { return nil }
      return try instance(of: items[0], arguments: items[2])
    default: return nil
    }
  }

  /// What a persistent identifier stands for.
  mutating func persistentObject(_ identifier: PickleValue) throws -> PickleValue {
    switch persistentObjects {
    case .described: return try describedObject(identifier)
    case .listed(let kinds):
      // A tuple is a class with its source text.
      if let module = graph.sequence(identifier)?.first { return module }
      guard let key = PickleMachine.key(identifier), let kind = kinds[key] else {
        throw malformed("it refers to a tensor that is not listed")
      }
      return try make(PickleObject(kind: kind))
    }
  }

  /// A key as text: old files use addresses, as numbers.
  static func key(_ value: PickleValue) -> String? {
    switch value {
    case .text(let text): text
    case .integer(let number): String(number)
    default: nil
    }
  }

  /// ('storage', class, key, location, count[, view]) or ('module', class, file, source). The location is where the
  /// storage was, not where it goes, and is ignored; so is the source.
  private mutating func describedObject(_ identifier: PickleValue) throws -> PickleValue {
    guard let items = graph.sequence(identifier), case .text(let tag)? = items.first else {
      return try make(PickleObject(kind: .opaque("persistent object")))
    }
    if tag == "module", items.count >= 2 { return items[1] }
    guard tag == "storage" else { return try make(PickleObject(kind: .opaque("persistent object"))) }
    guard items.count == 5 || items.count == 6, let name = graph.global(items[1]), let key = Self.key(items[2]),
      case .integer(let count) = items[4], count >= 0
    else { throw malformed("a storage is not described as torch.save does") }
    var storage = PickleStorage(key: key, type: StorageType(name), count: count)
    if items.count == 6 { storage.view = try view(items[5]) }
    return try make(PickleObject(kind: .storage(storage)))
  }

  /// None or (key of the view, offset, count), in elements: storages were parts of others in PyTorch's first years.
  private func view(_ value: PickleValue) throws -> Range<Int>? {
    if case .none = value { return nil }
    guard let items = graph.sequence(value), items.count == 3, case .integer(let offset) = items[1],
      case .integer(let count) = items[2], offset >= 0, count >= 0, offset <= Int.max - count
    else { throw malformed("the view of a storage is not described as torch.save does") }
    return offset..<offset + count
  }

  /// A tensor from (storage, offset, sizes, strides, …).
  ///
  /// - Parameter elementType: nil when the storage's type is the tensor's; `.some(nil)` when the file names a type that is
  ///   not known, which makes the tensor opaque.
  private mutating func tensor(_ items: [PickleValue], elementType: ElementType??) throws -> PickleValue {
    guard items.count >= 4, case .integer(let offset) = items[1], let shape = graph.dimensions(items[2]),
      let strides = graph.dimensions(items[3])
    else { throw malformed("a tensor is not described as torch.save does") }
    switch graph.object(items[0])?.kind {
    case .storage(let storage):
      let ownType = storage.type.isUntyped ? .uint8 : storage.type.elementType
      guard let type = elementType ?? ownType else {
        return try make(PickleObject(kind: .opaque("tensor of \(storage.type.name)")))
      }
      let tensor = PickleTensor(storage: storage, elementType: type, offset: offset, shape: shape, strides: strides)
      return try make(PickleObject(kind: .tensor(tensor)))
    case .opaque(let name): return try make(PickleObject(kind: .opaque("tensor of \(name)")))
    default: throw malformed("a tensor has no storage")
    }
  }
}
