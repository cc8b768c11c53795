internal import Foundation

extension ContainerKind {
  public static let torchTar = ContainerKind(TorchTarContainer.self)
}

/// Reads what `torch.save` wrote before PyTorch 0.1.10: a tar of `sys_info`, `storages`, `tensors` and `pickle`. The pickle
/// refers to tensors and storages by keys; the other members say what those are.
enum TorchTarContainer: SingleFileContainer {
  static let name = "torchTar", shortName = "torch tar", description = "a torch.save tar from before PyTorch 0.1.10"
  static let resaveAdvice = TorchArchiveContainer.resaveAdvice

  /// POSIX tar says `ustar` at byte 257; an older tar only has its first member's name.
  static func recognizes(_ signature: Signature) -> Bool {
    let head = signature.head
    if head.count >= 262, head[257..<262].elementsEqual("ustar".utf8) { return true }
    return head.count >= 512 && ["sys_info", "pickle", "tensors", "storages"].contains { signature.begins(with: Array($0.utf8) + [0]) }
  }

  static func read(_ source: any ByteSource) throws -> CheckpointContents {
    let tar = try TarArchive(source)
    guard tar.has("sys_info") || tar.has("pickle") else { throw ContainersError.foreign(.archive("a tar archive", around: tar.names)) }
    var facts = PickleMachine(PickleInput(try tar.bytes(of: "sys_info")))
    try SystemFacts.check(try facts.run(), kind: kind, mustBeLittleEndian: true)
    var lists = TorchTarLists()
    try lists.readStorages(try tar.bytes(of: "storages"))
    try lists.readTensors(try tar.bytes(of: "tensors"))
    let pickle = try tar.bytes(of: "pickle")
    var machine = PickleMachine(PickleInput(pickle), persistentObjects: .listed(lists.objects))
    let graph = try machine.run()
    var builder = PickleTreeBuilder(graph: graph, pickle: pickle) { lists.bytes[$0.key] }
    return CheckpointContents(root: try builder.root(), calledNames: graph.calledNames)
  }
}

/// The members `storages` and `tensors` of a tar, read without the storages' bytes.
struct TorchTarLists {
  /// What the keys of the pickle stand for.
  private(set) var objects: [String: PickleObject.Kind] = [:]
  /// The bytes of whole storages.
  private(set) var bytes: [String: ByteSlice] = [:]

  private func malformed(_ reason: String) -> ContainersError { .malformed(.torchTar, reason) }

  /// Runs the pickle at a position and gives the position after it.
  private func next(_ member: ByteSlice, _ position: inout Int) throws -> PickleGraph {
    var machine = PickleMachine(PickleInput(member, from: position))
    let graph = try machine.run()
    position = machine.input.position
    return graph
  }

  private func count(_ graph: PickleGraph, of what: String) throws -> Int {
    guard case .integer(let count) = graph.result, count >= 0 else { throw malformed("its number of \(what) is no number") }
    return count
  }

  private mutating func add(_ key: String, _ kind: PickleObject.Kind) throws {
    guard objects.updateValue(kind, forKey: key) == nil else { throw malformed("it lists the key \(key) twice") }
  }

  /// A count; as many times (key, location, class), a 64-bit number of elements and the bytes; then the storages that are
  /// parts of others.
  mutating func readStorages(_ member: ByteSlice) throws {
    var position = 0
    for _ in 0..<(try count(try next(member, &position), of: "storages")) {
      let record = try next(member, &position)
      guard let items = record.sequence(record.result), items.count == 3, let key = PickleMachine.key(items[0]),
        let name = record.global(items[2])
      else { throw malformed("a storage is not described as torch.save does") }
      let type = StorageType(name)
      guard let width = type.width else { throw malformed("the storage \(key) is of the unknown type \(name)") }
      var reader = LittleEndianReader(try member.read(offset: position, count: 8))
      let claimed = try reader.uint64()
      position += 8
      guard let count = Int(exactly: claimed), let size = Extent.product(count, width), size <= member.byteCount - position else {
        throw ContainersError.truncated(needed: "\(claimed) elements of the storage \(key)", available: member.byteCount)
      }
      try add(key, .storage(PickleStorage(key: key, type: type, count: count)))
      bytes[key] = ByteSlice(of: member, offset: position, count: size)
      position += size
    }
    try readViews(try next(member, &position))
  }

  /// (key, key of the storage it is a part of, offset, count), in elements.
  private mutating func readViews(_ graph: PickleGraph) throws {
    guard let views = graph.sequence(graph.result) else { throw malformed("it has no list of views") }
    for view in views {
      guard let items = graph.sequence(view), items.count == 4, let key = PickleMachine.key(items[0]),
        let root = PickleMachine.key(items[1]), case .storage(var storage)? = objects[root],
        case .integer(let offset) = items[2], case .integer(let count) = items[3]
      else { throw malformed("the view of a storage is not described as torch.save does") }
      let whole = storage.view ?? 0..<storage.count
      guard offset >= 0, count >= 0, offset <= whole.count, count <= whole.count - offset else {
        throw malformed("the storage \(key) reaches past the one that it is a part of")
      }
      storage.view = whole.lowerBound + offset..<whole.lowerBound + offset + count
      try add(key, .storage(storage))
    }
  }

  /// A count; as many times (key, key of the storage, class), a 64-bit number of dimensions, that many sizes and strides,
  /// and the offset in the storage.
  mutating func readTensors(_ member: ByteSlice) throws {
    var position = 0
    for _ in 0..<(try count(try next(member, &position), of: "tensors")) {
      let record = try next(member, &position)
      guard let items = record.sequence(record.result), items.count == 3, let key = PickleMachine.key(items[0]),
        let root = PickleMachine.key(items[1]), case .storage(let storage)? = objects[root]
      else { throw malformed("a tensor is not described as torch.save does") }
      // PyTorch wrote 64 bits and reads 32 of them.
      var rankReader = LittleEndianReader(try member.read(offset: position, count: 8))
      let rank = Int(try rankReader.uint32())
      guard rank <= Extent.maximumRank else { throw malformed("the tensor \(key) has \(rank) dimensions") }
      let numbers = try integers(member, at: position + 8, count: 2 * rank + 1)
      position += 8 + 8 * numbers.count
      // Without dimensions a tensor was empty then; later versions mean a single number.
      let isEmpty = rank == 0 && (storage.view?.count ?? storage.count) == 0
      let shape = isEmpty ? [0] : Array(numbers[..<rank])
      let strides = isEmpty ? [1] : Array(numbers[rank..<2 * rank])
      guard let type = storage.type.elementType else {
        try add(key, .opaque("tensor of \(storage.type.name)"))
        continue
      }
      let offset = numbers[2 * rank]
      try add(key, .tensor(PickleTensor(storage: storage, elementType: type, offset: offset, shape: shape, strides: strides)))
    }
  }

  private func integers(_ member: ByteSlice, at position: Int, count: Int) throws -> [Int] {
    var reader = LittleEndianReader(try member.read(offset: position, count: 8 * count))
    var numbers: [Int] = []
    for _ in 0..<count { numbers.append(Int(truncatingIfNeeded: try reader.uint64())) }
    return numbers
  }
}
