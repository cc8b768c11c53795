public import Foundations

/// What can go wrong with layers, losses, optimizers and states.
public struct NeuralNetworksError: RemediedError, Equatable {
  public enum Code: String, Sendable {
    case duplicateName, parameterInTwoGroups, unknownName, stateMismatch, unsupportedType, shapeMismatch, invalidHyperparameter
  }

  public let kind: Code
  public let problem: String
  public let remedy: String
  public var code: String { "neuralNetworks.\(kind.rawValue)" }
}

extension NeuralNetworksError {
  static func duplicateName(_ name: String) -> NeuralNetworksError {
    NeuralNetworksError(
      kind: .duplicateName, problem: "Two layers of the network register the parameter “\(name)”.",
      remedy: "Give each layer a path of its own.")
  }

  static func parameterInTwoGroups(_ name: String) -> NeuralNetworksError {
    NeuralNetworksError(
      kind: .parameterInTwoGroups, problem: "The parameter “\(name)” is in two groups of the optimizer, which would change it twice in a step.",
      remedy: "Put each parameter into one group.")
  }

  static func unknownName(_ name: String, known: [String]) -> NeuralNetworksError {
    NeuralNetworksError(
      kind: .unknownName, problem: "The network has no parameter “\(name)”.",
      remedy: nearest(name, in: known).map { "Did you mean “\($0)”?" } ?? "Use a name of its state.")
  }

  static func stateMismatch(_ mismatch: StateMismatch) -> NeuralNetworksError {
    NeuralNetworksError(
      kind: .stateMismatch, problem: "The state does not fit the network: \(described(mismatch)).",
      remedy: "Use a state of this architecture, with this number of classes and input channels.")
  }

  static func optimizerMismatch(_ mismatch: StateMismatch) -> NeuralNetworksError {
    NeuralNetworksError(
      kind: .stateMismatch, problem: "The saved state does not fit the optimizer: \(described(mismatch)).",
      remedy: "Restore it into the optimizer of the same kind over the same parameters.")
  }

  static func unsupportedType(_ type: String, use: String) -> NeuralNetworksError {
    NeuralNetworksError(
      kind: .unsupportedType, problem: "\(use) cannot be of the type \(type).",
      remedy: "Use float32 or float64 (and autocast for bfloat16 arithmetic).")
  }

  static func shapeMismatch(_ what: String, expected: [Int], actual: [Int]) -> NeuralNetworksError {
    NeuralNetworksError(
      kind: .shapeMismatch, problem: "\(what) have the shape \(actual), where \(expected) is needed.",
      remedy: "Give one target for each logit.")
  }

  static func invalidHyperparameter(_ name: String, value: Double, valid: String) -> NeuralNetworksError {
    NeuralNetworksError(
      kind: .invalidHyperparameter, problem: "The \(name) is \(value).", remedy: "Choose a \(name) \(valid).")
  }

  /// - Parameters:
  ///   - problem: what cannot be divided, a sentence.
  ///   - remedy: what can.
  static func indivisible(_ problem: String, remedy: String) -> NeuralNetworksError {
    NeuralNetworksError(kind: .invalidHyperparameter, problem: problem, remedy: remedy)
  }

  private static func described(_ mismatch: StateMismatch) -> String {
    var parts: [String] = []
    if !mismatch.missing.isEmpty { parts.append("missing: \(firstFew(mismatch.missing, atMost: 8))") }
    if !mismatch.leftOver.isEmpty { parts.append("left over: \(firstFew(mismatch.leftOver, atMost: 8))") }
    if !mismatch.shapes.isEmpty {
      let clauses = mismatch.shapes.map { "\($0.name) (\($0.actual), not \($0.expected))" }
      parts.append("of another shape: \(firstFew(clauses, atMost: 8))")
    }
    if !mismatch.types.isEmpty {
      let clauses = mismatch.types.map { "\($0.name) (\($0.actual), not \($0.expected))" }
      parts.append("of another type: \(firstFew(clauses, atMost: 8))")
    }
    return parts.joined(separator: "; ")
  }
}
