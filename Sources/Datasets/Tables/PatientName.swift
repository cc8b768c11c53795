import Foundation

/// What a table's cell says of a patient.
enum PatientName {
  /// What programs and people write where they know nothing, in lower case.
  private static let unknown: Set = [
    "", "nan", "na", "n/a", "<na>", "none", "null", "nil", "nat", "#n/a", "#value!", "#ref!", "n.a.", "-", "--", "–", "?", ".", "unknown", "unk",
    "not known", "not available", "missing", "undefined",
  ]

  /// The patient, without blanks around the name; nil for nothing, and for words that stand for nothing: all such images would
  /// be of one patient, and in one part.
  static func of(_ cell: String) -> String? {
    let name = cell.trimmingCharacters(in: .whitespacesAndNewlines)
    return unknown.contains(name.lowercased()) ? nil : name
  }
}
