extension NNUNetSource: StudyFileSource {
  static func read(_ node: NodeReader, by reader: DataSourceReader) -> NNUNetSource? { reader.nnUNet(reader.refusingGroups(node, of: key)) }

  func classFindings(_ task: ClassMaskFindings) -> [ClassMaskFindings.Finding] {
    // The folder's own description names them.
    labels.isEmpty ? [] : task.count(labels, ".nnUNet.labels", "")
  }

  func findings(_ task: KindFindings) -> [KindFindings.Finding] {
    task.masks("label maps")
  }
}

extension DataSourceReader {
  fileprivate func nnUNet(_ reader: NodeReader) -> NNUNetSource? {
    let keys = ["folder", "labels", "channel", "plane", "windowCenter", "windowWidth", "patientPattern", "split"]
    guard let group = reader.group(known: keys) else { return nil }
    var source: NNUNetSource
    if let base = base?.as(NNUNetSource.self) {
      source = base
      group.read("folder", into: &source.folder, path)
    } else {
      guard let folder = group.required("folder").flatMap(path) else { return nil }
      source = NNUNetSource(folder: folder)
    }
    group.read("labels", into: &source.labels) { $0.strings() }
    group.read("channel", into: &source.channel) { $0.integer() }
    source.isChannelStated = source.isChannelStated || group["channel"] != nil
    group.read("plane", into: &source.plane) { $0.choice(NNUNetSource.Plane.self) }
    group.read("windowCenter", into: &source.windowCenter) { $0.number() }
    group.read("windowWidth", into: &source.windowWidth) { $0.number() }
    group.read("patientPattern", into: &source.patientPattern) { $0.string() }
    let rule = source.split
    group.read("split", into: &source.split) { split($0, over: rule) }
    return source
  }
}
