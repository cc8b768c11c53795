internal import Foundation

/// Everything that a checkpoint holds: for a person who wants to know what a file is, and for programs that compare files.
public struct CheckpointInspection: Codable, Hashable, Sendable {
  /// One array, with sums over its elements in float64.
  public struct Tensor: Codable, Hashable, Sendable {
    /// Its keys, joined with dots.
    public let name: String
    public let shape: [Int]
    public let elementType: ElementType
    public let elementCount: Int
    /// Nil where an element is not finite, and for 8-bit floats and complex numbers.
    public let sum: Double?
    public let sumOfAbsoluteValues: Double?
    /// Elements that are NaN or infinite.
    public let notFiniteCount: Int

    public func encode(to encoder: any Encoder) throws {
      // Every key is always there: what is not known is null.
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(name, forKey: .name)
      try container.encode(shape, forKey: .shape)
      try container.encode(elementType, forKey: .elementType)
      try container.encode(elementCount, forKey: .elementCount)
      try container.encode(sum, forKey: .sum)
      try container.encode(sumOfAbsoluteValues, forKey: .sumOfAbsoluteValues)
      try container.encode(notFiniteCount, forKey: .notFiniteCount)
    }
  }

  /// A value at the top of the file that is no array: an epoch, an architecture's name, an object of a class.
  public struct Value: Codable, Hashable, Sendable {
    public let name: String
    public let value: String
  }

  /// The file's name without its folder.
  public let file: String
  public let byteCount: Int
  public let container: ContainerKind
  /// The `__metadata__` of a safetensors file.
  public let metadata: [String: String]
  public let values: [Value]
  public let tensors: [Tensor]
  public let elementCount: Int

  /// Reads every array of the file once.
  ///
  /// - Parameter watcher: told the bytes of arrays that were read, and those of all.
  /// - Throws: `ContainersError` when an array cannot be read.
  public init(_ file: CheckpointFile, watcher: (_ done: Int, _ total: Int) -> Void = { _, _ in }) throws {
    let arrays = try file.arrays()
    let total = arrays.reduce(0) { $0 + $1.byteCount }
    var done = 0
    self.file = file.url.lastPathComponent
    byteCount = file.byteCount
    container = file.container
    metadata = file.metadata
    values = Self.values(of: file.root)
    tensors = try arrays.map { array in
      let sums = try array.sums()
      done += array.byteCount
      watcher(done, total)
      return Tensor(
        name: array.name, shape: array.shape, elementType: array.elementType, elementCount: array.elementCount,
        sum: sums?.sum, sumOfAbsoluteValues: sums?.absolute, notFiniteCount: sums?.notFiniteCount ?? 0)
    }
    elementCount = tensors.reduce(0) { $0 + $1.elementCount }
  }

  private static func values(of root: CheckpointNode) -> [Value] {
    guard case .dictionary(let items) = root else { return [] }
    return items.compactMap { key, value in
      switch value {
      case .scalar(let scalar): Value(name: key, value: scalar.text)
      case .opaque(let name): Value(name: key, value: "object of \(name)")
      case .list(let values) where !value.holdsArrays: Value(name: key, value: "list of \(values.count)")
      case .dictionary(let items) where !value.holdsArrays: Value(name: key, value: "dictionary of \(items.count)")
      case .array, .dictionary, .list: nil
      }
    }
  }
}

extension CheckpointScalar {
  fileprivate var text: String {
    switch self {
    case .none: "none"
    case .bool(let flag): String(flag)
    case .integer(let number): String(number)
    case .number(let number): String(number)
    case .text(let text): text
    }
  }
}

/// Sums over an array's elements, in order, in float64.
struct ArraySums {
  /// Nil where an element is not finite.
  var sum: Double?
  var absolute: Double?
  var notFiniteCount = 0
}

extension NamedArray {
  /// Nil for a type that holds no plain numbers (8-bit floats, complex numbers).
  func sums() throws -> ArraySums? {
    var (sum, absolute, notFiniteCount) = (0.0, 0.0, 0)
    switch elementType {
    case .float8e4m3, .float8e5m2, .complex64: return nil
    case .float32:
      // Without a call per element, since every network is nearly all float32. The machine is little-endian.
      let data = try bytes()
      var values = [Float](repeating: 0, count: data.count / 4)
      values.withUnsafeMutableBytes { _ = data.copyBytes(to: $0) }
      values.withUnsafeBufferPointer { buffer in
        var index = 0
        while index < buffer.count {
          let value = Double(buffer[index])
          if value.isFinite { sum += value } else { notFiniteCount += 1 }
          absolute += abs(value)
          index += 1
        }
      }
    default:
      try forEachElement { value in
        if value.isFinite { sum += value } else { notFiniteCount += 1 }
        absolute += abs(value)
      }
    }
    return notFiniteCount == 0 ? ArraySums(sum: sum, absolute: absolute) : ArraySums(notFiniteCount: notFiniteCount)
  }
}
