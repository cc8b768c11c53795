internal import Foundation

extension ContainerKind {
  public static let hdf5 = ContainerKind(HDF5Container.self)
}

/// Reads HDF5 as Keras writes it: groups become dictionaries, datasets arrays.
///
/// The HDF5 library only describes the file and unpacks what is packed; arrays that lie in the file as they are, which in
/// Keras' files all do, are read from it directly.
enum HDF5Container: SingleFileContainer {
  static let name = "hdf5", shortName = "HDF5", description = "an HDF5 file (Keras)"

  static func recognizes(_ signature: Signature) -> Bool { signature.begins(with: [0x89, 0x48, 0x44, 0x46]) }

  /// Of all records about a file together, and of the names in them: a bound against what a child may say.
  static let descriptionLimit = 64 << 20

  static func read(_ source: any ByteSource) throws -> CheckpointContents {
    let child = HDF5Child(source: source)
    let tree = HDF5Tree()
    var places: [(range: Range<Int>, name: String)] = []
    var described = 0
    try child.records(of: nil, resultByteCount: 0) { kind, record in
      described += record.count
      guard described <= descriptionLimit else {
        throw ContainersError.tooLarge("\(described) bytes of names", limit: descriptionLimit)
      }
      var reader = LittleEndianReader(record)
      switch kind {
      case UInt8(ascii: "D"):
        let dataset = try HDF5Dataset(from: &reader)
        if let range = try dataset.range(in: source) { places.append((range, dataset.path)) }
        try tree.insert(.array(try dataset.array(child)), at: dataset.path)
      case UInt8(ascii: "O"):
        let path = try reader.text()
        try tree.insert(.opaque(try reader.text()), at: path)
      default: throw HDF5Child.failed("its answer makes no sense")
      }
    }
    try checkOverlap(places)
    return CheckpointContents(root: tree.node)
  }

  /// Two datasets may have the same bytes, as two names of one dataset; to share some is damage.
  private static func checkOverlap(_ places: [(range: Range<Int>, name: String)]) throws {
    let sorted = places.sorted { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
    for (one, next) in zip(sorted, sorted.dropFirst()) where one.range != next.range && one.range.overlaps(next.range) {
      throw ContainersError.inconsistentArray(next.name, "its bytes overlap those of \(one.name)")
    }
  }
}

/// What the HDF5 library says about a dataset of numbers.
struct HDF5Dataset {
  let path: String
  let elementType: ElementType
  let shape: [Int]
  let byteCount: Int
  /// Where its elements are in the file; nil when they must be unpacked.
  let place: Int?

  /// What a packed dataset may unpack to; a value that fills a dataset without being stored counts as packed too.
  static let unfoldingLimit = 16
  static let unfoldingAllowance = 64 << 20

  init(from reader: inout LittleEndianReader) throws {
    let length: UInt8 = try reader.number()
    let type = String(decoding: try reader.bytes(Int(length)), as: UTF8.self)
    path = try reader.text()
    let rank = Int(try reader.uint32())
    guard let elementType = ElementType(rawValue: type), rank <= Extent.maximumRank else {
      throw HDF5Child.failed("its answer about \(path) makes no sense")
    }
    var shape: [Int] = []
    for _ in 0..<rank { shape.append(Int(truncatingIfNeeded: try reader.uint64())) }
    // A size past Int is negative now.
    guard let count = Extent.elementCount(shape), let byteCount = Extent.product(count, elementType.byteCount) else {
      throw ContainersError.inconsistentArray(path, "its shape \(shape) is not possible")
    }
    let isDirect: UInt8 = try reader.number()
    let place = Int(truncatingIfNeeded: try reader.uint64())
    (self.elementType, self.shape, self.byteCount) = (elementType, shape, byteCount)
    self.place = isDirect == 1 ? place : nil
  }

  /// The bytes of the file that it takes; nil when it has none of its own.
  func range(in source: any ByteSource) throws -> Range<Int>? {
    guard let place, byteCount > 0 else { return nil }
    guard place >= 0, place <= source.byteCount, byteCount <= source.byteCount - place else {
      throw ContainersError.inconsistentArray(
        path, "it needs \(byteCount) bytes at offset \(place), but the file has \(source.byteCount)")
    }
    return place..<place + byteCount
  }

  func array(_ child: HDF5Child) throws -> NamedArray {
    let file = child.source
    if let place {
      return try NamedArray(name: path, elementType: elementType, shape: shape, source: file, byteOffset: place, strides: nil)
    }
    let limit = max(Self.unfoldingAllowance, Extent.product(file.byteCount, Self.unfoldingLimit) ?? Int.max)
    guard byteCount > 0 else { return try NamedArray(name: path, elementType: elementType, shape: shape, bytes: Data()) }
    guard byteCount <= limit else {
      throw ContainersError(
        .tooLarge, "The array \(path) claims \(byteCount) bytes, which a file of \(file.byteCount) cannot hold.", remedy: fetchAgain)
    }
    return try NamedArray(
      name: path, elementType: elementType, shape: shape,
      source: HDF5ElementSource(child: child, path: path, byteCount: byteCount), byteOffset: 0, strides: nil)
  }
}

/// Builds dictionaries in dictionaries from paths, in the order in which the paths come.
private final class HDF5Tree {
  private final class Group {
    var keys: [String] = []
    var groups: [String: Group] = [:]
    var leaves: [String: CheckpointNode] = [:]

    func node() -> CheckpointNode {
      .dictionary(
        keys.compactMap { key in
          (leaves[key] ?? groups[key]?.node()).map { (key: key, value: $0) }
        })
    }
  }

  private let root = Group()
  static let depthLimit = 64

  var node: CheckpointNode { root.node() }

  func insert(_ leaf: CheckpointNode, at path: String) throws {
    let parts = path.split(separator: "/").map(String.init)
    guard let name = parts.last, parts.count <= Self.depthLimit else {
      throw ContainersError.tooLarge("groups in groups", limit: Self.depthLimit)
    }
    var group = root
    for part in parts.dropLast() {
      guard group.leaves[part] == nil else { throw ContainersError.duplicateName(path) }
      if let next = group.groups[part] {
        group = next
      } else {
        let next = Group()
        group.keys.append(part)
        group.groups[part] = next
        group = next
      }
    }
    guard group.leaves[name] == nil, group.groups[name] == nil else { throw ContainersError.duplicateName(path) }
    group.keys.append(name)
    group.leaves[name] = leaf
  }
}
