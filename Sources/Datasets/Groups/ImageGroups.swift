import Foundation
import Foundations
public import Studies

/// Which strata the images of a data set are of, such as those of women or of one view.
///
/// They are read apart from the samples: nothing that a network sees or a run's identity holds can depend on them.
public struct ImageGroups: Sendable {
  /// What the study calls the groups, in its order.
  public let names: [String]
  /// Columns that the table lacks and may lack, one sentence each.
  public let remarks: [String]
  private let strata: [String: [String]]

  /// One stratum a group; nil where the table has no row of the image.
  ///
  /// - Parameter id: of the image's sample.
  public func strata(of id: String) -> [String]? { strata[id] }

  /// More strata than this are no groups but a column of names, such as that of patients.
  static let mostStrata = 20

  /// Reads the table, or the tables of the parts.
  ///
  /// - Returns: nil where the study groups nothing.
  /// - Throws: `DatasetsError` with everything that is wrong with the groups: columns that are not there, values that are no numbers,
  ///   rows of one image that differ, too many strata.
  public static func read(_ source: DataSource) throws -> ImageGroups? {
    guard let manifest = source.as(ManifestSource.self), !manifest.groupColumns.isEmpty else { return nil }
    var reading = GroupReading(manifest.groupColumns), remarks: [String] = []
    for file in try ManifestReader.tableFiles(of: manifest) {
      let name = file.path.lastPathPart
      let table = try ManifestDocument.forGroups(of: manifest, file: file.path)
      let absent = try reading.add(table, name: name)
      if !absent.isEmpty {
        remarks.append(
          "The table \(name) has no column \(listed(absent.map { "“\($0)”" })), so its images are of the stratum “\(StratumNames.unknown)” there.")
      }
    }
    return ImageGroups(names: manifest.groupColumns.map(\.name), remarks: remarks, strata: try reading.strata())
  }
}

/// What is read of the tables' groups, and what is wrong with them.
private struct GroupReading {
  private struct Fault {
    let problem: String
    let remedy: String
  }

  private let groups: [GroupColumn]
  private var strataOfImage: [String: [String]] = [:]
  /// Each combination once: a data set repeats few of them.
  private var combinations: [[String]: [String]] = [:]
  private var faults: [Fault] = []

  init(_ groups: [GroupColumn]) { self.groups = groups }

  /// - Returns: the columns that are not there and need not be.
  mutating func add(_ table: (header: [String], rows: [(id: String, cells: [String], line: Int)]), name: String) throws -> [String] {
    var absent: [String] = [], places: [[Int]?] = []
    for group in groups {
      let missing = group.columns.filter { !table.header.contains($0) }
      places.append(missing.isEmpty ? group.columns.compactMap(table.header.firstIndex(of:)) : nil)
      if group.mayBeAbsent {
        absent += missing
      } else {
        faults += missing.map {
          Fault(problem: "The table \(name) has no column “\($0)” for the group “\(group.name)”.", remedy: suggestion(for: $0, in: table.header))
        }
      }
    }
    let rules = groups.map(StratumRule.init)
    var illegible = [Int: (count: Int, value: String, line: Int)](), differing: [String] = []
    for row in table.rows {
      let strata = groups.indices.map { index -> String in
        guard let values = places[index]?.map({ row.cells[$0] }) else { return StratumNames.unknown }
        if let stratum = rules[index].stratum(of: values) { return stratum }
        illegible[index] = illegible[index].map { ($0.count + 1, $0.value, $0.line) } ?? (1, values.joined(separator: "”, “"), row.line)
        return StratumNames.unknown
      }
      let shared = combinations[strata] ?? strata
      combinations[strata] = shared
      if let other = strataOfImage.updateValue(shared, forKey: row.id), other != shared, differing.last != row.id { differing.append(row.id) }
    }
    for (index, found) in illegible.sorted(by: { $0.key < $1.key }) {
      faults.append(
        Fault(
          problem:
            "\(counted(found.count, "row")) of \(name) \(found.count == 1 ? "has" : "have") no number for the group “\(groups[index].name)”; the first is “\(found.value)” in line \(found.line).",
          remedy: "Correct the column, leave it empty where nothing is known, or name other groups under groupColumns ([] for none)."))
    }
    if !differing.isEmpty {
      faults.append(
        Fault(
          problem: "The rows of \(counted(differing.count, "image")) in \(name) are of different groups: \(listed(differing)).",
          remedy: "Give all rows of an image the same values."))
    }
    return absent
  }

  /// - Throws: `DatasetsError` with all faults.
  func strata() throws -> [String: [String]] {
    var all = faults
    for (index, group) in groups.enumerated() {
      let found = Set(combinations.keys.map { $0[index] })
      guard found.count > ImageGroups.mostStrata else { continue }
      all.append(
        Fault(
          problem: "The group “\(group.name)” has \(found.count) strata, and at most \(ImageGroups.mostStrata) are told apart.",
          remedy: "Name a column with fewer values, or bands, such as \"\(group.column):0-40-65-120\"."))
    }
    guard let first = all.first else { return strataOfImage }
    let words = all.count == 1 ? [first.problem] : all.map { "\($0.problem) \($0.remedy)" }
    throw DatasetsError(
      kind: .unsuitableGroups, problem: words.joined(separator: " "), remedy: all.count == 1 ? first.remedy : "Correct all of these.")
  }
}

extension ManifestDocument {
  /// A table's header and rows with the ids of their images.
  fileprivate static func forGroups(
    of source: ManifestSource, file: String
  ) throws -> (header: [String], rows: [(id: String, cells: [String], line: Int)]) {
    let name = file.lastPathPart
    if source.rleColumn != nil {
      let document = try RunLengthTableReader.document(file)
      let path = try index(of: source.pathColumn, in: document.header, table: name)
      return (document.header, document.rows.enumerated().map { ($1[path], $1, $0 + 2) })
    }
    let document = try ManifestDocument(file: file, source: source)
    return (document.header, zip(try document.paths(source, table: name), document.rows).map { ($0, $1.cells, $1.line) })
  }
}
