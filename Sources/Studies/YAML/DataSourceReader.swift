/// Reads the `data` group of a task.
struct DataSourceReader {
  let paths: PathResolver

  func dataSource(_ reader: NodeReader) -> DataSource? {
    let kinds = ["manifest", "maskFolders", "classFolders"]
    guard let group = reader.group(known: kinds) else { return nil }
    let given = kinds.filter { group[$0] != nil }
    guard given.count == 1, let source = group[given[0]] else {
      if given.isEmpty, group.entries.contains(where: { !kinds.contains($0.key) }) {
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
    switch given[0] {
    case "manifest": return manifest(source).map(DataSource.manifest)
    case "maskFolders": return maskFolders(source).map(DataSource.maskFolders)
    default: return classFolders(source).map(DataSource.classFolders)
    }
  }

  private func path(_ reader: NodeReader) -> String? { reader.string().map(paths.absolute) }

  private func manifest(_ reader: NodeReader) -> ManifestSource? {
    let keys = [
      "file", "imageRoot", "pathColumn", "labelColumns", "labelListColumn", "labelSeparator", "labels", "maskColumn",
      "patientColumn", "splitColumn", "rows", "split",
    ]
    guard let group = reader.group(known: keys), let file = group.required("file").flatMap(path) else { return nil }
    var source = ManifestSource(file: file, imageRoot: PathResolver.folder(of: file))
    group.read("imageRoot", into: &source.imageRoot, path)
    group.read("pathColumn", into: &source.pathColumn) { $0.string() }
    group.read("labelColumns", into: &source.labelColumns) { $0.strings() }
    group.read("labelListColumn", into: &source.labelListColumn) { $0.string() }
    group.read("labelSeparator", into: &source.labelSeparator) { $0.string() }
    group.read("labels", into: &source.labels) { $0.strings() }
    group.read("maskColumn", into: &source.maskColumn) { $0.string() }
    group.read("patientColumn", into: &source.patientColumn) { $0.string() }
    group.read("splitColumn", into: &source.splitColumn) { $0.string() }
    group.read("rows", into: &source.rows) { $0.choice(ManifestSource.Rows.self) }
    group.read("split", into: &source.split, split)
    return source
  }

  private func maskFolders(_ reader: NodeReader) -> MaskFolderSource? {
    let keys = ["training", "validation", "test", "pairing", "patientPattern", "split"]
    guard let group = reader.group(known: keys), let training = group.required("training").flatMap(folderPair) else {
      return nil
    }
    var source = MaskFolderSource(training: training)
    group.read("validation", into: &source.validation, folderPair)
    group.read("test", into: &source.test, folderPair)
    group.read("pairing", into: &source.pairing) { $0.choice(MaskFolderSource.Pairing.self) }
    group.read("patientPattern", into: &source.patientPattern) { $0.string() }
    group.read("split", into: &source.split, split)
    return source
  }

  private func folderPair(_ reader: NodeReader) -> FolderPair? {
    guard let group = reader.group(known: ["images", "masks"]) else { return nil }
    let images = group.required("images").flatMap(path), masks = group.required("masks").flatMap(path)
    guard let images, let masks else { return nil }
    return FolderPair(images: images, masks: masks)
  }

  private func classFolders(_ reader: NodeReader) -> ClassFolderSource? {
    let keys = ["training", "validation", "test", "positive", "patientPattern", "split"]
    guard let group = reader.group(known: keys) else { return nil }
    let training = group.required("training").flatMap(path), positive = group.required("positive")?.string()
    guard let training, let positive else { return nil }
    var source = ClassFolderSource(training: training, positive: positive)
    group.read("validation", into: &source.validation, path)
    group.read("test", into: &source.test, path)
    group.read("patientPattern", into: &source.patientPattern) { $0.string() }
    group.read("split", into: &source.split, split)
    return source
  }

  private func split(_ reader: NodeReader) -> SplitRule? {
    guard let group = reader.group(known: ["validation", "test", "seed"]) else { return nil }
    var rule = SplitRule()
    group.read("validation", into: &rule.validation) { $0.number() }
    group.read("test", into: &rule.test) { $0.number() }
    group.read("seed", into: &rule.seed) { $0.integer() }
    return rule
  }
}
