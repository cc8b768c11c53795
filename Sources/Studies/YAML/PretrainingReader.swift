internal import Vocabulary

/// Reads an initialization that is made by pre-training on images.
struct PretrainingReader {
  static let keys = [
    "pretrain", "images", "from", "seed", "architecture", "inputSize", "sourceSize", "precision", "epochs", "batchSize", "learningRate",
    "maximumSteps", "optimizer", "settings", "grayRule", "onePerPatient", "positives", "heldOutImages", "nearCopies", "probe", "brokenFileLimit",
  ]

  let paths: PathResolver

  func specification(_ reader: NodeReader) -> PretrainingSpecification? {
    guard let group = reader.group(known: Self.keys) else { return nil }
    let method = group.required("pretrain")?.string(), images = group.required("images").flatMap(images)
    let start = group.required("from")?.string()
    guard let method, let images, let start else { return nil }
    var made = PretrainingSpecification(method: method, images: images, initialization: start)
    group.read("seed", into: &made.seed) { $0.integer() }
    group.read("architecture", into: &made.architecture) { $0.string() }
    group.read("inputSize", into: &made.inputSize) { $0.integer() }
    group.read("sourceSize", into: &made.sourceSize) { $0.integer() }
    group.read("precision", into: &made.precision) { $0.choice(Precision.self) }
    group.read("epochs", into: &made.epochs) { $0.integer() }
    group.read("batchSize", into: &made.batchSize) { $0.integer() }
    group.read("maximumSteps", into: &made.maximumSteps) { $0.integer() }
    group.read("optimizer", into: &made.optimizer) { $0.choice(PretrainingOptimizer.self) }
    group.read("settings", into: &made.settings, settings)
    if let rate = group["learningRate"].flatMap({ $0.number() }) { made.settings["learningRate"] = rate }
    group.read("grayRule", into: &made.hasGrayRule) { $0.choice(among: ["on", "off"]).map { $0 == "on" } }
    group.read("onePerPatient", into: &made.onePerPatient) { $0.truth() }
    group.read("positives", into: &made.positives) { $0.choice(PositiveViews.self) }
    group.read("heldOutImages", into: &made.heldOutImages) { $0.choice(HeldOutImages.self) }
    group.read("nearCopies", into: &made.nearCopies) { $0.choice(NearCopies.self) }
    group.read("probe", into: &made.probe, probe)
    group.read("brokenFileLimit", into: &made.brokenFileLimit) { $0.number() }
    return made
  }

  private func settings(_ reader: NodeReader) -> [String: Double]? {
    guard let entries = reader.namedEntries() else { return nil }
    return Dictionary(entries.compactMap { entry in entry.reader.number().map { (entry.name, $0) } }) { first, _ in first }
  }

  private func probe(_ reader: NodeReader) -> PretrainingProbeSpecification? {
    guard let group = reader.group(known: ["tasks", "everyEpochs", "heads", "forgetting"]), let tasks = group.required("tasks")?.strings() else { return nil }
    var probe = PretrainingProbeSpecification(tasks: tasks)
    group.read("everyEpochs", into: &probe.everyEpochs) { $0.integer() }
    group.read("heads", into: &probe.heads) { $0.choices(ProbeHead.self) }
    group.read("forgetting", into: &probe.forgetting) { $0.strings() }
    return probe
  }

  /// A list of names of tasks, `{folder: …}` and `{manifest: …}`.
  private func images(_ reader: NodeReader) -> [UnlabeledSource]? {
    guard let readers = reader.list() else { return nil }
    let sources = readers.compactMap(source)
    return sources.count == readers.count ? sources : nil
  }

  private func source(_ reader: NodeReader) -> UnlabeledSource? {
    guard case .group(let entries) = reader.node.content else { return reader.string().map(UnlabeledSource.task) }
    let isTable = entries.contains { $0.key == "manifest" }
    let keys = isTable ? ["manifest", "imageRoot", "pathColumn", "patientColumn", "patientPattern"] : ["folder", "patientPattern"]
    guard let group = reader.group(known: keys) else { return nil }
    var pattern: String?
    group.read("patientPattern", into: &pattern) { $0.string() }
    if !isTable {
      return group.required("folder")?.string().map { .folder(path: paths.absolute($0), patientPattern: pattern) }
    }
    guard let file = group.required("manifest")?.string().map(paths.absolute) else { return nil }
    var table = UnlabeledTable(file: file, imageRoot: PathResolver.folder(of: file), patientPattern: pattern)
    group.read("imageRoot", into: &table.imageRoot) { $0.string().map(paths.absolute) }
    group.read("pathColumn", into: &table.pathColumn) { $0.string() }
    group.read("patientColumn", into: &table.patientColumn) { $0.string() }
    return .manifest(table)
  }
}
