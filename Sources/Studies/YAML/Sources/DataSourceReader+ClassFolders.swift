extension ClassFolderSource: StudyFileSource {
  static func read(_ node: NodeReader, by reader: DataSourceReader) -> ClassFolderSource? { reader.classFolders(reader.refusingGroups(node, of: key)) }

  func findings(_ task: KindFindings) -> [KindFindings.Finding] {
    if task.isOfNumbers { return task.nothingOfTheKind }
    if task.isOfMasks { return [("", "\(task.subject), but its data are folders of classes.", "Use maskFolders, or a manifest with maskColumn.")] }
    if task.kind.hasOneClass || task.kind.isOfExactlyOneClass { return task.folders(self) }
    return [("", "\(task.subject), but folders of classes give each image one label.", "Use a manifest, or set kind: binaryClassification or multiclassClassification.")]
  }
}

extension DataSourceReader {
  fileprivate func classFolders(_ reader: NodeReader) -> ClassFolderSource? {
    let keys = ["training", "validation", "test", "positive", "classes", "imageFolder", "patientPattern", "split"]
    guard let group = reader.group(known: keys) else { return nil }
    var source: ClassFolderSource
    if let base = base?.as(ClassFolderSource.self) {
      source = base
      group.read("training", into: &source.training, path)
    } else {
      guard let training = group.required("training").flatMap(path) else { return nil }
      source = ClassFolderSource(training: training)
    }
    group.read("positive", into: &source.positive) { $0.string() }
    group.read("classes", into: &source.classes, classes)
    group.read("imageFolder", into: &source.imageFolder) { $0.string() }
    group.read("validation", into: &source.validation, path)
    group.read("test", into: &source.test, path)
    group.read("patientPattern", into: &source.patientPattern) { $0.string() }
    let rule = source.split
    group.read("split", into: &source.split) { split($0, over: rule) }
    return source
  }

  /// Names of subfolders, or `all`.
  private func classes(_ reader: NodeReader) -> [String]? {
    if case .list = reader.node.content { return reader.strings() }
    return reader.choice(among: ["all"]).map { _ in [] }
  }
}
