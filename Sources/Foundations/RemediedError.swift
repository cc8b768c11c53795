/// An error a person can act on: what is wrong, with the actual values, and what to do about it.
///
/// Every module has one error struct that conforms. `problem` and `remedy` are full sentences; together they are what the
/// command prints, so neither repeats the other and neither mentions code.
public protocol RemediedError: Error, CustomStringConvertible, Sendable {
  /// A stable dotted name for programs, such as `imaging.truncated`.
  var code: String { get }
  /// What is wrong, with the actual values.
  var problem: String { get }
  /// What to do about it, in the imperative.
  var remedy: String { get }
}

extension RemediedError {
  public var description: String { remedy.isEmpty ? problem : "\(problem) \(remedy)" }
}

/// One sentence for any error, a remedied one or one from the system.
public func sentence(for error: any Error) -> String {
  if let remedied = error as? any RemediedError { return remedied.description }
  return String(describing: error)
}
