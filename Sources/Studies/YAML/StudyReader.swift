internal import Foundation
internal import Foundations
internal import Weights

/// Reads the tree of a study file. What cannot be read is noted and replaced by a stand-in, so that reading goes on.
struct StudyReader {
  static let keys = [
    "name", "output", "seeds", "device", "processes", "synchronizedBatchNorm", "threads", "loaderThreads", "checkpointSeconds", "cache", "examples", "cluster", "fraction",
    "recipe",
    "initializations",
    "tasks",
  ]

  let file: URL
  let diagnostics: Diagnostics
  /// Whether only the study's data are asked for, which need no initializations.
  var isForData = false

  private var paths: PathResolver { PathResolver(base: file.deletingLastPathComponent()) }

  func study(_ root: StudyNode) -> Study {
    let reader = NodeReader(node: root, path: "", diagnostics: diagnostics)
    var study = Study(
      name: file.deletingPathExtension().lastPathComponent,
      outputDirectory: URL(fileURLWithPath: paths.absolute("runs"), isDirectory: true), seeds: [1], tasks: [],
      initializations: [], fileURL: file)
    guard let group = reader.group(known: Self.keys) else {
      diagnostics.suppressRules(below: "tasks")
      diagnostics.suppressRules(below: "initializations")
      return study
    }
    group.read("name", into: &study.name) { $0.string() }
    group.read("output", into: &study.outputDirectory) { reader in
      reader.string().map { URL(fileURLWithPath: paths.absolute($0), isDirectory: true) }
    }
    if let reader = group["seeds"], let (seeds, seeding) = seeding(reader) { (study.seeds, study.seeding) = (seeds, seeding) }
    group.read("device", into: &study.execution.devices) { reader in
      if case .list = reader.node.content { reader.strings() } else { reader.string().map { [$0] } }
    }
    group.read("processes", into: &study.execution.processes) { $0.integer() }
    group.read("synchronizedBatchNorm", into: &study.execution.synchronizedBatchNorm) { $0.truth() }
    group.read("threads", into: &study.execution.threads) { $0.integer() }
    group.read("loaderThreads", into: &study.execution.loaderThreads) { $0.integer() }
    group.read("checkpointSeconds", into: &study.execution.checkpointSeconds) { $0.integer() }
    group.read("cache", into: &study.execution.cacheFolder) { $0.string().map(paths.absolute) }
    group.read("examples", into: &study.execution.examples) { $0.truth() }
    group.read("cluster", into: &study.cluster) { ClusterReader.options($0) }
    let fractions = group["fraction"].flatMap { $0.fractions() }
    let entries = group.required("tasks")?.namedEntries() ?? []
    study.tasks = entries.map { task(named: $0.name, $0.reader, shared: group["recipe"], fractions: fractions) }
    // With no task to read it for, the recipe for all tasks would go unread.
    if entries.isEmpty, let shared = group["recipe"] { _ = RecipeReader.recipe(for: .binaryClassification, layers: [shared]) }
    study.initializations = ((isForData ? group["initializations"] : group.required("initializations"))?.namedEntries() ?? []).map { name, reader in
      InitializationSpecification(name: name, source: source(reader) ?? .random)
    }
    return study
  }

  /// What `seeds` reads: all of them, or `auto` and `{atMost: 20}`, as many as settle the verdicts.
  private func seeding(_ reader: NodeReader) -> ([Int], Seeding)? {
    if reader.node.text == "auto" { return (Array(1...Seeding.standardLimit), .sequential) }
    guard case .group = reader.node.content else { return seeds(reader).map { ($0, .full) } }
    guard let limit = reader.group(known: ["atMost"])?.required("atMost") else { return nil }
    guard let most = limit.integer() else { return nil }
    guard most >= Seeding.least, most <= 10_000 else {
      limit.fail(
        expected: "a greatest number of seeds between \(Seeding.least) and 10000",
        remedy: "Write the most runs that each cell may have, such as {atMost: \(Seeding.standardLimit)}.")
      return nil
    }
    return (Array(1...most), .sequential)
  }

