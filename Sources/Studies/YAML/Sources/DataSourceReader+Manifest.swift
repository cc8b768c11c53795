extension ManifestSource: StudyFileSource {
  static func read(_ node: NodeReader, by reader: DataSourceReader) -> ManifestSource? { reader.manifest(node) }

  func classFindings(_ task: ClassMaskFindings) -> [ClassMaskFindings.Finding] {
    task.manifest(self)
  }

  func findings(_ task: KindFindings) -> [KindFindings.Finding] {
    task.isOfMasks ? task.segmentation(self) : task.isOfNumbers ? task.numbers(self) : task.classification(self)
  }
}

extension DataSourceReader {
  fileprivate func manifest(_ reader: NodeReader) -> ManifestSource? {
    guard let group = reader.group(known: Self.manifestKeys) else { return nil }
    var source: ManifestSource
    if let base = base?.as(ManifestSource.self) {
      source = base
      if let file = group["file"] {
        // A table of one's own: those that the built-in task would fall back to are not meant.
        source.file = path(file) ?? source.file
        source.otherFiles = []
      }
    } else {
      guard let file = group.required("file").flatMap(path) else { return nil }
      source = ManifestSource(file: file, imageRoot: PathResolver.folder(of: file))
    }
    group.read("otherFiles", into: &source.otherFiles, self.paths(of:))
    group.read("validationFile", into: &source.validationFile, path)
    group.read("testFile", into: &source.testFile, path)
    group.read("imageRoot", into: &source.imageRoot, path)
    group.read("imageFolders", into: &source.imageFolders, self.paths(of:))
    group.read("pathColumn", into: &source.pathColumn) { $0.string() }
    group.read("pathForm", into: &source.pathForm) { $0.choice(ManifestSource.PathForm.self) }
    group.read("pathTemplate", into: &source.pathTemplate) { $0.string() }
    readTables(group, into: &source)
    group.read("removedPathPrefixes", into: &source.removedPathPrefixes) { $0.strings() }
    group.read("labelColumns", into: &source.labelColumns) { $0.strings() }
    group.read("labelListColumn", into: &source.labelListColumn) { $0.string() }
    group.read("labelSyntax", into: &source.labelSyntax) { $0.choice(ManifestSource.LabelSyntax.self) }
    group.read("labelPattern", into: &source.labelPattern) { $0.string() }
    group.read("labelSeparator", into: &source.labelSeparator) { $0.string() }
    group.read("labels", into: &source.labels) { $0.strings() }
    group.read("otherLabels", into: &source.otherLabels) { $0.strings() }
    group.read("emptyLabels", into: &source.emptyLabels) { $0.choice(ManifestSource.EmptyLabels.self) }
    group.read("uncertainLabel", into: &source.uncertainLabel) { $0.number() }
    group.read("numberColumns", into: &source.numberColumns) { $0.strings() }
    group.read("unit", into: &source.unit) { $0.string() }
    group.read("maskColumn", into: &source.maskColumn) { $0.string() }
    group.read("secondMaskColumn", into: &source.secondMaskColumn) { $0.string() }
    readMeaning(group, labels: "maskLabels", into: &source.meaning)
    group.read("rleColumn", into: &source.rleColumn) { $0.string() }
    group.read("rleFormat", into: &source.rleFormat) { $0.choice(ManifestSource.RunLengthFormat.self) }
    group.read("patientColumn", into: &source.patientColumn) { $0.string() }
    group.read("patientPattern", into: &source.patientPattern) { $0.string() }
    group.read("splitColumn", into: &source.splitColumn) { $0.string() }
    group.read("splitLists", into: &source.splitLists, splitLists)
    group.read("rows", into: &source.rows) { $0.choice(ManifestSource.Rows.self) }
    group.read("groupColumns", into: &source.groupColumns, groupColumns)
    let rule = source.split
    group.read("split", into: &source.split) { split($0, over: rule) }
    return source
  }

  static let manifestKeys = [
    "file", "otherFiles", "validationFile", "testFile", "imageRoot", "imageFolders", "pathColumn", "pathForm", "pathTemplate",
    "removedPathPrefixes", "columns", "columnSeparator", "renamedColumns", "joins", "keep", "repeatedRows", "labelColumns",
    "labelListColumn", "labelSyntax", "labelPattern", "labelSeparator", "labels", "otherLabels", "emptyLabels", "uncertainLabel", "numberColumns", "unit", "maskColumn",
    "secondMaskColumn",
    "threshold", "maskLabels", "object", "ignore", "color", "rleColumn", "rleFormat", "patientColumn",
    "patientPattern", "splitColumn", "splitLists", "rows", "groupColumns", "split",
  ]
}
