import Foundation
import Foundations
import Imaging
import Studies

/// Reads a table with one row a slice of a DICOM series. An id is the slice's path below its root: study/series/instance.dcm.
///
/// Such tables have millions of rows. So no slice is opened and none is asked for its size (a sample's byte count is 0, and the
/// fingerprint covers names, labels and studies): each series' folder is listed once, and a slice is there when its name is.
struct SliceTableReader {
  let source: SliceTableSource

  private var table: String { (source.file as NSString).lastPathComponent }

  private struct Row {
    let path: String
    let study: String
    let labels: [Float]
    let line: Int
  }

  func read() throws -> FoundSamples {
    guard byteCount(ofFile: source.file) != nil else { throw DatasetsError.missingTable(source.file) }
    let root = try SourceFolder(source.imageRoot, key: "imageRoot")
    if source.labelColumns.isEmpty { throw DatasetsError.noLabels(table: table) }
    let rows = try presentRows(try allRows(), root: root)
    let window = try source.windowCenter.flatMap { center in
      try source.windowWidth.map { try IntensityWindow(center: center, width: $0) }
    }
    let reach = source.channels == .threeNeighbors ? 1 : nil
    let samples = rows.map { row in
      Sample(
        id: row.path,
        image: ImageReference(
          planes: [ImageReference.Plane(file: root.url.appendingPathComponent(row.path, isDirectory: false))], window: window,
          neighborReach: reach),
        labels: row.labels, patient: row.study, byteCount: 0)
    }
    return FoundSamples(parts: [.training: samples], classNames: source.labelColumns)
  }

  private func allRows() throws -> [Row] {
    var rows = [Row](), studies = [String: String](), wrong = [(value: String, column: String, line: Int)]()
    let wanted = [source.studyColumn, source.seriesColumn, source.instanceColumn] + source.labelColumns
    let text = try TextFile.read(URL(fileURLWithPath: source.file))
    try CSV.scan(text, columns: { header in try wanted.map { try index(of: $0, in: header, table: table) } }) { line, cells in
      let labels = cells[3...].enumerated().map { place, cell -> Float in
        guard let label = LabelReader.label(cell) else {
          wrong.append((cell, source.labelColumns[place], line))
          return .nan
        }
        return label
      }
      // One string for all slices of a study.
      let study = studies[cells[0]] ?? cells[0]
      studies[study] = study
      rows.append(Row(path: "\(study)/\(cells[1])/\(cells[2]).dcm", study: study, labels: labels, line: line))
    }
    if let first = wrong.first {
      throw DatasetsError.notLabels(count: wrong.count, first: first.value, column: first.column, line: first.line, table: table)
    }
    let unnamed = rows.filter { $0.study.isEmpty }
    if let first = unnamed.first { throw DatasetsError.missingPatients(count: unnamed.count, line: first.line, table: table) }
    return rows
  }

  /// The rows whose file is in its series' folder, each once.
  private func presentRows(_ rows: [Row], root: SourceFolder) throws -> [Row] {
    var present = [Row](), missing = [String](), repeated = [String]()
    present.reserveCapacity(rows.count)
    let groups = Dictionary(grouping: rows) { folder(of: $0.path) }
    for (folder, members) in groups.sorted(by: { $0.key < $1.key }) {
      let names = Set((try? FileManager.default.contentsOfDirectory(atPath: root.url.path + "/" + folder)) ?? [])
      var seen = Set<String>()
      for row in members.sorted(by: { $0.path < $1.path }) {
        if !seen.insert(row.path).inserted {
          repeated.append(row.path)
        } else if names.contains(String(row.path.dropFirst(folder.count + 1))) {
          present.append(row)
        } else {
          missing.append(row.path)
        }
      }
    }
    if !repeated.isEmpty { throw DatasetsError.duplicateImages(repeated, table: table) }
    if !missing.isEmpty, source.rows == .all || present.isEmpty {
      throw DatasetsError.missingImages(missing, total: rows.count, root: root.url.path, isKeepingPresent: source.rows == .present)
    }
    return present
  }

  private func folder(of path: String) -> Substring { path[..<(path.lastIndex(of: "/") ?? path.startIndex)] }
}