  /// A list of seeds, or how many: `3` is 1, 2, 3.
  private func seeds(_ reader: NodeReader) -> [Int]? {
    if let count = reader.node.integer {
      if count >= 1, count <= 10_000 { return Array(1...count) }
      reader.fail(expected: "a number of seeds between 1 and 10000", remedy: "Write how many runs each cell has, or list the seeds in brackets.")
      return nil
    }
    guard case .list = reader.node.content else {
      reader.fail(expected: "a list of seeds or their number", remedy: "Write it as in [1, 2, 3] or 3, or as auto or {atMost: 20} for as many as settle the verdicts.")
      return nil
    }
    guard let readers = reader.list() else { return nil }
    let seeds = readers.compactMap { $0.integer() }
    return seeds.count == readers.count ? seeds : nil
  }

  /// The keys of a task.
  static let taskKeys = ["builtIn", "root", "kind", "target", "dataset", "data", "scoredClasses", "metrics", "fraction", "recipe"]

  private func task(
    named name: String, _ reader: NodeReader, shared: NodeReader?, fractions: [TrainingFraction]?
  ) -> TaskSpecification {
    let standIn = DataSource.classFolders(ClassFolderSource(training: "", positive: "positive"))
    var task = TaskSpecification(name: name, kind: .binaryClassification, data: standIn)
    guard let group = reader.group(known: Self.taskKeys) else { return task }
    var dataReader = DataSourceReader(paths: paths), builtInRecipe: Recipe?
    if group["builtIn"] != nil {
      guard let (builtIn, root) = builtIn(group) else {
        diagnostics.suppressRules(below: reader.path)
        return task
      }
      task = builtIn.specification(root: root, name: name)
      builtInRecipe = builtIn.recipe
      // What is said of a copy's data is said of its folder.
      dataReader = DataSourceReader(paths: PathResolver(base: URL(fileURLWithPath: root, isDirectory: true)), base: task.data)
      group.read("kind", into: &task.kind) { $0.choice(TaskKind.self) }
    } else {
      if let root = group["root"] {
        diagnostics.add(
          root.path, root.node.location, problem: "\(reader.path) has a root but no built-in task.",
          remedy: "Add builtIn: with one of \(BuiltInTaskCatalog.names.joined(separator: ", ")), or give the paths under data.")
      }
      let kind = group.required("kind")?.choice(TaskKind.self)
      // Without its kind, a task's recipe and data cannot be judged.
      if kind == nil { diagnostics.suppressRules(below: reader.path) }
      task.kind = kind ?? .binaryClassification
    }
    group.read("target", into: &task.isTarget) { $0.truth() }
    group.read("dataset", into: &task.dataset) { $0.string() }
    if task.isTarget, let fractions { task.fractions = fractions }
    group.read("fraction", into: &task.fractions) { $0.fractions() }
    group.read("scoredClasses", into: &task.scoredClasses) { $0.strings() }
    group.read("metrics", into: &task.metrics) { $0.choices(FurtherMetric.self) }
    if let data = group["data"] ?? (builtInRecipe == nil ? group.required("data") : nil) {
      task.pictures = dataReader.pictures(data)
      task.patients = dataReader.patients(data)
      if let source = dataReader.dataSource(data) { task.data = source } else { diagnostics.suppressRules(below: "\(reader.path).data") }
      if case .group(let entries) = data.node.content {
        GroupReader(reader: data, entries: entries).read(DataSourceReader.acceptKey, into: &task.acceptedFindings) { $0.strings() }
      }
    } else if builtInRecipe == nil {
      diagnostics.suppressRules(below: "\(reader.path).data")
    }
    let layers = [shared, group["recipe"]].compactMap { $0 }
    task.recipe = RecipeReader.recipe(for: task.kind, over: builtInRecipe, layers: layers)
    task.furtherModes = RecipeReader.furtherModes(layers)
    if !task.isTarget, RecipeReader.furtherModes([group["recipe"]].compactMap(\.self)).isEmpty {
      // What the recipe for all tasks lists is for those that are compared; a pre-training is one run, which trains.
      task.recipe.mode = task.trainingMode ?? task.recipe.mode
      task.furtherModes = []
    }
    task.takesFastestPrecision = RecipeReader.takesFastestPrecision(layers)
    if task.takesFastestPrecision { task.recipe.precision = .float32 }
    return task
  }

