public import Torch

extension ParameterStore {
  /// Copies a whole state into the store: every name exactly once, every shape exact, nothing left over.
  ///
  /// Values are converted to the store's type. Nothing is changed when anything is wrong.
  ///
  /// - Throws: `NeuralNetworksError` that lists every missing and left-over name and every wrong shape.
  public func load(_ named: [String: Tensor]) throws {
    try load(named, renamed: Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.name) }))
  }

  /// Copies part of a state into the store.
  ///
  /// - Parameters:
  ///   - named: The values, by the names their file gives them. Each must be used.
  ///   - renamed: For each name of the store that is to be filled, the name in `named`.
  ///   - optional: Names of the store that may be missing from `named`, and then keep their values.
  public func load(
    _ named: [String: Tensor], renamed: [String: String], optional: Set<String> = []
  ) throws {
    var mismatch = StateMismatch()
    var pairs: [(target: Tensor, source: Tensor)] = []
    for entry in entries {
      guard let sourceName = renamed[entry.name] else { continue }
      guard let source = named[sourceName] else {
        if !optional.contains(entry.name) { mismatch.missing.append(sourceName) }
        continue
      }
      if source.shape != entry.tensor.shape {
        mismatch.shapes.append(.init(name: sourceName, expected: entry.tensor.shape, actual: source.shape))
      }
      if source.scalarType.isFloatingPoint != entry.tensor.scalarType.isFloatingPoint {
        mismatch.types.append(.init(name: sourceName, expected: entry.tensor.scalarType, actual: source.scalarType))
      }
      pairs.append((entry.tensor, source))
    }
    mismatch.leftOver = Set(named.keys).subtracting(renamed.values).sorted()
    mismatch.missing += Set(renamed.keys).subtracting(entries.map(\.name)).sorted()
    if !mismatch.isEmpty { throw NeuralNetworksError.stateMismatch(mismatch) }
    try withoutGradient {
      for pair in pairs { try pair.target.copy(from: pair.source) }
    }
  }

  /// Stops the parameters of these names from being trained: no gradient is computed for them.
  public func freeze(_ names: some Sequence<String>) throws {
    for name in names {
      guard let index = entries.firstIndex(where: { $0.name == name }) else {
        throw NeuralNetworksError.unknownName(name, known: entries.map(\.name))
      }
      guard entries[index].role == .parameter else { continue }
      try entries[index].tensor.setRequiresGradient(false)
      try entries[index].tensor.clearGradient()
    }
  }
}

/// How a state differs from what a network needs.
public struct StateMismatch: Equatable, Sendable {
  public struct Shape: Equatable, Sendable {
    public let name: String, expected: [Int], actual: [Int]
  }

  public struct Scalar: Equatable, Sendable {
    public let name: String, expected: ScalarType, actual: ScalarType
  }

  public var missing: [String] = []
  public var leftOver: [String] = []
  public var shapes: [Shape] = []
  public var types: [Scalar] = []

  public init() {}

  public var isEmpty: Bool { missing.isEmpty && leftOver.isEmpty && shapes.isEmpty && types.isEmpty }
}
