import Foundation
import Foundations
import Imaging
import Studies

/// One table of a manifest, its columns found.
struct ManifestTable {
  struct Row {
    /// The image's path, without the prefix that the source removes.
    let path: String
    let cells: [String]
    /// Where the row begins in the table, counting one line a row.
    let line: Int
  }

  /// A row whose image is there.
  struct Found {
    let row: Row
    /// The folder below which the row's path leads to its image.
    let root: String
    let byteCount: Int
  }

  /// The file's name, for error sentences.
  let name: String
  let rows: [Row]
  private let header: [String]
  /// Of the table itself.
  private let documentRemarks: [SourceRemark]
  private let source: ManifestSource
  private let kind: TaskKind
  /// The part that the whole table is of.
  private let part: DatasetPart?
  private let maskColumn: Int?
  private let secondMaskColumn: Int?
  private let patientColumn: Int?
  private let partColumn: Int?

  init(file: String, part: DatasetPart?, source: ManifestSource, kind: TaskKind) throws {
    let name = file.lastPathPart
    let document = try ManifestDocument(file: file, source: source)
    let path = try RowPath(source: source, header: document.header, table: name)
    maskColumn = try kind.isSegmentation ? source.maskColumn.map { try index(of: $0, in: document.header, table: name) } : nil
    secondMaskColumn = try kind.isSegmentation ? source.secondMaskColumn.map { try index(of: $0, in: document.header, table: name) } : nil
    patientColumn = try source.patientColumn.map { try index(of: $0, in: document.header, table: name) }
    partColumn = try source.splitColumn.map { try index(of: $0, in: document.header, table: name) }
    rows = document.rows.map { Row(path: path($0.cells), cells: $0.cells, line: $0.line) }
    self.name = name
    self.part = part
    self.source = source
    self.kind = kind
    (header, documentRemarks) = (document.header, document.remarks)
  }

  /// The samples of the rows that count, each with its part.
  func samples(_ found: [Found], root: SourceFolder) throws -> [(sample: Sample, part: DatasetPart)] {
    let cells = found.map { ($0.row.cells, $0.row.line) }
    let labels: [[Float]] =
      try !kind.isClassification
      ? found.map { _ in [] }
      : LabelReader(source: source, table: name).labels(
        of: cells, all: rows.map(\.cells), header: header)
    let numbers =
      try kind.answer == .numbers
      ? NumberReader(columns: source.numberColumns ?? [], table: name).numbers(of: cells, header: header) : nil
    let masks = try masks(of: found, root: root), seconds = try secondMasks(of: found, root: root)
    let patients = try patients(of: found)
    var folders = SampleFolders(), combinations = LabelCombinations()
    let all = try found.indices.map { index in
      let (row, mask) = (found[index].row, masks?[index]), (folder, name) = folders.place(row.path, root: found[index].root)
      let sample = Sample(
        folder: folder, name: name, mask: mask.map { reference($0.url) }, secondMask: seconds?[index].map(reference), labels: combinations.shared(labels[index]),
        numbers: numbers?[index] ?? [],
        patient: patients?[index], byteCount: found[index].byteCount + (mask?.byteCount ?? 0))
      return (sample, try part(of: row))
    }
    return source.repeatedRows == .error || !kind.isClassification ? all : try RowMerging(rule: source.repeatedRows, table: name).merge(all)
  }

  private func reference(_ mask: URL) -> MaskReference {
    let ignored = Set(source.meaning.ignore)
    return kind.hasSeveralMasks
      ? MaskReference([mask], classes: source.meaning.classes, kind: kind, ignored: ignored)
      : MaskReference(regions: [.file(mask, threshold: Mask.Threshold(source.meaning))], ignored: ignored)
  }

  /// Nil for the rows whose cell is empty.
  private func secondMasks(of found: [Found], root: SourceFolder) throws -> [URL?]? {
    guard let secondMaskColumn else { return nil }
    let named = found.map { $0.row.cells[secondMaskColumn].trimmingCharacters(in: .whitespaces) }
    let missing = try zip(found, named).filter { try !$1.isEmpty && byteCount(ofFile: root.path(of: $1)) == nil }.map(\.0.row.path)
    if !missing.isEmpty { throw DatasetsError.missingMasks(missing, total: named.count { !$0.isEmpty }, root: root.url.path, whose: "mask of the second observer") }
    return named.map { $0.isEmpty ? nil : URL(fileURLWithPath: root.path(of: $0), isDirectory: false) }
  }

