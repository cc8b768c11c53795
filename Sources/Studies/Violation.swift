/// One thing that is wrong with a study, and where.
public struct Violation: Hashable, Sendable {
  /// The dotted path of the key it is about, as overrides spell it; empty for the whole study.
  public var path: String
  /// Where that key was written, when the study came from a file.
  public var location: Location?
  /// What is wrong, with the actual values: a full sentence.
  public let problem: String
  /// What to do about it, in the imperative.
  public let remedy: String

  public enum Location: Hashable, Sendable {
    /// A line of the study file, from 1.
    case line(Int)
    /// A `key=value` override.
    case override(String)
  }

  public init(path: String, location: Location? = nil, problem: String, remedy: String) {
    self.path = path
    self.location = location
    self.problem = problem
    self.remedy = remedy
  }
}

extension Violation: CustomStringConvertible {
  /// `line 3: <problem> <remedy>`
  public var description: String {
    let place =
      switch location {
      case .line(let number): "line \(number): "
      case .override(let text): "override \(text): "
      case nil: path.isEmpty ? "" : "\(path): "
      }
    return remedy.isEmpty ? place + problem : "\(place)\(problem) \(remedy)"
  }
}
