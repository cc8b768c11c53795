extension MedIMetaSource: StudyFileSource {
  static func read(_ node: NodeReader, by reader: DataSourceReader) -> MedIMetaSource? { reader.medIMeta(reader.refusingGroups(node, of: key)) }

  func findings(_ task: KindFindings) -> [KindFindings.Finding] {
    task.isOfMasks || task.isOfNumbers ? task.nothingOfTheKind : task.named(classes, ".medIMeta.classes")
  }
}

extension DataSourceReader {
  fileprivate func medIMeta(_ reader: NodeReader) -> MedIMetaSource? {
    guard let group = reader.group(known: ["folder", "task", "classes", "lists", "split"]) else { return nil }
    var source: MedIMetaSource
    if let base = base?.as(MedIMetaSource.self) {
      source = base
      group.read("folder", into: &source.folder, path)
      group.read("task", into: &source.task) { $0.string() }
    } else {
      let folder = group.required("folder").flatMap(path), task = group.required("task")?.string()
      guard let folder, let task else { return nil }
      source = MedIMetaSource(folder: folder, task: task, classes: [])
    }
    group.read("classes", into: &source.classes) { $0.strings() }
    group.read("lists", into: &source.lists) { $0.choice(MedIMetaSource.Lists.self) }
    let rule = source.split
    group.read("split", into: &source.split) { split($0, over: rule) }
    return source
  }
}
