internal import Foundation

extension ContainerKind {
  public static let numpyArray = ContainerKind(NumPyArrayContainer.self)
  public static let numpyArchive = ContainerKind(NumPyArchiveContainer.self)
}

/// Reads `.npy`, one array as `numpy.save` writes it. It has no name, so it is called `array`.
enum NumPyArrayContainer: SingleFileContainer {
  static let name = "numpyArray", shortName = "npy", description = "a NumPy array (npy)"

  static func recognizes(_ signature: Signature) -> Bool { signature.begins(with: [0x93] + Array("NUMPY".utf8)) }

  static func read(_ source: any ByteSource) throws -> CheckpointContents {
    let node = try NumPyElement(name: "array", container: kind).node(header: source, whole: source)
    return CheckpointContents(root: .dictionary([("array", node)]))
  }
}

/// Reads `.npz`, a zip with a `.npy` for every array: stored by `numpy.savez`, deflated by `numpy.savez_compressed`.
enum NumPyArchiveContainer: ZippedContainer {
  static let name = "numpyArchive", shortName = "npz", description = "a NumPy archive (npz)"

  static func read(_ archive: ZipArchive) throws -> CheckpointContents? {
    let files = archive.members.map(\.name).filter { !$0.hasSuffix("/") }
    guard !files.isEmpty, files.allSatisfy({ $0.hasSuffix(".npy") }) else { return nil }
    try archive.checkUnfolding()
    var items: [(key: String, value: CheckpointNode)] = []
    for member in archive.members where !member.name.hasSuffix("/") {
      let name = String(member.name.dropLast(".npy".count))
      let whole = try archive.unpackedBytes(of: member)
      // The header alone is read without the checksum, which would read the array too; the array's reading verifies both.
      let header = member.isCompressed ? whole : ByteSlice(of: archive.source, offset: member.dataOffset, count: member.size)
      items.append((name, try NumPyElement(name: name, container: kind).node(header: header, whole: whole)))
    }
    return CheckpointContents(root: .dictionary(items))
  }
}

/// One array of NumPy's, wherever it lies.
struct NumPyElement {
  let name: String
  let container: ContainerKind

  func node(header source: any ByteSource, whole: any ByteSource) throws -> CheckpointNode {
    let header = try NumPyHeader(source) { .malformed(container, "its array \(name) \($0)") }
    guard let descr = header.descr else { return .opaque("NumPy's record") }
    guard !descr.contains("O") else {
      throw ContainersError.unsupported(
        container, "its array \(name) holds Python objects, which would have to be unpickled")
    }
    guard let (elementType, swapWidth) = Self.elementType(descr) else { return .opaque("NumPy's \(descr)") }
    guard let count = Extent.elementCount(header.shape), let size = Extent.product(count, elementType.byteCount) else {
      throw ContainersError.inconsistentArray(name, "its shape \(header.shape) is not possible")
    }
    guard size == whole.byteCount - header.byteCount else {
      throw ContainersError.inconsistentArray(
        name, "a shape of \(header.shape) in \(descr) takes \(size) bytes, but there are \(whole.byteCount - header.byteCount)")
    }
    var elements: any ByteSource = ByteSlice(of: whole, offset: header.byteCount, count: size)
    if let swapWidth { elements = SwappedByteSource(elements, width: swapWidth) }
    return .array(
      try NamedArray(
        name: name, elementType: elementType, shape: header.shape, source: elements, byteOffset: 0,
        strides: header.isFortranOrder ? Extent.fortranStrides(header.shape) : nil))
  }

  /// The element type, and for big-endian numbers the width to swap; nil for what is no plain number.
  private static func elementType(_ descr: String) -> (ElementType, swapWidth: Int?)? {
    let types: [Substring: ElementType] = [
      "b1": .bool, "u1": .uint8, "i1": .int8, "u2": .uint16, "i2": .int16, "u4": .uint32, "i4": .int32, "u8": .uint64,
      "i8": .int64, "f2": .float16, "f4": .float32, "f8": .float64, "c8": .complex64,
    ]
    guard let order = descr.first, let type = types[descr.dropFirst()] else { return nil }
    switch order {
    case "<", "=", "|": return (type, nil)
    case ">": return (type, type.byteCount == 1 ? nil : type == .complex64 ? 4 : type.byteCount)
    default: return nil
    }
  }
}
