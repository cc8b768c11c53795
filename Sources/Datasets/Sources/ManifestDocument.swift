import Foundation
import Foundations
import Studies

/// The columns and rows of a manifest's table with those of the tables that it is joined with, without rows that do not count.
struct ManifestDocument {
  private(set) var header: [String]
  /// The cells of each row and its line.
  private(set) var rows: [(cells: [String], line: Int)]
  /// What is to be said of rows that do not count and look as if they were meant to.
  private(set) var remarks: [SourceRemark] = []

  init(file: String, source: ManifestSource) throws {
    let name = file.lastPathPart
    let text = try TextFile.read(URL(fileURLWithPath: file))
    guard text.contains(where: { !$0.isWhitespace }) else { throw DatasetsError.emptyTable(name) }
    header = source.columns
    rows = []
    if let separator = source.columnSeparator.ofCSV {
      let used = separator ?? CSV.Separator(ofFirstLine: text.utf8), isHeaderless = !source.columns.isEmpty
      var rows = [(cells: [String], line: Int)]()
      header = try CSV.scan(isHeaderless ? CSV.encode(source.columns, separator: used) + text : text, separator: used, columns: { Array($0.indices) }) {
        rows.append(($1, isHeaderless ? $0 - 1 : $0))
      }
      self.rows = rows
    } else {
      rows = try Self.spaced(text, columns: source.columns, table: name)
    }
    header = header.map { name in
      let trimmed = name.trimmingCharacters(in: .whitespaces)
      return source.renamedColumns[trimmed] ?? source.renamedColumns[name] ?? trimmed
    }
    for join in source.joins { try add(join, wanted: source.usedColumns, table: name) }
    for filter in source.keep {
      let column = try index(of: filter.column, in: header, table: name)
      let present = Dictionary(rows.map { ($0.cells[column], 1) }, uniquingKeysWith: +), values = KeptValues(filter, among: present.keys)
      let kept = rows.filter { values.kept.contains($0.cells[column]) }
      if kept.isEmpty, !rows.isEmpty { throw DatasetsError.nothingKept(filter, table: name, present: present.keys.sorted()) }
      remarks += values.remark(counts: present, table: name).map { [$0] } ?? []
      rows = kept
    }
  }

  private static func spaced(_ text: String, columns: [String], table: String) throws -> [(cells: [String], line: Int)] {
    var rows = [(cells: [String], line: Int)]()
    for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let cells = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
      if cells.isEmpty { continue }
      guard cells.count == columns.count else { throw DatasetsError.otherWidth(cells.count, line: number + 1, columns: columns, table: table) }
      rows.append((cells, number + 1))
    }
    return rows
  }

  /// Adds the wanted columns of another table.
  private mutating func add(_ join: TableJoin, wanted: Set<String>, table: String) throws {
    let name = join.file.lastPathPart
    guard try byteCount(ofFile: join.file) != nil else { throw DatasetsError.missingJoin(join.file, table: table) }
    let own = try join.on.map { try index(of: $0, in: header, table: table) }
    let present = Set(header)
    var added = [String](), cellsOfKey = [[String]: [String]]()
    let keyCount = join.on.count
    let text = try TextFile.read(URL(fileURLWithPath: join.file))
    try CSV.scan(
      text, separator: nil,
      columns: { names in
        let columns = names.map { $0.trimmingCharacters(in: .whitespaces) }
        added = columns.filter { wanted.contains($0) && !present.contains($0) }
        return try (join.on + added).map { try index(of: $0, in: columns, table: name) }
      }
    ) { line, cells in
      let key = Array(cells[..<keyCount])
      if cellsOfKey.updateValue(Array(cells[keyCount...]), forKey: key) != nil {
        throw DatasetsError.repeatedKey(zip(join.on, key).map { "\($0) \($1)" }, line: line, table: name)
      }
    }
    var unmatched = [Int](), joined = [(cells: [String], line: Int)]()
    joined.reserveCapacity(rows.count)
    for row in rows {
      if let cells = cellsOfKey[own.map { row.cells[$0] }] {
        joined.append((row.cells + cells, row.line))
      } else {
        unmatched.append(row.line)
        if join.unmatched == .leaveEmpty { joined.append((row.cells + added.map { _ in "" }, row.line)) }
      }
    }
    if let first = unmatched.first, join.unmatched == .error || unmatched.count == rows.count {
      throw DatasetsError.unmatchedRows(unmatched.count, of: rows.count, first: first, table: table, other: name, on: join.on)
    }
    header += added
    rows = joined
  }
}

extension ManifestSource.ColumnSeparator {
  /// What CSV calls it: nil within for the one that the table shows, nil for columns that spaces separate.
  fileprivate var ofCSV: CSV.Separator?? {
    switch self {
    case .automatic: .some(nil)
    case .comma: .comma
    case .semicolon: .semicolon
    case .tab: .tab
    case .space: nil
    }
  }
}

extension ManifestSource {
  /// Every column that is read.
  var usedColumns: Set<String> {
    let path = pathTemplate.flatMap { PathTemplate($0)?.columns } ?? [pathColumn]
    return Set(
      path + labelColumns + keep.map(\.column) + groupColumns.flatMap(\.columns) + [labelListColumn, maskColumn, secondMaskColumn, patientColumn, splitColumn].compactMap { $0 })
  }
}

extension DatasetsError {
  static func otherWidth(_ width: Int, line: Int, columns: [String], table: String) -> DatasetsError {
    DatasetsError(
      kind: .missingColumn, problem: "Line \(line) of \(table) has \(counted(width, "word")), and the columns are \(listed(columns)).",
      remedy: "Name as many `columns` as a line has words.")
  }

  static func missingJoin(_ path: String, table: String) -> DatasetsError {
    DatasetsError(
      kind: .missingTable, problem: "There is no table at \(path), whose columns \(table) needs.",
      remedy: "Put it there, or correct the `file` of the join.")
  }

  static func repeatedKey(_ words: [String], line: Int, table: String) -> DatasetsError {
    DatasetsError(
      kind: .duplicateImage, problem: "Line \(line) of \(table) is the second one of \(listed(words)).",
      remedy: "Join by columns that tell its rows apart.")
  }

  static func unmatchedRows(_ count: Int, of total: Int, first: Int, table: String, other: String, on: [String]) -> DatasetsError {
    DatasetsError(
      kind: .missingLabels,
      problem: "\(count) of \(counted(total, "row")) of \(table) have nothing in \(other) with the same \(listed(on)), first line \(first).",
      remedy: count < total ? "Complete the table, or set `unmatched: leaveOut` to pass over such rows." : "Correct `on`, or give the table that belongs to it.")
  }

  static func nothingKept(_ filter: RowFilter, table: String, present: [String]) -> DatasetsError {
    DatasetsError(
      kind: .missingLabels, problem: "No row of \(table) has \(listed(filter.values)) in its column “\(filter.column)”.",
      remedy: "Choose among: \(listed(present.map { $0.isEmpty ? "nothing" : $0 })).")
  }
}

extension DatasetsError {
  static func emptyTable(_ table: String) -> DatasetsError {
    DatasetsError(kind: .missingTable, problem: "The table \(table) is empty.", remedy: "Get it again from its source, or name another.")
  }
}
