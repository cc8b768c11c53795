package import Foundation
import Foundations
package import Studies

extension ManifestSource: SampleSource {
  func samples(for kind: TaskKind) throws -> FoundSamples {
    try ManifestReader(source: self, kind: kind).read()
  }
}

/// Reads a table with one row an image, or one table a part. An id is the image's path as the table has it, without the prefix that
/// the source removes.
package struct ManifestReader {
  let source: ManifestSource
  let kind: TaskKind

  package init(source: ManifestSource, kind: TaskKind) {
    self.source = source
    self.kind = kind
  }

  package func read() throws -> FoundSamples {
    if kind.isSegmentation, source.rleColumn != nil { return try RunLengthTableReader(source: source).read() }
    try checkKind()
    let files = try Self.tableFiles(of: source)
    let finder = try ImageFinder(root: source.imageRoot, folders: source.imageFolders)
    let tables = try files.map { try ManifestTable(file: $0.path, part: $0.part, source: source, kind: kind) }
    let rows = try presentRows(of: tables, finder: finder)
    try checkUnique(rows.map { $0.map(\.row.path) }, tables: tables)
    let samples = try zip(tables, rows).flatMap { try $0.samples($1, root: finder.root) }
    return FoundSamples(
      parts: try parts(of: samples), classNames: kind.isClassification ? source.classNames : [],
      maskClasses: kind.hasSeveralMasks ? source.meaning.classes.map(\.name) : [],
      numbers: kind.answer == .numbers ? source.numberColumns.map { NamedNumbers(names: $0, unit: source.unit) } : nil,
      remarks: try zip(tables, rows).flatMap { table, rows in
        try table.remarks(on: rows) + [finder.remark(on: rows.map { ($0.row.path, $0.root, $0.byteCount) }, table: table.name)].compactMap(\.self)
      })
  }

  /// The images that its rows name and that are there, also of rows that do not count.
  package func namedFiles() throws -> [URL] {
    var source = source
    (source.keep, source.joins) = ([], [])
    let finder = try ImageFinder(root: source.imageRoot, folders: source.imageFolders)
    return try Self.tableFiles(of: source).flatMap { file in
      try ManifestDocument(file: file.path, source: source).paths(source, table: file.path.lastPathPart).compactMap { path in
        try finder.find(path).map { URL(fileURLWithPath: $0.root.isEmpty ? path : $0.root + "/" + path, isDirectory: false) }
      }
    }
  }

  private func checkKind() throws {
    let table = source.file.lastPathPart
    switch kind.answer {
    case .mask, .masks, .labelMap:
      if source.maskColumn == nil { throw DatasetsError.noMaskColumn(table: table) }
    case .numbers:
      if source.numberColumns?.isEmpty ?? true { throw DatasetsError.noNumbers(table: table) }
    case .findings, .oneClass:
      if source.classNames.isEmpty { throw DatasetsError.noLabels(table: table) }
      if kind.hasOneClass, source.classNames.count != 1 {
        throw DatasetsError.notOneLabel(count: source.classNames.count, table: table)
      }
    }
  }

  /// The table, or the first of those that may stand in for it; and the tables of parts.
  static func tableFiles(of source: ManifestSource) throws -> [(path: String, part: DatasetPart?)] {
    let candidates = [source.file] + source.otherFiles
    guard let file = try candidates.first(where: { try byteCount(ofFile: $0) != nil }) else {
      throw DatasetsError.missingTable(source.file, others: source.otherFiles.map { $0.lastPathPart })
    }
    let others = [(source.validationFile, DatasetPart.validation), (source.testFile, .test)].compactMap { path, part in
      path.map { (path: $0, part: Optional(part)) }
    }
    for other in others where try byteCount(ofFile: other.path) == nil { throw DatasetsError.missingTable(other.path, others: []) }
    return [(path: file, part: others.isEmpty ? nil : .training)] + others
  }

  /// The rows of each table that count, each with its image.
  private func presentRows(of tables: [ManifestTable], finder: ImageFinder) throws -> [[ManifestTable.Found]] {
    var missing = [String](), rows = [[ManifestTable.Found]]()
    for table in tables {
      var present = [ManifestTable.Found]()
      for row in table.rows {
        if let image = try finder.find(row.path) {
          present.append(ManifestTable.Found(row: row, root: image.root, byteCount: image.byteCount))
        } else {
          if missing.last != row.path { missing.append(row.path) }
        }
      }
      rows.append(present)
    }
    if !missing.isEmpty, source.rows == .all || rows.allSatisfy(\.isEmpty) {
      throw DatasetsError.missingImages(
        missing, total: Set(tables.flatMap { $0.rows.map(\.path) }).count, root: finder.place, isKeepingPresent: source.rows == .present,
        hint: try PathSpelling.remedy(for: missing) { try finder.find($0) != nil })
    }
    return rows
  }

  /// - Parameter paths: of the rows of each table.
  private func checkUnique(_ paths: [[String]], tables: [ManifestTable]) throws {
    let single = source.repeatedRows == .error || !kind.isClassification ? paths : paths.map { Array(Set($0)) }
    var seen = Set<String>()
    let repeated = Set(single.joined().filter { !seen.insert($0).inserted }).sorted()
    if !repeated.isEmpty { throw DatasetsError.duplicateImages(repeated, table: listed(tables.map(\.name))) }
  }

  /// The samples by part: by lists where they are given, else by what each row or table says.
  private func parts(of samples: [(sample: Sample, part: DatasetPart)]) throws -> [DatasetPart: [Sample]] {
    if let lists = source.splitLists, let listed = try SplitListReader(lists: lists).read() {
      return try listed.divide(samples.map(\.sample))
    }
    return Dictionary(grouping: samples, by: \.part).mapValues { $0.map(\.sample) }
  }
}
