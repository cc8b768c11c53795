internal import Foundation

/// Turns the graph of a pickle into a tree of arrays, with every size checked against the bytes that are there.
struct PickleTreeBuilder {
  private let graph: PickleGraph
  /// The source that the pickle was read from, for the arrays that are inside it.
  private let pickle: any ByteSource
  /// The bytes of a whole storage; nil when the file does not hold it.
  private let storage: (PickleStorage) throws -> (any ByteSource)?
  /// Whether storages hold numbers with their first byte first.
  private let isBigEndian: Bool
  private var opened: [String: any ByteSource] = [:]
  private var visited = 0
  private let visitLimit: Int
  private var nameByteCount = 0
  /// The keys on the way to the current value; joined only where a name is needed.
  private var path: [String] = []

  static let depthLimit = 64
  /// Longer lists of nothing but numbers and texts are kept by their length: histories, random orders.
  static let scalarListLimit = 4096
  /// All names of arrays together.
  static let nameByteLimit = 16 << 20

  init(
    graph: PickleGraph, pickle: any ByteSource, isBigEndian: Bool = false, storage: @escaping (PickleStorage) throws -> (any ByteSource)?
  ) {
    self.isBigEndian = isBigEndian
    self.graph = graph
    self.pickle = pickle
    self.storage = storage
    // Values reached twice count twice, so that a small file cannot unfold into a large tree.
    let count = graph.objects.count + graph.itemCount
    visitLimit = 10_000 + count + min(7 * count, 1_000_000)
  }

  /// The tree of the pickle's result.
  mutating func root() throws -> CheckpointNode { try node(graph.result) }

  private var name: String { path.isEmpty ? "tensor" : path.joined(separator: ".") }

  private mutating func node(_ value: PickleValue) throws -> CheckpointNode {
    visited += 1
    guard visited <= visitLimit else { throw ContainersError.tooLarge("values", limit: visitLimit) }
    guard path.count <= Self.depthLimit else { throw ContainersError.tooLarge("values nested", limit: Self.depthLimit) }
    switch value {
    case .none: return .scalar(.none)
    case .bool(let flag): return .scalar(.bool(flag))
    case .integer(let number): return .scalar(.integer(number))
    case .number(let number): return .scalar(.number(number))
    case .text(let text): return .scalar(.text(text))
    case .longText: return .opaque("text")
    case .bytes: return .opaque("bytes")
    case .object(let index): return try node(graph.objects[index])
    }
  }

  private mutating func node(_ value: PickleValue, under key: String) throws -> CheckpointNode {
    path.append(key)
    defer { path.removeLast() }
    return try node(value)
  }

  private mutating func node(_ object: PickleObject) throws -> CheckpointNode {
    switch object.kind {
    case .list, .tuple, .set: return try list(object.items)
    case .dictionary: return .dictionary(try members(of: object))
    case .global(let name): return .opaque(name)
    case .opaque(let name):
      // TorchScript's objects have their parts and arrays as attributes.
      if name.hasPrefix("__torch__"), graph.object(object.state) != nil { return try node(object.state) }
      return try module(object) ?? .opaque(name)
    case .tupleClass: return .opaque("named tuple")
    case .storage: return .opaque("storage")
    case .element: return .opaque("numpy.dtype")
    case .buffer: return .opaque("bytes")
    case .unfilledArray: return .opaque("numpy.ndarray")
    case .tensor(let tensor): return .array(try array(tensor))
    case .array(let array): return .array(try self.array(array))
    }
  }

  private mutating func list(_ items: [PickleValue]) throws -> CheckpointNode {
    if items.count > Self.scalarListLimit {
      let hasObjects = items.contains { if case .object = $0 { true } else { false } }
      if !hasObjects { return .opaque("list of \(items.count) values") }
    }
    var nodes: [CheckpointNode] = []
    for (index, item) in items.enumerated() { nodes.append(try node(item, under: String(index))) }
    return .list(nodes)
  }

  /// The items of a dictionary. Keys that are neither text nor whole numbers name nothing and are left out.
  private mutating func members(
    of object: PickleObject, except omitted: Set<String> = []
  ) throws -> [(key: String, value: CheckpointNode)] {
    var members: [(key: String, value: CheckpointNode)] = []
    var seen: Set<String> = []
    for index in stride(from: 0, to: object.items.count, by: 2) {
      guard let key = PickleMachine.key(object.items[index]), !omitted.contains(key) else { continue }
      guard seen.insert(key).inserted else {
        throw ContainersError.duplicateKey((path + [key]).joined(separator: "."))
      }
      members.append((key, try node(object.items[index + 1], under: key)))
    }
    return members
  }

  // MARK: Modules

  /// A network that was saved whole, as the dictionary that its `state_dict()` would be: its parameters, then its
  /// buffers, then those of its parts.
  private mutating func module(_ object: PickleObject) throws -> CheckpointNode? {
    guard let attributes = attributes(of: object), let parameters = dictionary("_parameters", in: attributes),
      let buffers = dictionary("_buffers", in: attributes), let modules = dictionary("_modules", in: attributes)
    else { return nil }
    let transient = value("_non_persistent_buffers_set", in: attributes).flatMap { graph.object($0) }?.items ?? []
    let omitted = Set(transient.prefix(Self.scalarListLimit).compactMap { PickleMachine.key($0) })
    var all = try members(of: parameters)
    all += try members(of: buffers, except: omitted)
    all += try members(of: modules)
    return .dictionary(all)
  }

