extension DataSourceReader {
  /// The key beside a source that says how its pictures are read.
  static let picturesKey = "pictures"

  /// `{frame: 2, orientation: asStored, range: [0, 4095]}` of a task's data; nil where nothing is said.
  func pictures(_ data: NodeReader) -> PictureChoices? {
    guard case .group(let entries) = data.node.content, let entry = entries.first(where: { $0.key == Self.picturesKey }) else { return nil }
    let reader = NodeReader(node: entry.value, path: "\(data.path).\(Self.picturesKey)", diagnostics: data.diagnostics)
    guard let group = reader.group(known: ["frame", "orientation", "range"]) else { return nil }
    var choices = PictureChoices()
    group.read("frame", into: &choices.frame) { $0.integer() }
    group.read("orientation", into: &choices.orientation) { $0.choice(PictureChoices.Orientation.self) }
    group.read("range", into: &choices.range) { $0.numbers() }
    return choices
  }
}
