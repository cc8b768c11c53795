import Foundation

/// A regular expression on file names whose first group that takes part in the match is the patient.
struct PatientPattern {
  private let pattern: String
  private let expression: NSRegularExpression

  init(_ pattern: String) throws {
    self.pattern = pattern
    guard let expression = try? NSRegularExpression(pattern: pattern) else { throw DatasetsError.notAPattern(pattern) }
    guard expression.numberOfCaptureGroups > 0 else { throw DatasetsError.noGroup(pattern) }
    self.expression = expression
  }

  /// The patient of each file name; every name must match.
  func patients(of names: [String]) throws -> [String] {
    let patients = names.map(patient)
    let unmatched = zip(names, patients).filter { $1 == nil }.map(\.0)
    if !unmatched.isEmpty { throw DatasetsError.unmatched(unmatched, total: names.count, pattern: pattern) }
    return patients.compactMap { $0 }
  }

  /// The group of each file name; nil where it does not match.
  func groups(of names: [String]) -> [String?] { names.map(patient) }

  private func patient(of name: String) -> String? {
    guard let match = expression.firstMatch(in: name, range: NSRange(name.startIndex..., in: name)) else { return nil }
    for group in 1..<match.numberOfRanges {
      if let range = Range(match.range(at: group), in: name) { return String(name[range]) }
    }
    return nil
  }
}