  /// The built-in task that a group names, and the absolute path of its copy.
  private func builtIn(_ group: GroupReader) -> (BuiltInTask, root: String)? {
    let task = group["builtIn"].flatMap { reader -> BuiltInTask? in
      guard let name = reader.string() else { return nil }
      if let found = try? BuiltInTaskCatalog.named(name) { return found }
      diagnostics.add(
        reader.path, reader.node.location, problem: "There is no built-in task “\(name)”.",
        remedy: suggestion(for: name, in: BuiltInTaskCatalog.names))
      return nil
    }
    let root = group.required("root")?.string().map(paths.absolute)
    guard let task, let root else { return nil }
    return (task, root)
  }

  private static let weightsKeys = ["entry", "weights", "state", "arithmetic", "preprocessing", "trainingImages", "path", "prefix", "ignore"]
  private static let trainingKeys = ["trainedOn", "from", "seed"]

  /// `random`, `{entry: …, weights: …}`, `{weights: …, state: …}`, `{trainedOn: …, from: …, seed: …}`, or `{pretrain: …, images: …, from: …}`.
  private func source(_ reader: NodeReader) -> InitializationSource? {
    guard case .group(let entries) = reader.node.content else {
      if reader.node.text == "random" { return .random }
      reader.fail(
        expected: "random, weights, trainedOn or pretrain",
        remedy: "Write random, {weights: <file>}, {trainedOn: <task>, from: <initialization>}, or {pretrain: <method>, images: [<task>], from: <initialization>}.")
      return nil
    }
    let names = Set(entries.map(\.key))
    if names.contains("pretrain") { return PretrainingReader(paths: paths).specification(reader).map(InitializationSource.pretraining) }
    let isTraining = !names.isDisjoint(with: Self.trainingKeys)
    if !names.isDisjoint(with: Self.weightsKeys), !isTraining {
      guard let group = reader.group(known: Self.weightsKeys), let path = group.required("weights")?.string() else { return nil }
      var source = WeightsSource(path: paths.absolute(path))
      group.read("entry", into: &source.entry) { $0.string() }
      group.read("state", into: &source.state) { $0.choice(WeightsState.self) }
      group.read("arithmetic", into: &source.arithmetic) { $0.choice(ArithmeticChoice.self) }
      group.read("preprocessing", into: &source.preprocessing) { $0.choice(PreprocessingChoice.self) }
      group.read("trainingImages", into: &source.trainingImages) { $0.string().map(paths.absolute) }
      var keys = KeySelection()
      group.read("path", into: &keys.path) { $0.string() }
      group.read("prefix", into: &keys.prefix) { $0.string() }
      group.read("ignore", into: &keys.ignore) { $0.strings() }
      if !keys.isEmpty { source.keys = keys }
      return .weights(source)
    }
    guard let group = reader.group(known: isTraining ? Self.trainingKeys : Self.weightsKeys + Self.trainingKeys) else { return nil }
    let task = group.required("trainedOn")?.string(), initialization = group.required("from")?.string()
    guard let task, let initialization else { return nil }
    var seed: Int? = nil
    group.read("seed", into: &seed) { $0.integer() }
    return .training(task: task, initialization: initialization, seed: seed)
  }
}
