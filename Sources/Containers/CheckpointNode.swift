/// A value of a checkpoint that is not an array.
public enum CheckpointScalar: Hashable, Sendable {
  case none
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
}

/// One value of a checkpoint's tree, as far as it matters for weights. Nothing in it can run.
public indirect enum CheckpointNode: Sendable {
  case array(NamedArray)
  /// In the file's order; no key occurs twice.
  case dictionary([(key: String, value: CheckpointNode)])
  case list([CheckpointNode])
  /// A number, a text or nothing: settings, counters.
  case scalar(CheckpointScalar)
  /// An object of a class that is not needed for weights, by its Python name.
  case opaque(String)

  /// The value under a key, for a dictionary that has it.
  public subscript(key: String) -> CheckpointNode? {
    guard case .dictionary(let items) = self else { return nil }
    return items.first { $0.key == key }?.value
  }

  /// All arrays of this value and below, named by their keys joined with dots, in the file's order.
  ///
  /// - Throws: `ContainersError` when two arrays get the same name.
  public func arrays() throws -> [NamedArray] {
    var found: [NamedArray] = []
    var path: [String] = []
    collect(under: &path, into: &found)
    var seen: Set<String> = []
    for array in found where !seen.insert(array.name).inserted { throw ContainersError.duplicateName(array.name) }
    return found
  }

  /// `path` is joined only where there is an array, so that a tree without any costs no texts.
  private func collect(under path: inout [String], into found: inout [NamedArray]) {
    switch self {
    case .array(let array): found.append(array.renamed(path.joined(separator: ".")))
    case .dictionary(let items):
      for (key, value) in items {
        path.append(key)
        value.collect(under: &path, into: &found)
        path.removeLast()
      }
    case .list(let values):
      for (index, value) in values.enumerated() {
        path.append(String(index))
        value.collect(under: &path, into: &found)
        path.removeLast()
      }
    case .scalar, .opaque: return
    }
  }

  /// True when an array is in this value or below it.
  public var holdsArrays: Bool {
    switch self {
    case .array: true
    case .dictionary(let items): items.contains { $0.value.holdsArrays }
    case .list(let values): values.contains { $0.holdsArrays }
    case .scalar, .opaque: false
    }
  }
}
