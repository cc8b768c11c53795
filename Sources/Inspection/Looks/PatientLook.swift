import Datasets
import Foundation
import Foundations
import Studies

/// Patients that are one where spaces, capitals or zeros in front do not count.
struct PatientLook: DataLook {
  static let codes = [
    FindingCode("patients.alike", .warned, "patients that may be one are two"),
    FindingCode("patients.one", .warned, "one patient has most of the images"),
  ]
  static let opensPictures = false

  func findings(in subject: DataSubject) -> [DataFinding] {
    var parts = [String: Set<DatasetPart>](), counts = [String: Int](), total = 0
    for (part, sample) in subject.samples {
      total += 1
      guard let patient = sample.patient else { continue }
      parts[patient, default: []].insert(part)
      counts[patient, default: 0] += 1
    }
    var found = [DataFinding]()
    let alike = Dictionary(grouping: parts.keys, by: Self.plain).values.filter { $0.count > 1 }.map { $0.sorted() }.sorted { $0[0] < $1[0] }
    if !alike.isEmpty {
      let across = alike.filter { names in Set(names.flatMap { parts[$0] ?? [] }).count > 1 }
      let words = alike.map { $0.map { "“\($0)”" }.joined(separator: " and ") }
      found.append(
        subject.finding(
          "patients.alike", .warned, count: alike.count, examples: words,
          "\(counted(alike.count, "patient")) \(alike.count == 1 ? "has" : "have") several spellings, \(across.count) of them in more than one part: \(firstFew(words)).",
          "Spell each patient one way in the table, so that all images of one stay in one part."))
    }
    // A word that stands for “not known” makes one patient of many.
    if let (patient, count) = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), counts.count > 2, count * 2 > total {
      found.append(
        subject.finding(
          "patients.one", .warned, count: count, examples: [patient], "\(count) of \(counted(total, "image")) are of one patient, “\(patient)”.",
          "Check that “\(patient)” is a patient, and no word for one that is not known."))
    }
    return found
  }

  private static func plain(_ patient: String) -> String {
    let trimmed = patient.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
    guard let number = Double(trimmed), number.isFinite, !trimmed.hasPrefix("0x") else { return trimmed }
    return "\(number)"
  }
}
