internal import Foundation

extension TorchArchiveWriter {
  /// The pickle of `{"state_dict": OrderedDict, "meta": dict}` in protocol 2, of the instructions that
  /// `torch.load(weights_only=True)` obeys. Nothing is memoized: no object occurs twice.
  static func pickle(of arrays: [NamedArray], metadata: [String: String]) throws -> Data {
    var pickle = PickleWriter()
    pickle.put(.proto, 2)
    pickle.put(.emptyDictionary)
    pickle.put(.mark)

    pickle.text("state_dict")
    pickle.orderedDictionary()
    pickle.put(.mark)
    var seen: Set<String> = []
    for (index, array) in arrays.enumerated() {
      guard seen.insert(array.name).inserted else { throw ContainersError.duplicateName(array.name) }
      pickle.text(array.name)
      try pickle.tensor(array, key: String(index))
    }
    pickle.put(.setItems)

    pickle.text("meta")
    pickle.put(.emptyDictionary)
    pickle.put(.mark)
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      pickle.text(key)
      pickle.text(value)
    }
    pickle.put(.setItems)

    pickle.put(.setItems)
    pickle.put(.stop)
    return pickle.bytes
  }
}

/// Appends pickle instructions.
private struct PickleWriter {
  private(set) var bytes = Data()

  mutating func put(_ opcode: PickleOpcode, _ argument: UInt8...) { bytes.append(contentsOf: [opcode.rawValue] + argument) }

  mutating func text(_ text: String) {
    put(.binUnicode)
    Swift.withUnsafeBytes(of: UInt32(text.utf8.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes.append(Data(text.utf8))
  }

  mutating func integer(_ value: Int) {
    if let small = Int32(exactly: value) {
      put(.binInt)
      Swift.withUnsafeBytes(of: small.littleEndian) { bytes.append(contentsOf: $0) }
    } else {
      put(.long1, 8)
      Swift.withUnsafeBytes(of: Int64(value).littleEndian) { bytes.append(contentsOf: $0) }
    }
  }

  mutating func integers(_ values: [Int]) {
    put(.mark)
    for value in values { integer(value) }
    put(.tuple)
  }

  mutating func global(_ module: String, _ name: String) {
    put(.global)
    bytes.append(Data("\(module)\n\(name)\n".utf8))
  }

  mutating func orderedDictionary() {
    global("collections", "OrderedDict")
    put(.emptyTuple)
    put(.reduce)
  }

  /// `torch._utils._rebuild_tensor_v2(storage, offset, size, stride, requires_grad, backward_hooks)`, dense and row-major.
  mutating func tensor(_ array: NamedArray, key: String) throws {
    guard let storage = array.elementType.torchStorage else {
      throw ContainersError.noTorchStorage(array)
    }
    global("torch._utils", "_rebuild_tensor_v2")
    put(.mark)

    put(.mark)
    text("storage")
    global("torch", storage)
    text(key)
    text("cpu")
    integer(array.elementCount)
    put(.tuple)
    put(.binPersistentID)

    integer(0)
    integers(array.shape)
    integers(Self.denseStrides(of: array.shape))
    put(.newFalse)
    orderedDictionary()
    put(.tuple)
    put(.reduce)
  }

  private static func denseStrides(of shape: [Int]) -> [Int] {
    var strides: [Int] = []
    var next = 1
    for size in shape.reversed() {
      strides.append(next)
      next *= max(size, 1)
    }
    return strides.reversed()
  }
}

extension ElementType {
  /// The class in `torch` whose storage holds the type; nil for the newer types, which have none.
  fileprivate var torchStorage: String? {
    switch self {
    case .float32: "FloatStorage"
    case .float64: "DoubleStorage"
    case .float16: "HalfStorage"
    case .bfloat16: "BFloat16Storage"
    case .int64: "LongStorage"
    case .int32: "IntStorage"
    case .int16: "ShortStorage"
    case .int8: "CharStorage"
    case .uint8: "ByteStorage"
    case .bool: "BoolStorage"
    case .complex64: "ComplexFloatStorage"
    case .uint16, .uint32, .uint64, .float8e4m3, .float8e5m2: nil
    }
  }
}
