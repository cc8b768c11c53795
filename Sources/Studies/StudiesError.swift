public import Foundations

/// What can go wrong with a study: its file, its values, or the plan made of it.
public struct StudiesError: RemediedError, Equatable {
  public enum Code: String, Sendable {
    case malformedYAML, malformedOverride, invalidStudy, unknownName, missingFingerprints
  }

  public let kind: Code
  public let problem: String
  public let remedy: String
  /// Each thing that is wrong, in the order of the file; empty for other errors than `invalidStudy`.
  public var violations: [Violation] = []
  public var code: String { "studies.\(kind.rawValue)" }
}

extension StudiesError {
  static func malformedYAML(file: String, line: Int?, reason: String) -> StudiesError {
    let place = line.map { "Line \($0) of \(file)" } ?? "The file \(file)"
    return StudiesError(
      kind: .malformedYAML, problem: "\(place) is not valid YAML: \(reason).",
      remedy: "Correct its indentation, quotes and brackets there.")
  }

  static func malformedOverride(_ text: String, reason: String) -> StudiesError {
    StudiesError(
      kind: .malformedOverride, problem: "The override “\(text)” cannot be used: \(reason).",
      remedy: "Write it as key=value with the path of a key of the study file, such as recipe.epochs=3.")
  }

  static func invalidStudy(_ violations: [Violation], source: String) -> StudiesError {
    let problem =
      switch violations.count {
      case 1: "\(source) has a problem:\n  \(violations[0])"
      default: "\(source) has \(violations.count) problems:\n" + violations.map { "  \($0)" }.joined(separator: "\n")
      }
    return StudiesError(kind: .invalidStudy, problem: problem, remedy: "", violations: violations)
  }

  static func unknownName(_ name: String, what: String, valid: [String]) -> StudiesError {
    StudiesError(
      kind: .unknownName, problem: "The study has no \(what) “\(name)”.", remedy: suggestion(for: name, in: valid))
  }

  static func unknownBuiltInTask(_ name: String, valid: [String]) -> StudiesError {
    StudiesError(
      kind: .unknownName, problem: "There is no built-in task “\(name)”.", remedy: suggestion(for: name, in: valid))
  }

  static func imagesNotListed(_ method: String) -> StudiesError {
    StudiesError(
      kind: .missingFingerprints, problem: "The images that \(method) learns from are not known here.", remedy: "Run medtransfer where they are.")
  }

  static func missingFingerprints(_ sentences: [String]) -> StudiesError {
    let list = sentences.count == 1 ? " \(sentences[0])" : "\n" + sentences.map { "  \($0)" }.joined(separator: "\n")
    return StudiesError(
      kind: .missingFingerprints, problem: "The study cannot be planned:\(list)",
      remedy: "")
  }
}
