extension CaseFolderSource: StudyFileSource {
  static func read(_ node: NodeReader, by reader: DataSourceReader) -> CaseFolderSource? { reader.caseFolders(reader.refusingGroups(node, of: key)) }

  func classFindings(_ task: ClassMaskFindings) -> [ClassMaskFindings.Finding] {
    task.oneObject
  }

  func findings(_ task: KindFindings) -> [KindFindings.Finding] {
    task.masks("folders of masks")
  }
}

extension DataSourceReader {
  fileprivate func caseFolders(_ reader: NodeReader) -> CaseFolderSource? {
    let keys = ["training", "validation", "test", "imageFolder", "maskFolder", "threshold", "labels", "object", "ignore", "color", "maskSize", "patientPattern", "split"]
    guard let group = reader.group(known: keys) else { return nil }
    var source: CaseFolderSource
    if let base = base?.as(CaseFolderSource.self) {
      source = base
      group.read("training", into: &source.training, path)
    } else {
      guard let training = group.required("training").flatMap(path) else { return nil }
      source = CaseFolderSource(training: training)
    }
    group.read("validation", into: &source.validation, path)
    group.read("test", into: &source.test, path)
    group.read("imageFolder", into: &source.imageFolder) { $0.string() }
    group.read("maskFolder", into: &source.maskFolder) { $0.string() }
    readMeaning(group, labels: "labels", into: &source.meaning)
    group.read("maskSize", into: &source.maskSize) { $0.choice(MaskSizeRule.self) }
    group.read("patientPattern", into: &source.patientPattern) { $0.string() }
    let rule = source.split
    group.read("split", into: &source.split) { split($0, over: rule) }
    return source
  }
}
