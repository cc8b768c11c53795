public import Foundations

/// What can go wrong with a report: results from elsewhere that cannot be read, or an analysis that cannot be made of them.
public struct ReportsError: RemediedError, Equatable {
  public enum Code: String, Sendable { case malformedResults, unknownName, unfitSetting, otherKind, nothingAskedElsewhere, nothingFinished }

  public let kind: Code
  public let problem: String
  public let remedy: String
  public var code: String { "reports.\(kind.rawValue)" }
}

extension ReportsError {
  /// Each thing that is wrong with a table of results, with its line; only the first of very many.
  static func malformedResults(_ source: String, _ problems: [String]) -> ReportsError {
    let shown = problems.prefix(20).map { "\n  \($0)" }.joined()
    let rest = problems.count > 20 ? "\n  … and \(problems.count - 20) more" : ""
    let count = problems.count == 1 ? "a problem" : "\(problems.count) problems"
    return ReportsError(kind: .malformedResults, problem: "\(source) has \(count):\(shown)\(rest)", remedy: "")
  }

  static func unknownName(_ name: String, what: String, valid: [String]) -> ReportsError {
    ReportsError(
      kind: .unknownName, problem: "There is no \(what) “\(name)”.", remedy: suggestion(for: name, in: valid))
  }

  static func otherKind(of run: String) -> ReportsError {
    ReportsError(
      kind: .otherKind, problem: "The predictions of \(run) are of another kind of task.",
      remedy: "Delete the run's folder; the next run of the study makes it again.")
  }

  static func unfitSetting(_ problem: String, remedy: String) -> ReportsError {
    ReportsError(kind: .unfitSetting, problem: problem, remedy: remedy)
  }

  static func nothingAskedElsewhere(_ study: String) -> ReportsError {
    ReportsError(
      kind: .nothingAskedElsewhere, problem: "No run of \(study) has been asked about another test set.",
      remedy: "Ask the runs of a task with “medtransfer evaluate STUDY --task A --on B”, then report again.")
  }
}
