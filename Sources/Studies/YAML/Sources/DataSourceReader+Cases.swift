extension DataSourceReader {
  func caseFolders(_ reader: NodeReader) -> CaseFolderSource? {
    let keys = ["training", "validation", "test", "imageFolder", "maskFolder", "threshold", "labels", "object", "ignore", "color", "maskSize", "patientPattern", "split"]
    guard let group = reader.group(known: keys) else { return nil }
    var source: CaseFolderSource
    if case .caseFolders(let base)? = base {
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

  func medIMeta(_ reader: NodeReader) -> MedIMetaSource? {
    guard let group = reader.group(known: ["folder", "task", "classes", "lists", "split"]) else { return nil }
    var source: MedIMetaSource
    if case .medIMeta(let base)? = base {
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

  /// The key beside a source that names a table of patients.
  static let patientsKey = "patients"

  /// `{file: patients.csv, imageColumn: image, patientColumn: patient}` of a task's data; nil where there is none.
  func patients(_ data: NodeReader) -> PatientTable? {
    guard case .group(let entries) = data.node.content, let entry = entries.first(where: { $0.key == Self.patientsKey }) else { return nil }
    let reader = NodeReader(node: entry.value, path: "\(data.path).\(Self.patientsKey)", diagnostics: data.diagnostics)
    guard let group = reader.group(known: ["file", "imageColumn", "patientColumn"]), let file = group.required("file").flatMap(path) else { return nil }
    var table = PatientTable(file: file)
    group.read("imageColumn", into: &table.imageColumn) { $0.string() }
    group.read("patientColumn", into: &table.patientColumn) { $0.string() }
    return table
  }
}
