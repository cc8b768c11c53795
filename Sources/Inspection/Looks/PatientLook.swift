import Datasets
import Foundation
import Foundations
import Studies

/// Patients that are one where spaces, capitals, marks that are not seen or zeros in front of a number do not count.
struct PatientLook: DataLook {
  static let codes = [
    FindingCode("patients.alike", .warned, "patients that may be one are two"),
    FindingCode("patients.one", .warned, "one patient has most of the images"),
    FindingCode("patients.placeholder", .warned, "several images are of a patient whose name or number stands for none, or was rewritten by a spreadsheet"),
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
    return found + placeholders(counts, subject)
  }

  private func placeholders(_ counts: [String: Int], _ subject: DataSubject) -> [DataFinding] {
    let shared = counts.filter { $0.value > 1 }, most = counts.values.max() ?? 0
    func told(_ names: [String], _ remedy: (String) -> String) -> [DataFinding] {
      guard let first = names.first else { return [] }
      let count = names.reduce(0) { $0 + (counts[$1] ?? 0) }
      return [
        subject.finding(
          "patients.placeholder", .warned, count: count, examples: names,
          "\(counted(count, "image")) \(verb(count)) of \(names.count == 1 ? "the patient" : "the patients") \(names.map { "“\($0)”" }.joined(separator: " and ")).", remedy(first))
      ]
    }
    // In a row of numbers 99 is one of them; alone, or with more images than any other, it stands for what is not known.
    let stands = shared.keys.filter { name in
      if Self.placeholderWords.contains(Self.plain(name)) { return true }
      guard Self.placeholderNumbers.contains(name), let number = Int(name) else { return false }
      let isLargest = shared[name] == most && counts.values.count { $0 == most } == 1
      return number < 0 || isLargest || counts["\(number + 1)"] == nil
    }
    let rounded = shared.keys.filter { $0.wholeMatch(of: /[0-9]([.,][0-9]+)?[eE][+]?[0-9]+/) != nil }
    let dated = shared.keys.filter(Self.isDate)
    return told(stands.sorted()) { "Check that “\($0)” is a patient, and no word or number for one that is not known: give each such image a patient of its own, or leave it out." }
      + told(rounded.sorted()) { "A spreadsheet writes long numbers as “\($0)”, so that several patients may have become one: export the column as text." }
      + told(dated.sorted()) { "A spreadsheet makes dates such as “\($0)” of names such as 1-1 and Jan1, so that several patients may have become one: export the column as text." }
  }

  /// A day and a month, or a month and a year, as spreadsheets write what they take for a date.
  private static func isDate(_ name: String) -> Bool {
    let parts = name.utf8.count > 11 ? [] : name.split(separator: "-", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), parts.count(where: { months.contains(String($0)) }) == 1 else { return false }
    return parts.allSatisfy { months.contains(String($0)) || (1...4).contains($0.utf8.count) && $0.utf8.allSatisfy { (48...57).contains($0) } }
  }

  private static let months: Set = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// What programs that take names out of files write in their place, in lower case.
  private static let placeholderWords: Set = [
    "anonymous", "anonymized", "anonymised", "anonym", "anon", "deidentified", "de-identified", "removed", "redacted", "hidden", "masked", "dummy",
    "unspecified", "no name", "noname", "no id", "tbd", "x", "xx", "xxx", "xxxx",
  ]

  private static let placeholderNumbers: Set = ["-1", "-9", "-99", "-999", "-9999", "0", "99", "999", "9999", "99999", "999999"]

  /// The name without what is not seen, and without zeros in front of its numbers.
  private static func plain(_ patient: String) -> String {
    let seen = String(String.UnicodeScalarView(patient.unicodeScalars.filter { $0.properties.generalCategory != .format }))
    let trimmed = seen.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
    guard let number = Double(trimmed), number.isFinite, !trimmed.hasPrefix("0x") else {
      return withoutLeadingZeros(trimmed)
    }
    return "\(number)"
  }

  private static func withoutLeadingZeros(_ name: String) -> String {
    var plain = String.UnicodeScalarView(), isInNumber = false, isZero = false
    for scalar in name.unicodeScalars {
      let isDigit = ("0"..."9").contains(scalar)
      if !isDigit, isZero { plain.append("0") }
      isZero = isDigit && scalar == "0" && !isInNumber
      isInNumber = isDigit && !isZero
      if !isZero { plain.append(scalar) }
    }
    if isZero { plain.append("0") }
    return String(plain)
  }
}
