import Foundation
import Foundations
import Studies
import Testing

@testable import Datasets
@testable import Inspection

extension FaultyCopy {
  /// The table that the copy has of several that may stand in for each other.
  private func present(_ files: [String]) throws -> String {
    try #require(files.first { FileManager.default.fileExists(atPath: editor.url($0).path) })
  }

  private func edit(_ source: ManifestSource, _ path: String, _ change: @escaping (inout CSV.Document) throws -> Void) throws {
    try editor.edit(path, columns: source.columns, separator: source.columnSeparator, change)
  }

  /// Rows that are there twice, of another width, or name nothing that is there.
  func tableFaults(_ source: ManifestSource) throws -> [PlantedFault] {
    let path = try present([source.file] + source.otherFiles), table = (path as NSString).lastPathComponent
    var faults = [
      PlantedFault(name: "a row twice") { _ in
        try edit(source, path) { $0.rows.append($0.rows[0]) }
        if source.rleColumn != nil || source.repeatedRows != .error { return ["1 row of \(path) repeats", "repeats line 2"] }
        return ["1 image is in", table, "more than once"]
      },
      PlantedFault(name: "a row of another width") { editor in
        let text = String(decoding: try editor.data(path), as: UTF8.self), separator = source.columnSeparator == .space ? " " : ","
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { $0 == 1 ? $1 + separator + "x" : $1 }
        try editor.write(Data(lines.joined(separator: "\n").utf8), to: path)
        return source.columnSeparator == .space ? ["Line 2 of \(table) has \(source.columns.count + 1) words"] : [table, "Line 2 of the table is not valid CSV"]
      },
    ]
    let names = source.pathTemplate.flatMap { PathTemplate($0)?.columns } ?? [source.pathColumn]
    faults.append(
      PlantedFault(name: "a row of an image that is not there") { _ in
        try edit(source, path) { document in
          let place = try #require(document.header.firstIndex(of: names[names.count - 1]))
          var row = document.rows[0]
          row[place] = row[place].replacingOccurrences(of: "0", with: "o").replacingOccurrences(of: "1", with: "l")
          document.rows.append(row)
        }
        return source.joins.isEmpty ? ["1 of \(samples.count + 1) images is not in"] : ["have nothing in", "first line"]
      })
    for join in source.joins {
      faults.append(
        PlantedFault(name: "a row of \(join.file) twice") { _ in
          try edit(source, join.file) { $0.rows.append($0.rows[0]) }
          return ["of \(join.file) is the second one of"]
        })
    }
    if let column = source.rleColumn {
      faults.append(
        PlantedFault(name: "run lengths that are none", needsDecoding: true) { _ in
          try edit(source, path) { document in
            let place = try #require(document.header.firstIndex { $0.trimmingCharacters(in: .whitespaces) == column })
            document.rows[0][place] = "12 x"
          }
          return ["cannot be read", samples[0].id]
        })
      faults.append(
        PlantedFault(name: "run lengths of a larger image", needsDecoding: true) { _ in
          try edit(source, path) { document in
            let place = try #require(document.header.firstIndex { $0.trimmingCharacters(in: .whitespaces) == column })
            document.rows[0][place] = "0 99999999"
          }
          return ["cannot be read", samples[0].id]
        })
    }
    return faults
  }

  /// Labels that are none.
  func labelFaults(_ source: ManifestSource) throws -> [PlantedFault] {
    let path = try present([source.file] + source.otherFiles)
    if let column = source.labelListColumn, let label = source.labels.first {
      return [
        PlantedFault(name: "a label that is none") { _ in
          try edit(source, path) { document in
            let place = try #require(document.header.firstIndex(of: column))
            for row in document.rows.indices {
              let changed = document.rows[row][place].replacingOccurrences(of: label, with: label + "x")
              guard changed != document.rows[row][place] else { continue }
              document.rows[row][place] = changed
              // Where any name may stand, only a class that no row has is told.
              if source.otherLabels != nil || task.kind == .multiclassClassification { break }
            }
          }
          if source.otherLabels != nil { return ["“\(label)x”", "line"] }
          return source.labelPattern == nil ? [task.kind == .multiclassClassification ? "is not of exactly one class" : "lists “\(label)”"] : [label + "x/"]
        }
      ]
    }
    guard let column = source.labelColumns.first else { return [] }
    let original = source.renamedColumns.first { $0.value == column }?.key
    let tables = [path] + source.joins.map(\.file)
    return [
      PlantedFault(name: "a label that is none") { editor in
        for table in tables {
          var isThere = false
          try edit(source, table) { document in
            guard let place = document.header.firstIndex(where: { $0 == column || $0 == original }) else { return }
            isThere = true
            document.rows[0][place] = "maybe"
          }
          if isThere { break }
          try editor.restore()
        }
        return ["“maybe” in column “\(column)”", "line"]
      }
    ]
  }