  /// What is to be said of rows that do not count, and of the labels of those that do.
  func remarks(on found: [Found]) throws -> [SourceRemark] {
    documentRemarks + (kind.isClassification ? try LabelReader(source: source, table: name).remarks(on: found.map(\.row.cells), header: header) : [])
  }

  private func masks(of found: [Found], root: SourceFolder) throws -> [(url: URL, byteCount: Int)]? {
    guard let maskColumn else { return nil }
    let sizes = try found.map { try byteCount(ofFile: root.path(of: $0.row.cells[maskColumn])) }
    let missing = zip(found, sizes).filter { $1 == nil }.map(\.0.row.path)
    if !missing.isEmpty { throw DatasetsError.missingMasks(missing, total: found.count, root: root.url.path) }
    return zip(found, sizes).map { (URL(fileURLWithPath: root.path(of: $0.row.cells[maskColumn]), isDirectory: false), $1 ?? 0) }
  }

  private func patients(of found: [Found]) throws -> [String]? {
    if let pattern = source.patientPattern { return try PatientPattern(pattern).patients(of: found.map(\.row.path)) }
    guard let patientColumn else { return nil }
    let names = found.map { PatientName.of($0.row.cells[patientColumn]) }
    if let first = names.firstIndex(of: nil) {
      throw DatasetsError.missingPatients(
        count: names.count { $0 == nil }, line: found[first].row.line, word: found[first].row.cells[patientColumn], table: name)
    }
    return names.compactMap { $0 }
  }

  private func part(of row: Row) throws -> DatasetPart {
    if let part { return part }
    guard let partColumn else { return .training }
    let word = row.cells[partColumn]
    guard let part = DatasetPart(word: word) else { throw DatasetsError.notAPart(word, line: row.line, table: name) }
    return part
  }
}

extension ManifestDocument {
  /// The path of each row's image.
  func paths(_ source: ManifestSource, table: String) throws -> [String] {
    let path = try RowPath(source: source, header: header, table: table)
    return rows.map { path($0.cells) }
  }
}

/// The path that a row's columns say.
private struct RowPath {
  private enum Piece {
    case text(String)
    case column(Int, length: Int?)
  }

  private let pieces: [Piece]
  private let removedPrefixes: [String]
  /// The folder of the images, with a slash, which an absolute path may begin with.
  private let root: String

  init(source: ManifestSource, header: [String], table: String) throws {
    let template = source.pathTemplate.flatMap(PathTemplate.init)?.pieces ?? [.column(source.pathColumn, length: nil)]
    pieces = try template.map { piece in
      switch piece {
      case .text(let text): .text(text)
      case .column(let name, let length): .column(try index(of: name, in: header, table: table), length: length)
      }
    }
    removedPrefixes = source.removedPathPrefixes
    root = source.imageRoot.hasSuffix("/") ? source.imageRoot : source.imageRoot + "/"
  }

  func callAsFunction(_ cells: [String]) -> String {
    let path = pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .column(let index, let length): length.map { String(cells[index].prefix($0)) } ?? cells[index]
      }
    }.joined()
    // Blanks around a cell are no more part of a path than of a label.
    let isBlank = { (character: Character?) in character?.isWhitespace == true }
    let plain = isBlank(path.first) || isBlank(path.last) ? path.trimmingCharacters(in: .whitespacesAndNewlines) : path
    let rest = removedPrefixes.first { plain.hasPrefix($0) }.map { String(plain.dropFirst($0.count)) } ?? plain
    // An absolute path below the root names what a relative one does, so that both give one id.
    return rest.hasPrefix(root) ? String(rest.dropFirst(root.count)) : rest
  }
}

/// The place of a column in a table, or an error that names the nearest.
func index(of column: String, in header: [String], table: String) throws -> Int {
  guard let index = header.firstIndex(of: column) else {
    throw DatasetsError.missingColumn(column, table: table, columns: header)
  }
  if header[(index + 1)...].contains(column) { throw DatasetsError.repeatedColumn(column, count: header.count { $0 == column }, table: table) }
  return index
}
