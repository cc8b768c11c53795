/// Gathers everything that is wrong with a study while it is read, so that it is reported at once.
final class Diagnostics {
  private(set) var violations: [Violation] = []
  /// Where each key was written, by dotted path.
  var locations: [String: Violation.Location] = [:]
  /// Paths whose values could not be read; what the rules would say of the stand-ins there is not reported.
  private var unread: Set<String> = []

  /// Notes a value that cannot be read.
  func add(_ path: String, _ location: Violation.Location, problem: String, remedy: String) {
    append(Violation(path: path, location: location, problem: problem, remedy: remedy))
    unread.insert(path)
  }

  /// Notes a key or an entry that does not belong; its absence does not disturb the rest.
  func addUnknownKey(_ path: String, _ location: Violation.Location, problem: String, remedy: String) {
    append(Violation(path: path, location: location, problem: problem, remedy: remedy))
  }

  /// The recipe for all tasks is read, and breaks a rule, once for each of them; it was written once.
  private func append(_ violation: Violation) {
    if !violations.contains(where: { $0.location == violation.location && $0.problem == violation.problem }) {
      violations.append(violation)
    }
  }

  /// Keeps the rules from judging what stands below a path.
  func suppressRules(below path: String) { unread.insert(path) }

  /// Takes what the rules found, each at the place where its key was written.
  func add(fromRules found: [Violation]) {
    for violation in found where !unread.contains(where: { violation.path == $0 || violation.path.hasPrefix($0 + ".") }) {
      append(locate(violation))
    }
  }

  /// The violations in the order of the file, those of overrides last.
  func sorted() -> [Violation] {
    func rank(_ violation: Violation) -> Int {
      switch violation.location {
      case .line(let number): number
      case .override, nil: Int.max
      }
    }
    return violations.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }.map(\.element)
  }

  private func locate(_ violation: Violation) -> Violation {
    var located = violation
    var components = violation.path.split(separator: ".")
    // What a task's recipe does not say comes from the recipe for all tasks, and so do its fractions.
    if components.count > 2, components[0] == "tasks", ["recipe", "fraction"].contains(components[2]), locations[violation.path] == nil {
      let shared = components[2...].joined(separator: ".")
      if let location = locations[shared] {
        located.path = shared
        located.location = location
        return located
      }
    }
    while !components.isEmpty {
      if let location = locations[components.joined(separator: ".")] {
        located.location = location
        return located
      }
      components.removeLast()
    }
    located.location = nil
    return located
  }
}
