import Foundation
import Foundations
import Studies

/// Reads a table with one row an image. An id is the image's path as the table has it.
struct ManifestReader {
  let source: ManifestSource
  let kind: TaskKind

  /// The table's name, for error sentences.
  private var table: String { (source.file as NSString).lastPathComponent }

  private struct Row {
    var cells: [String]
    /// Where the row begins in the table, counting one line a row.
    var line: Int
  }

  func read() throws -> FoundSamples {
    if kind.isSegmentation, source.rleColumn != nil { return try RunLengthTableReader(source: source).read() }
    try checkKind()
    guard byteCount(ofFile: source.file) != nil else { throw DatasetsError.missingTable(source.file) }
    let root = try SourceFolder(source.imageRoot, key: "imageRoot")
    let document = try CSV.parse(try TextFile.read(URL(fileURLWithPath: source.file)))
    let columns = try Columns(source: source, kind: kind, header: document.header, table: table)
    let all = document.rows.enumerated().map { Row(cells: $1, line: $0 + 2) }
    let (rows, sizes) = try presentRows(all, columns: columns, root: root)
    try checkUnique(rows, columns: columns)
    let labels = try kind.isSegmentation ? rows.map { _ in [] } : LabelReader(source: source, table: table).labels(
      of: rows.map { ($0.cells, $0.line) }, header: document.header)
    let masks = try masks(of: rows, columns: columns, root: root)
    try checkPatients(rows, columns: columns)

    var parts = [DatasetPart: [Sample]]()
    for (index, row) in rows.enumerated() {
      let path = row.cells[columns.path]
      let sample = Sample(
        id: path, image: ImageReference(root.url.appendingPathComponent(path)),
        mask: masks.map { MaskReference($0[index].url) }, labels: labels[index],
        patient: columns.patient.map { row.cells[$0] }, byteCount: sizes[index] + (masks?[index].byteCount ?? 0))
      parts[try part(of: row, columns: columns), default: []].append(sample)
    }
    return FoundSamples(parts: parts, classNames: kind.isSegmentation ? [] : source.classNames)
  }

  private func checkKind() throws {
    switch kind {
    case .binarySegmentation:
      if source.maskColumn == nil { throw DatasetsError.noMaskColumn(table: table) }
    case .binaryClassification, .multiLabelClassification:
      if source.classNames.isEmpty { throw DatasetsError.noLabels(table: table) }
      if kind == .binaryClassification, source.classNames.count != 1 {
        throw DatasetsError.notOneLabel(count: source.classNames.count, table: table)
      }
    }
  }

  private struct Columns {
    let path: Int
    let mask: Int?
    let patient: Int?
    let part: Int?

    init(source: ManifestSource, kind: TaskKind, header: [String], table: String) throws {
      path = try index(of: source.pathColumn, in: header, table: table)
      mask = try kind.isSegmentation ? source.maskColumn.map { try index(of: $0, in: header, table: table) } : nil
      patient = try source.patientColumn.map { try index(of: $0, in: header, table: table) }
      part = try source.splitColumn.map { try index(of: $0, in: header, table: table) }
    }
  }

  /// The rows that count and the byte count of each one's image.
  private func presentRows(_ rows: [Row], columns: Columns, root: SourceFolder) throws -> ([Row], [Int]) {
    var present = [Row](), sizes = [Int](), missing = [String]()
    for row in rows {
      let path = row.cells[columns.path]
      if let size = byteCount(ofFile: root.url.path + "/" + path) {
        present.append(row)
        sizes.append(size)
      } else {
        missing.append(path)
      }
    }
    if !missing.isEmpty, source.rows == .all || present.isEmpty {
      throw DatasetsError.missingImages(missing, total: rows.count, root: root.url.path, isKeepingPresent: source.rows == .present)
    }
    return (present, sizes)
  }

  private func checkUnique(_ rows: [Row], columns: Columns) throws {
    let groups = Dictionary(grouping: rows) { $0.cells[columns.path] }
    let repeated = groups.filter { $1.count > 1 }.keys.sorted()
    if !repeated.isEmpty { throw DatasetsError.duplicateImages(repeated, table: table) }
  }

  private func masks(
    of rows: [Row], columns: Columns, root: SourceFolder
  ) throws -> [(url: URL, byteCount: Int)]? {
    guard let column = columns.mask else { return nil }
    let sizes = rows.map { byteCount(ofFile: root.url.path + "/" + $0.cells[column]) }
    let missing = zip(rows, sizes).filter { $1 == nil }.map { $0.0.cells[columns.path] }
    if !missing.isEmpty { throw DatasetsError.missingMasks(missing, total: rows.count, root: root.url.path) }
    return zip(rows, sizes).map { (root.url.appendingPathComponent($0.cells[column]), $1 ?? 0) }
  }

  private func checkPatients(_ rows: [Row], columns: Columns) throws {
    guard let column = columns.patient else { return }
    let unnamed = rows.filter { $0.cells[column].isEmpty }
    if let first = unnamed.first {
      throw DatasetsError.missingPatients(count: unnamed.count, line: first.line, table: table)
    }
  }

  private func part(of row: Row, columns: Columns) throws -> DatasetPart {
    guard let column = columns.part else { return .training }
    let word = row.cells[column]
    guard let part = DatasetPart(word: word) else { throw DatasetsError.notAPart(word, line: row.line, table: table) }
    return part
  }
}

/// The place of a column in a table, or an error that names the nearest.
func index(of column: String, in header: [String], table: String) throws -> Int {
  guard let index = header.firstIndex(of: column) else {
    throw DatasetsError.missingColumn(column, table: table, columns: header)
  }
  return index
}