  /// Images in no part, and patients in two.
  func splitFaults(_ source: ManifestSource) throws -> [PlantedFault] {
    var faults = [PlantedFault]()
    let path = try present([source.file] + source.otherFiles)
    let training = found.parts[.training, default: []]
    let ofPatient = Dictionary(grouping: training.filter { $0.patient != nil }) { $0.patient ?? "" }
    let torn = ofPatient.sorted { $0.key < $1.key }.first { $0.value.count > 1 }
    if let lists = source.splitLists, let chosen = lists.candidates.first(where: { $0.files.allSatisfy { FileManager.default.fileExists(atPath: editor.url($0).path) } }),
      let test = chosen.test
    {
      func lines(_ file: String, _ change: (inout [String]) -> Void) throws {
        var all = String(decoding: try editor.data(file), as: UTF8.self).split(separator: "\n").map(String.init)
        change(&all)
        try editor.write(Data((all.joined(separator: "\n") + "\n").utf8), to: file)
      }
      let name = training[0].id
      faults += [
        PlantedFault(name: "an image in no list") { _ in
          try lines(chosen.training) { $0.removeAll { $0 == name } }
          return ["is in none of", name]
        },
        PlantedFault(name: "an image in a list twice") { _ in
          try lines(chosen.training) { $0.append(name) }
          return ["more than once in", name]
        },
        PlantedFault(name: "a list that names an unknown image") { _ in
          try lines(chosen.training) { $0.append("unknown.png") }
          return ["unknown.png", "in no row of the table"]
        },
      ]
      if let torn {
        faults.append(
          PlantedFault(name: "a patient in two parts") { _ in
            try lines(chosen.training) { $0.removeAll { $0 == torn.value[0].id } }
            try lines(test) { $0.append(torn.value[0].id) }
            return ["1 patient has images both in", torn.key]
          })
      }
    } else if let torn, let column = source.splitColumn {
      faults.append(
        PlantedFault(name: "a patient in two parts") { _ in
          try edit(source, path) { document in
            let place = try #require(document.header.firstIndex(of: column)), stem = ImageName.stem(of: torn.value[0].image.files[0].lastPathComponent)
            let row = try #require(document.rows.firstIndex { $0.contains(stem) })
            document.rows[row][place] = "test"
          }
          return ["1 patient has images both in", torn.key]
        })
      faults.append(
        PlantedFault(name: "a part that is none") { _ in
          try edit(source, path) { $0.rows[0][try #require($0.header.firstIndex(of: column))] = "practice" }
          return ["Line 2 of", "“practice”"]
        })
    } else if let test = source.testFile {
      faults.append(
        PlantedFault(name: torn == nil ? "an image in two parts" : "a patient in two parts") { _ in
          var moved = [String]()
          try edit(source, path) { document in
            moved = document.rows[0]
            if torn != nil { document.rows.removeFirst() }
          }
          try edit(source, test) { document in
            // The test table may lack a column for the reader.
            if moved.count > document.rows[0].count { moved.remove(at: 1) }
            document.rows.append(moved)
          }
          return torn == nil ? ["more than once"] : ["1 patient has images both in"]
        })
    }
    return faults
  }

  func sliceTableFaults(_ source: SliceTableSource) throws -> [PlantedFault] {
    func edit(_ change: @escaping (inout CSV.Document) throws -> Void) throws {
      try editor.edit(source.file, columns: [], separator: .comma, change)
    }
    return [
      PlantedFault(name: "a row twice") { _ in
        try edit { $0.rows.append($0.rows[0]) }
        return ["1 image is in \(source.file) more than once"]
      },
      PlantedFault(name: "a row of an image that is not there") { _ in
        try edit { document in
          var row = document.rows[0]
          row[try #require(document.header.firstIndex(of: source.instanceColumn))] = "unknown"
          document.rows.append(row)
        }
        return ["1 of \(samples.count + 1) images is not in", "unknown.dcm"]
      },
      PlantedFault(name: "a label that is none") { _ in
        try edit { $0.rows[0][try #require($0.header.firstIndex(of: source.labelColumns[0]))] = "maybe" }
        return ["“maybe” in column “\(source.labelColumns[0])” of line 2"]
      },
      PlantedFault(name: "a slice of no study") { _ in
        try edit { $0.rows[0][try #require($0.header.firstIndex(of: source.studyColumn))] = "" }
        return ["line 2"]
      },
    ]
  }
}
