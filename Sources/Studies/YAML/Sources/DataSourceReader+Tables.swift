extension DataSourceReader {
  /// How a manifest's tables are written, joined and thinned out.
  func readTables(_ group: GroupReader, into source: inout ManifestSource) {
    group.read("columns", into: &source.columns) { $0.strings() }
    group.read("columnSeparator", into: &source.columnSeparator) { $0.choice(ManifestSource.ColumnSeparator.self) }
    group.read("renamedColumns", into: &source.renamedColumns) { reader in
      reader.namedEntries().map { entries in
        Dictionary(entries.compactMap { entry in entry.reader.string().map { (entry.name, $0) } }, uniquingKeysWith: { first, _ in first })
      }
    }
    group.read("joins", into: &source.joins) { reader in reader.list()?.compactMap(join) }
    group.read("keep", into: &source.keep) { reader in
      reader.namedEntries()?.compactMap { entry in entry.reader.strings().map { RowFilter(entry.name, $0) } }
    }
    group.read("repeatedRows", into: &source.repeatedRows) { $0.choice(ManifestSource.RepeatedRows.self) }
  }

  private func join(_ reader: NodeReader) -> TableJoin? {
    guard let group = reader.group(known: ["file", "on", "unmatched"]) else { return nil }
    let file = group.required("file")?.string().map(paths.absolute), on = group.required("on")?.strings()
    guard let file, let on else { return nil }
    var join = TableJoin(file: file, on: on)
    group.read("unmatched", into: &join.unmatched) { $0.choice(TableJoin.Unmatched.self) }
    return join
  }
}
