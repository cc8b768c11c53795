/// Reads the `data` group of a task.
struct DataSourceReader {
  let paths: PathResolver
  /// What is changed: keys that are not given keep its values. Nil reads a whole source.
  var base: DataSource?

  func dataSource(_ reader: NodeReader) -> DataSource? {
    let kinds = DataSource.keys
    let others = [Self.picturesKey, Self.patientsKey, Self.acceptKey]
    guard let group = reader.group(known: kinds + others) else { return nil }
    let given = kinds.filter { group[$0] != nil }
    // A built-in task's own source, with its pictures read in another way, a table of its patients, or findings taken as read.
    if given.isEmpty, group.entries.allSatisfy({ others.contains($0.key) }), !group.entries.isEmpty, let base { return base }
    guard given.count == 1, let source = group[given[0]] else {
      if given.isEmpty, group.entries.contains(where: { !kinds.contains($0.key) && !others.contains($0.key) }) {
        // The unknown key has been noted with the nearest known one.
        reader.diagnostics.suppressRules(below: reader.path)
      } else {
        let problem = given.isEmpty ? "\(reader.path) names no source." : "\(reader.path) names \(given.count) sources."
        reader.diagnostics.add(
          reader.path, reader.node.location, problem: problem,
          remedy: "Give it exactly one of: \(kinds.joined(separator: ", ")).")
      }
      return nil
    }
    if given[0] == "manifest" { return manifest(source).map(DataSource.manifest) }
    return otherSource(given[0], refusingGroups(source, of: given[0]))
  }

  static let acceptKey = "accept"

  private func otherSource(_ kind: String, _ source: NodeReader) -> DataSource? {
    switch kind {
    case "maskFolders": return maskFolders(source).map(DataSource.maskFolders)
    case "classFolders": return classFolders(source).map(DataSource.classFolders)
    case "namedImages": return namedImages(source).map(DataSource.namedImages)
    case "sliceTable": return sliceTable(source).map(DataSource.sliceTable)
    case "arrays": return arrays(source).map(DataSource.arrays)
    case "coco": return coco(source).map(DataSource.coco)
    case "caseFolders": return caseFolders(source).map(DataSource.caseFolders)
    case "medIMeta": return medIMeta(source).map(DataSource.medIMeta)
    default: return nnUNet(source).map(DataSource.nnUNet)
    }
  }

  func path(_ reader: NodeReader) -> String? { reader.string().map(paths.absolute) }

  private func manifest(_ reader: NodeReader) -> ManifestSource? {
    guard let group = reader.group(known: Self.manifestKeys) else { return nil }
    var source: ManifestSource
    if case .manifest(let base)? = base {
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
    "labelListColumn", "labelSyntax", "labelPattern", "labelSeparator", "labels", "otherLabels", "emptyLabels", "uncertainLabel", "numberColumns", "unit", "maskColumn", "secondMaskColumn",
    "threshold", "maskLabels", "object", "ignore", "color", "rleColumn", "rleFormat", "patientColumn",
    "patientPattern", "splitColumn", "splitLists", "rows", "groupColumns", "split",
  ]

  func paths(of reader: NodeReader) -> [String]? { reader.strings()?.map(paths.absolute) }

  private func splitLists(_ reader: NodeReader) -> SplitLists? {
    guard let group = reader.group(known: ["training", "validation", "test", "validationPatients"]),
      let training = group.required("training").flatMap(path)
    else { return nil }
    var lists = SplitLists.Lists("lists of the study", training: training)
    group.read("validation", into: &lists.validation, path)
    group.read("test", into: &lists.test, path)
    group.read("validationPatients", into: &lists.validationPatients, path)
    return SplitLists([lists])
  }

  private func classFolders(_ reader: NodeReader) -> ClassFolderSource? {
    let keys = ["training", "validation", "test", "positive", "classes", "imageFolder", "patientPattern", "split"]
    guard let group = reader.group(known: keys) else { return nil }
    var source: ClassFolderSource
    if case .classFolders(let base)? = base {
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

  private func sliceTable(_ reader: NodeReader) -> SliceTableSource? {
    let keys = [
      "file", "imageRoot", "studyColumn", "seriesColumn", "instanceColumn", "labelColumns", "channels", "windowCenter", "windowWidth",
      "rows", "split",
    ]
    guard let group = reader.group(known: keys) else { return nil }
    var source: SliceTableSource
    if case .sliceTable(let base)? = base {
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

  private func namedImages(_ reader: NodeReader) -> NamedImageSource? {
    let keys = [
      "images", "otherFolders", "className", "labelPattern", "positive", "patientPattern", "splitLists", "rows", "split",
    ]
    guard let group = reader.group(known: keys) else { return nil }
    var source: NamedImageSource
    if case .namedImages(let base)? = base {
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

  private func arrays(_ reader: NodeReader) -> ArraySource? {
    guard let group = reader.group(known: ["file", "classes", "objects", "ignore", "split"]) else { return nil }
    var source: ArraySource
    if case .arrays(let base)? = base {
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

  func split(_ reader: NodeReader, over base: SplitRule) -> SplitRule? {
    guard let group = reader.group(known: ["validation", "test", "seed", "file", "keepTogether"]) else { return nil }
    var rule = base
    group.read("validation", into: &rule.validation) { $0.number() }
    group.read("test", into: &rule.test) { $0.number() }
    group.read("seed", into: &rule.seed) { $0.integer() }
    group.read("file", into: &rule.file) { $0.string().map(paths.absolute) }
    group.read("keepTogether", into: &rule.keepTogether) { $0.choice(SplitRule.KeptTogether.self) }
    return rule
  }
}
