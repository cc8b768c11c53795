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
  /// - Throws: `CheckpointsError` when two arrays get the same name.
  public func arrays() throws -> [NamedArray] {
    var found: [NamedArray] = []
    collect(under: "", into: &found)
    var seen: Set<String> = []
    for array in found where !seen.insert(array.name).inserted { throw CheckpointsError.duplicateName(array.name) }
    return found
  }

  private func collect(under path: String, into found: inout [NamedArray]) {
    func joined(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
    switch self {
    case .array(let array): found.append(array.renamed(path))
    case .dictionary(let items): for (key, value) in items { value.collect(under: joined(key), into: &found) }
    case .list(let values): for (index, value) in values.enumerated() { value.collect(under: joined(String(index)), into: &found) }
    case .scalar, .opaque: return
    }
  }

  /// True when an array is in this value or below it.
  var holdsArrays: Bool {
    switch self {
    case .array: true
    case .dictionary(let items): items.contains { $0.value.holdsArrays }
    case .list(let values): values.contains { $0.holdsArrays }
    case .scalar, .opaque: false
    }
  }
}
