extension ArraySource: StudyFileSource {
  static func read(_ node: NodeReader, by reader: DataSourceReader) -> ArraySource? { reader.arrays(reader.refusingGroups(node, of: key)) }

  func classFindings(_ task: ClassMaskFindings) -> [ClassMaskFindings.Finding] {
    task.oneObject
  }

  func findings(_ task: KindFindings) -> [KindFindings.Finding] {
    if task.isOfNumbers { return task.nothingOfTheKind }
    guard task.isOfMasks else { return task.named(classes, ".arrays.classes") }
    guard let both = ignore?.first(where: { (objects ?? []).contains($0) }) else { return [] }
    return [(".arrays.ignore", "The number \(both) of the label maps is object and has no part in loss and metric.", "Name it under objects or under ignore.")]
  }
}

extension DataSourceReader {
  fileprivate func arrays(_ reader: NodeReader) -> ArraySource? {
    guard let group = reader.group(known: ["file", "classes", "objects", "ignore", "split"]) else { return nil }
    var source: ArraySource
    if let base = base?.as(ArraySource.self) {
      source = base
      group.read("file", into: &source.file, path)
    } else {
      guard let file = group.required("file").flatMap(path) else { return nil }
      source = ArraySource(file: file, classes: [])
    }
    group.read("classes", into: &source.classes) { $0.strings() }
    group.read("objects", into: &source.objects) { reader in reader.numbers()?.compactMap { Int(exactly: $0) } }
    group.read("ignore", into: &source.ignore, levels)
    let rule = source.split
    group.read("split", into: &source.split) { split($0, over: rule) }
    return source
  }
}
