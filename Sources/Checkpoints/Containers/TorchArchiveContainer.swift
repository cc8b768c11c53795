internal import Foundation

/// Reads what `torch.save` writes since PyTorch 1.6: a zip archive with one pickle and one member per storage.
enum TorchArchiveContainer {
  /// - Parameter folder: the one that holds `data.pkl`, with its slash; it has the name the file was saved under.
  static func read(_ archive: ZipArchive, folder: String) throws -> CheckpointNode {
    if let order = try archive.bytes(of: folder + "byteorder") {
      let text = String(decoding: try order.read(offset: 0, count: min(order.byteCount, 16)), as: UTF8.self)
      guard text.hasPrefix("little") else { throw CheckpointsError.malformedArchive("its numbers are big-endian") }
    }
    guard let pickle = try archive.bytes(of: folder + "data.pkl") else {
      throw CheckpointsError.malformedArchive("it has no data.pkl")
    }
    guard pickle.byteCount <= PickleLimits().byteCount else {
      throw CheckpointsError.tooLarge("a pickle of \(pickle.byteCount) bytes", limit: PickleLimits().byteCount)
    }
    var machine = try PickleMachine(try pickle.read(offset: 0, count: pickle.byteCount))
    let graph = try machine.run()
    var builder = PickleTreeBuilder(graph: graph) { key in try archive.bytes(of: "\(folder)data/\(key)") }
    return try builder.node(graph.result, name: "", depth: 0)
  }
}

/// Turns the graph of a pickle into a tree of arrays, with every size checked against the storages.
struct PickleTreeBuilder {
  let graph: PickleGraph
  /// The bytes of a storage by its key.
  let storage: (String) throws -> (any ByteSource)?
  private var opened: [String: any ByteSource] = [:]
  private var visited = 0

  static let depthLimit = 64
  /// Values reached twice count twice, so that a small file cannot unfold into a large tree.
  static let visitLimit = 1_000_000

  init(graph: PickleGraph, storage: @escaping (String) throws -> (any ByteSource)?) {
    self.graph = graph
    self.storage = storage
  }

  mutating func node(_ value: PickleValue, name: String, depth: Int) throws -> CheckpointNode {
    visited += 1
    guard visited <= Self.visitLimit else { throw CheckpointsError.tooLarge("values", limit: Self.visitLimit) }
    guard depth <= Self.depthLimit else { throw CheckpointsError.tooLarge("values nested", limit: Self.depthLimit) }
    switch value {
    case .none: return .scalar(.none)
    case .bool(let flag): return .scalar(.bool(flag))
    case .integer(let number): return .scalar(.integer(number))
    case .number(let number): return .scalar(.number(number))
    case .text(let text): return .scalar(.text(text))
    case .bytes: return .opaque("bytes")
    case .object(let index): return try node(graph.objects[index], name: name, depth: depth)
    }
  }

  private mutating func node(_ object: PickleObject, name: String, depth: Int) throws -> CheckpointNode {
    switch object.kind {
    case .list, .tuple, .set:
      return .list(try object.items.enumerated().map { try node($1, name: joined(name, String($0)), depth: depth + 1) })
    case .dictionary: return .dictionary(try members(of: object, name: name, depth: depth))
    case .global(let global): return .opaque(global)
    case .opaque(let kind): return try module(object, name: name, depth: depth) ?? .opaque(kind)
    case .storage: return .opaque("storage")
    case .tensor(let tensor): return .array(try array(tensor, name: name))
    }
  }

  private func joined(_ path: String, _ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  /// The items of a dictionary. Keys that are neither text nor whole numbers name nothing and are left out.
  private mutating func members(
    of object: PickleObject, name: String, depth: Int
  ) throws -> [(key: String, value: CheckpointNode)] {
    var members: [(key: String, value: CheckpointNode)] = []
    var seen: Set<String> = []
    for index in stride(from: 0, to: object.items.count, by: 2) {
      let key: String
      switch object.items[index] {
      case .text(let text): key = text
      case .integer(let number): key = String(number)
      default: continue
      }
      guard seen.insert(key).inserted else {
        throw CheckpointsError.malformedArchive("the key \(joined(name, key)) occurs twice")
      }
      members.append((key, try node(object.items[index + 1], name: joined(name, key), depth: depth + 1)))
    }
    return members
  }

  /// A network that was saved whole, as the dictionary that its `state_dict()` would be: its parameters, then its
  /// buffers, then those of its parts.
  private mutating func module(_ object: PickleObject, name: String, depth: Int) throws -> CheckpointNode? {
    guard let state = graph.object(object.state), case .dictionary = state.kind else { return nil }
    var parts: [String: PickleObject] = [:]
    for index in stride(from: 0, to: state.items.count, by: 2) {
      guard case .text(let key) = state.items[index], let part = graph.object(state.items[index + 1]),
        case .dictionary = part.kind
      else { continue }
      parts[key] = part
    }
    guard let parameters = parts["_parameters"], let buffers = parts["_buffers"], let modules = parts["_modules"] else {
      return nil
    }
    var all: [(key: String, value: CheckpointNode)] = []
    for part in [parameters, buffers, modules] { all += try members(of: part, name: name, depth: depth + 1) }
    return .dictionary(all)
  }

  private mutating func array(_ tensor: PickleTensor, name: String) throws -> NamedArray {
    let name = name.isEmpty ? "tensor" : name
    let bytes = try open(tensor.storage, name: name)
    guard let start = Extent.product(tensor.offset, tensor.elementType.byteCount) else {
      throw CheckpointsError.inconsistentArray(name, "its offset \(tensor.offset) is not possible")
    }
    return try NamedArray(
      name: name, elementType: tensor.elementType, shape: tensor.shape, source: bytes, byteOffset: start,
      strides: tensor.strides)
  }

  /// A storage's bytes, whose number must be the one that the pickle claims.
  private mutating func open(_ reference: PickleStorage, name: String) throws -> any ByteSource {
    let bytes = try opened[reference.key] ?? storage(reference.key)
      .orThrow(CheckpointsError.inconsistentArray(name, "its storage \(reference.key) is not in the file"))
    guard let size = Extent.product(reference.count, reference.elementType?.byteCount ?? 1), size == bytes.byteCount else {
      throw CheckpointsError.inconsistentArray(
        name, "its storage \(reference.key) should have \(reference.count) elements but has \(bytes.byteCount) bytes")
    }
    opened[reference.key] = bytes
    return bytes
  }
}

extension Optional {
  func orThrow(_ error: @autoclosure () -> CheckpointsError) throws -> Wrapped {
    guard let self else { throw error() }
    return self
  }
}
