extension NamedImageSource: StudyFileSource {
  static func read(_ node: NodeReader, by reader: DataSourceReader) -> NamedImageSource? { reader.namedImages(reader.refusingGroups(node, of: key)) }

  func findings(_ task: KindFindings) -> [KindFindings.Finding] {
    if task.isOfNumbers { return task.nothingOfTheKind }
    return task.kind.hasOneClass ? [] : [("", "\(task.subject), but names of files give each image one label.", "Use a manifest, or set kind: binaryClassification.")]
  }
}

extension DataSourceReader {
  fileprivate func namedImages(_ reader: NodeReader) -> NamedImageSource? {
    let keys = [
      "images", "otherFolders", "className", "labelPattern", "positive", "patientPattern", "splitLists", "rows", "split",
    ]
    guard let group = reader.group(known: keys) else { return nil }
    var source: NamedImageSource
    if let base = base?.as(NamedImageSource.self) {
      source = base
      if let images = group["images"] {
        source.images = path(images) ?? source.images
        source.otherFolders = []
      }
      group.read("className", into: &source.className) { $0.string() }
      group.read("labelPattern", into: &source.labelPattern) { $0.string() }
      group.read("positive", into: &source.positive) { $0.string() }
    } else {
      let images = group.required("images").flatMap(path), className = group.required("className")?.string()
      let pattern = group.required("labelPattern")?.string(), positive = group.required("positive")?.string()
      guard let images, let className, let pattern, let positive else { return nil }
      source = NamedImageSource(images: images, className: className, labelPattern: pattern, positive: positive)
    }
    group.read("otherFolders", into: &source.otherFolders, self.paths(of:))
    group.read("patientPattern", into: &source.patientPattern) { $0.string() }
    group.read("splitLists", into: &source.splitLists, splitLists)
    group.read("rows", into: &source.rows) { $0.choice(ManifestSource.Rows.self) }
    let rule = source.split
    group.read("split", into: &source.split) { split($0, over: rule) }
    return source
  }
}