  /// A Python object's attributes: its state, or the first of (attributes, slots).
  private func attributes(of object: PickleObject) -> PickleObject? {
    let state = graph.sequence(object.state)?.first ?? object.state
    guard let attributes = graph.object(state), case .dictionary = attributes.kind else { return nil }
    return attributes
  }

  private func value(_ key: String, in dictionary: PickleObject) -> PickleValue? {
    for index in stride(from: 0, to: dictionary.items.count, by: 2) {
      if case .text(key) = dictionary.items[index] { return dictionary.items[index + 1] }
    }
    return nil
  }

  private func dictionary(_ key: String, in attributes: PickleObject) -> PickleObject? {
    guard let value = value(key, in: attributes).flatMap({ graph.object($0) }), case .dictionary = value.kind else { return nil }
    return value
  }

  // MARK: Arrays

  /// The current path as an array's name, within the bound on all names together.
  private mutating func arrayName() throws -> String {
    let name = name
    nameByteCount += name.utf8.count
    guard nameByteCount <= Self.nameByteLimit else {
      throw ContainersError.tooLarge("names of arrays in bytes", limit: Self.nameByteLimit)
    }
    return name
  }

  private mutating func array(_ tensor: PickleTensor) throws -> NamedArray {
    let name = try arrayName()
    let type = tensor.elementType
    var bytes = try open(tensor.storage, name: name)
    if isBigEndian, type.byteCount > 1 { bytes = SwappedByteSource(bytes, width: type == .complex64 ? 4 : type.byteCount) }
    guard let start = Extent.product(tensor.offset, tensor.elementType.byteCount) else {
      throw ContainersError.inconsistentArray(name, "its offset \(tensor.offset) is not possible")
    }
    return try NamedArray(
      name: name, elementType: tensor.elementType, shape: tensor.shape, source: bytes, byteOffset: start,
      strides: tensor.strides)
  }

  /// A storage's bytes, whose number must be the one that the pickle claims; for a view, those of its part.
  private mutating func open(_ reference: PickleStorage, name: String) throws -> any ByteSource {
    let key = reference.key
    guard let bytes = try opened[key] ?? storage(reference) else {
      throw ContainersError.inconsistentArray(name, "its storage \(key) is not in the file")
    }
    let width = reference.type.width ?? 1
    guard let size = Extent.product(reference.count, width), size == bytes.byteCount else {
      throw ContainersError.inconsistentArray(
        name, "its storage \(key) should have \(reference.count) elements but has \(bytes.byteCount) bytes")
    }
    opened[key] = bytes
    guard let view = reference.view else { return bytes }
    guard view.upperBound <= reference.count else {
      throw ContainersError.inconsistentArray(
        name, "it needs the elements \(view.lowerBound) to \(view.upperBound) of its storage, which has \(reference.count)")
    }
    return ByteSlice(of: bytes, offset: view.lowerBound * width, count: view.count * width)
  }

  private mutating func array(_ array: PickleArray) throws -> NamedArray {
    let name = try arrayName()
    guard let type = array.element.type, let count = Extent.elementCount(array.shape),
      let size = Extent.product(count, type.byteCount)
    else { throw ContainersError.inconsistentArray(name, "its shape \(array.shape) is not possible") }
    var bytes = try content(array.content, byteCount: size, name: name)
    guard bytes.byteCount == size else {
      throw ContainersError.inconsistentArray(
        name, "a shape of \(array.shape) in \(type.rawValue) takes \(size) bytes, but there are \(bytes.byteCount)")
    }
    if array.element.isBigEndian { bytes = SwappedByteSource(bytes, width: type == .complex64 ? 4 : type.byteCount) }
    return try NamedArray(
      name: name, elementType: type, shape: array.shape, source: bytes, byteOffset: 0,
      strides: array.isFortran ? Extent.fortranStrides(array.shape) : nil)
  }

  private func content(_ buffer: PickleBuffer, byteCount: Int, name: String) throws -> any ByteSource {
    switch buffer {
    case .memory(let data): return MemoryByteSource(data: data)
    case .stored(let range): return ByteSlice(of: pickle, offset: range.lowerBound, count: range.count)
    case .latin1(let range):
      // A byte takes one or two in UTF-8; which is counted when the array is read.
      guard byteCount <= range.count, range.count <= 2 * byteCount else {
        throw ContainersError.inconsistentArray(name, "\(range.count) bytes of text cannot hold its \(byteCount) bytes")
      }
      return Latin1ByteSource(of: pickle, range: range, byteCount: byteCount, name: name)
    }
  }
}

extension ContainersError {
  static func duplicateKey(_ key: String) -> ContainersError {
    ContainersError(.malformedPickle, "The file's pickle has the key \(key) twice.", remedy: fetchAgain)
  }
}

extension Optional {
  func orThrow(_ error: @autoclosure () -> ContainersError) throws -> Wrapped {
    guard let self else { throw error() }
    return self
  }
}
