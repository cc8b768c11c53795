extension COCOSource: StudyFileSource {
  static func read(_ node: NodeReader, by reader: DataSourceReader) -> COCOSource? { reader.coco(reader.refusingGroups(node, of: key)) }

  func classFindings(_ task: ClassMaskFindings) -> [ClassMaskFindings.Finding] {
    task.count(categories, ".coco.categories", "Add categories, those that are asked for.")
  }

  func findings(_ task: KindFindings) -> [KindFindings.Finding] {
    task.isOfMasks ? [] : task.isOfNumbers ? task.nothingOfTheKind : task.named(categories, ".coco.categories")
  }
}

extension DataSourceReader {
  fileprivate func coco(_ reader: NodeReader) -> COCOSource? {
    let keys = ["training", "validation", "test", "categories", "shape", "maskSize", "rows", "patientPattern", "split"]
    guard let group = reader.group(known: keys) else { return nil }
    var source: COCOSource
    if let base = base?.as(COCOSource.self) {
      source = base
      group.read("training", into: &source.training, cocoPart)
    } else {
      guard let training = group.required("training").flatMap(cocoPart) else { return nil }
      source = COCOSource(training: training)
    }
    group.read("validation", into: &source.validation, cocoPart)
    group.read("test", into: &source.test, cocoPart)
    group.read("categories", into: &source.categories) { $0.strings() }
    group.read("shape", into: &source.shape) { $0.choice(COCOSource.Shape.self) }
    group.read("maskSize", into: &source.maskSize) { $0.choice(MaskSizeRule.self) }
    group.read("rows", into: &source.rows) { $0.choice(ManifestSource.Rows.self) }
    group.read("patientPattern", into: &source.patientPattern) { $0.string() }
    let rule = source.split
    group.read("split", into: &source.split) { split($0, over: rule) }
    return source
  }

  private func cocoPart(_ reader: NodeReader) -> COCOSource.Part? {
    guard let group = reader.group(known: ["annotations", "images"]) else { return nil }
    let annotations = group.required("annotations").flatMap(path), images = group.required("images").flatMap(path)
    guard let annotations, let images else { return nil }
    return COCOSource.Part(annotations: annotations, images: images)
  }
}
