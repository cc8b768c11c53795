extension SliceTableSource: StudyFileSource {
  static func read(_ node: NodeReader, by reader: DataSourceReader) -> SliceTableSource? { reader.sliceTable(reader.refusingGroups(node, of: key)) }

  func findings(_ task: KindFindings) -> [KindFindings.Finding] {
    task.isOfMasks || task.isOfNumbers ? task.nothingOfTheKind : task.named(labelColumns, ".sliceTable.labelColumns") + task.windows(self)
  }
}

extension DataSourceReader {
  fileprivate func sliceTable(_ reader: NodeReader) -> SliceTableSource? {
    let keys = [
      "file", "imageRoot", "studyColumn", "seriesColumn", "instanceColumn", "labelColumns", "channels", "windowCenter", "windowWidth",
      "rows", "split",
    ]
    guard let group = reader.group(known: keys) else { return nil }
    var source: SliceTableSource
    if let base = base?.as(SliceTableSource.self) {
      source = base
      group.read("file", into: &source.file, path)
    } else {
      guard let file = group.required("file").flatMap(path) else { return nil }
      source = SliceTableSource(file: file, imageRoot: PathResolver.folder(of: file))
    }
    group.read("imageRoot", into: &source.imageRoot, path)
    group.read("studyColumn", into: &source.studyColumn) { $0.string() }
    group.read("seriesColumn", into: &source.seriesColumn) { $0.string() }
    group.read("instanceColumn", into: &source.instanceColumn) { $0.string() }
    group.read("labelColumns", into: &source.labelColumns) { $0.strings() }
    group.read("channels", into: &source.channels) { $0.choice(SliceTableSource.Channels.self) }
    group.read("windowCenter", into: &source.windowCenter) { $0.number() }
    group.read("windowWidth", into: &source.windowWidth) { $0.number() }
    group.read("rows", into: &source.rows) { $0.choice(ManifestSource.Rows.self) }
    let rule = source.split
    group.read("split", into: &source.split) { split($0, over: rule) }
    return source
  }
}
