import Foundation
import Foundations
import Studies

/// Reads a table that says whose image each is, and says it of samples.
///
/// A cell is an id, a file's name, or its name without the ending; the first of these that is one image's counts. Rows of other images
/// are passed over.
struct PatientTableReader {
  private let name: String
  private let rows: [(image: String, patient: String, line: Int)]

  init(_ table: PatientTable) throws {
    guard try byteCount(ofFile: table.file) != nil else { throw DatasetsError.missingTable(table.file) }
    let name = table.file.lastPathPart
    var rows = [(image: String, patient: String, line: Int)](), unnamed = [(word: String, line: Int)]()
    let columns = { (names: [String]) in
      let header = names.map { $0.trimmingCharacters(in: .whitespaces) }
      return try [table.imageColumn, table.patientColumn].map { try index(of: $0, in: header, table: name) }
    }
    try CSV.scan(contentsOf: URL(fileURLWithPath: table.file), separator: nil, columns: columns) { line, cells in
      if let patient = PatientName.of(cells[1]) { rows.append((cells[0].trimmingCharacters(in: .whitespaces), patient, line)) } else { unnamed.append((cells[1], line)) }
    }
    if let first = unnamed.first { throw DatasetsError.missingPatients(count: unnamed.count, line: first.line, word: first.word, table: name) }
    (self.name, self.rows) = (name, rows)
  }

  /// The same samples, each with its patient. Throws where one has none, or a row could be several images.
  func name(_ parts: [DatasetPart: [Sample]]) throws -> [DatasetPart: [Sample]] {
    let samples = parts.values.joined()
    func byName(_ name: (String) -> String) -> [String: [String]] { Dictionary(grouping: samples.map(\.id), by: name) }
    let ids = byName { $0 }, names = byName { $0.lastPathPart }
    let stems = byName { ImageName.stem(of: $0.lastPathPart) }
    var patients = [String: String](), differing = [String]()
    for row in rows {
      guard let found = ids[row.image] ?? names[row.image] ?? stems[row.image] else { continue }
      if found.count > 1 { throw DatasetsError.ambiguousPatient(row.image, images: found.sorted(), line: row.line, table: name) }
      if let other = patients.updateValue(row.patient, forKey: found[0]), other != row.patient { differing.append(found[0]) }
    }
    if !differing.isEmpty { throw DatasetsError.differingPatients(differing, table: name) }
    let missing = samples.map(\.id).filter { patients[$0] == nil }.sorted()
    if !missing.isEmpty { throw DatasetsError.unlistedPatients(missing, total: samples.count, table: name) }
    return parts.mapValues { $0.map { sample in patients[sample.id].map(sample.of(patient:)) ?? sample } }
  }
}

extension DatasetsError {
  static func ambiguousPatient(_ cell: String, images: [String], line: Int, table: String) -> DatasetsError {
    DatasetsError(
      kind: .missingPatient, problem: "“\(cell)” in line \(line) of \(table) could be \(listed(images)).",
      remedy: "Name images by their ids, as `medtransfer tasks split` writes them.")
  }

  static func differingPatients(_ images: [String], table: String) -> DatasetsError {
    DatasetsError(
      kind: .missingPatient, problem: "The rows of \(counted(images.count, "image")) in \(table) name different patients: \(listed(images)).",
      remedy: "Give each image one patient.")
  }

  static func unlistedPatients(_ images: [String], total: Int, table: String) -> DatasetsError {
    DatasetsError(
      kind: .missingPatient, problem: "\(images.count) of \(counted(total, "image")) \(images.count == 1 ? "has" : "have") no row in \(table): \(listed(images)).",
      remedy: "Complete the table, or correct its `imageColumn`.")
  }
}
