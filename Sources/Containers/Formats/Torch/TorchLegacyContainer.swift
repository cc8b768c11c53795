internal import Foundation

extension ContainerKind {
  public static let torchLegacyStream = ContainerKind(TorchLegacyContainer.self)
}

/// Reads what `torch.save` wrote from PyTorch 0.1.10 to 1.5: five pickles (a magic number, the version, facts about the
/// machine, the object, the storages' keys), then for each key its number of elements and its bytes, without any gap.
enum TorchLegacyContainer: SingleFileContainer {
  static let name = "torchLegacyStream", shortName = "torch legacy", description = "a torch.save stream from before PyTorch 1.6"
  static let resaveAdvice = TorchArchiveContainer.resaveAdvice

  /// The number 0x1950a86a20f9469cfc6c and the end of its pickle.
  static let magic: [UInt8] = [0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]

  /// A pickle of the magic number, in a frame of nine bytes from protocol 4 on.
  static func recognizes(_ signature: Signature) -> Bool {
    signature.isPickle && [2, 11].contains { signature.head.dropFirst($0).starts(with: magic) }
  }

  static func read(_ source: any ByteSource) throws -> CheckpointContents {
    var input = PickleInput(source)
    func next() throws -> PickleGraph {
      // Each pickle stands alone, and so do the positions in its errors.
      var machine = PickleMachine(PickleInput(source, from: input.position))
      let graph = try machine.run()
      input = machine.input
      return graph
    }
    _ = try next()
    guard case .integer(1001) = try next().result else { throw malformed("it is not of protocol version 1001") }
    // It may say that the machine was big-endian: torch.save wrote streams little-endian there too, as torch.load expects.
    try SystemFacts.check(try next(), kind: kind, mustBeLittleEndian: false)
    let graph = try next()
    let storages = try storages(try next(), of: graph, in: source, from: input.position)
    var builder = PickleTreeBuilder(graph: graph, pickle: source) { storages[$0.key] }
    return CheckpointContents(root: try builder.root(), calledNames: graph.calledNames)
  }

  private static func malformed(_ reason: String) -> ContainersError { .malformed(kind, reason) }

  /// Where each storage's bytes are. Only the counts are read; every byte to the end of the file belongs to a storage.
  private static func storages(
    _ list: PickleGraph, of graph: PickleGraph, in source: any ByteSource, from start: Int
  ) throws -> [String: ByteSlice] {
    guard let keys = list.sequence(list.result) else { throw malformed("it has no list of storages") }
    let described = try describedStorages(graph)
    var storages: [String: ByteSlice] = [:]
    var position = start
    for value in keys {
      guard let key = PickleMachine.key(value), let storage = described[key] else {
        throw malformed("it lists a storage that no tensor uses")
      }
      guard storages[key] == nil else { throw malformed("it lists the storage \(key) twice") }
      guard let width = storage.type.width else {
        throw malformed("the storage \(key) is of the unknown type \(storage.type.name)")
      }
      let count = try count(in: source, at: position)
      guard count == storage.count else {
        throw malformed("its storage \(key) should have \(storage.count) elements but has \(count)")
      }
      guard let size = Extent.product(storage.count, width), size <= source.byteCount - position - 8 else {
        throw ContainersError.truncated(needed: "\(storage.count) elements of the storage \(key)", available: source.byteCount)
      }
      storages[key] = ByteSlice(of: source, offset: position + 8, count: size)
      position += 8 + size
    }
    guard position == source.byteCount else {
      throw malformed("\(source.byteCount - position) bytes at its end belong to no storage")
    }
    return storages
  }

  private static func count(in source: any ByteSource, at position: Int) throws -> UInt64 {
    var reader = LittleEndianReader(try source.read(offset: position, count: 8))
    return try reader.uint64()
  }

  /// The storages that the object's pickle describes; the same key must always mean the same.
  private static func describedStorages(_ graph: PickleGraph) throws -> [String: PickleStorage] {
    var described: [String: PickleStorage] = [:]
    for object in graph.objects {
      guard case .storage(let storage) = object.kind else { continue }
      if let other = described[storage.key], (other.type.width, other.count) != (storage.type.width, storage.count) {
        throw malformed("the storage \(storage.key) is described in two ways")
      }
      described[storage.key] = storage
    }
    return described
  }
}

/// What torch.save noted about the machine it ran on.
enum SystemFacts {
  /// Throws for numbers of the other byte order, where the container keeps the machine's.
  static func check(_ graph: PickleGraph, kind: ContainerKind, mustBeLittleEndian: Bool) throws {
    guard let facts = graph.object(graph.result), case .dictionary = facts.kind else {
      throw ContainersError.malformed(kind, "it does not say what machine it was written on")
    }
    guard mustBeLittleEndian else { return }
    for index in stride(from: 0, to: facts.items.count, by: 2) {
      if case .text("little_endian") = facts.items[index], case .bool(false) = facts.items[index + 1] {
        throw ContainersError.unsupported(kind, "its numbers are big-endian")
      }
    }
  }
}
