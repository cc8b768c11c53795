import Foundation

/// What a cell of a table says of a patient.
enum PatientName {
  /// Words that programs write where a patient is not known.
  static let unknown: Set<String> = ["nan", "na", "n/a", "<na>", "none", "null", "nil", "nat", "#n/a"]

  /// The patient without spaces around, as labels are read; nil where the cell names none.
  static func named(by cell: String) -> String? {
    let name = cell.trimmingCharacters(in: .whitespacesAndNewlines)
    return name.isEmpty || unknown.contains(name.lowercased()) ? nil : name
  }
}
