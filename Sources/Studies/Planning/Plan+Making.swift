internal import Foundations
internal import Weights

extension Plan {
  /// Plans the wanted part of a study, and the pre-training runs it needs.
  ///
  /// A pre-training run that nothing wanted needs is planned too where the filter is empty or names its task.
  /// - Parameter numericsRevision: of the cells; an earlier one finds the runs of earlier programs, to be read.
  /// - Throws: `StudiesError` for a name or seed the study does not have, and for data and weights without fingerprint,
  ///   all at once.
  public init(
    _ study: Study, filter: PlanFilter = PlanFilter(), fingerprints: Fingerprints, numericsRevision: Int = NumericsRevision.current
  ) throws {
    try study.validate()
    try filter.check(against: study)
    let notApplicable = study.notApplicable
    var builder = PlanBuilder(
      study: study, fingerprints: fingerprints, notApplicable: Set(notApplicable), numericsRevision: numericsRevision)
    try builder.add(filter)
    self.study = study
    self.notApplicable = notApplicable
    self.numericsRevision = numericsRevision
    cells = try filter.narrowed(builder.pretraining + builder.targets)
    configurations = builder.configurations
  }
}

/// Makes cells from the ends of a plan back to its beginnings.
private struct PlanBuilder {
  /// What a cell is within one study.
  private struct Key: Hashable {
    let task: String
    let initialization: String
    let seed: Int
    let fraction: TrainingFraction
    let mode: FineTuningMode
    let fold: Int?
  }

  /// A task's data, whole or in part.
  private struct DataKey: Hashable {
    let task: String
    let fraction: TrainingFraction
    var fold: Int?
  }

  let study: Study
  let fingerprints: Fingerprints
  let notApplicable: Set<Plan.NotApplicable>
  let numericsRevision: Int
  /// Cells that others start from, each after those it starts from.
  private(set) var pretraining: [Cell] = []
  private(set) var targets: [Cell] = []
  private(set) var configurations: [String: CellConfiguration] = [:]
  private var made: [Key: Cell] = [:]
  private var dataFingerprints: [DataKey: String] = [:]
  private var weightFingerprints: [String: String] = [:]
  /// By the initialization that is pre-trained on them.
  private var imageFingerprints: [String: String] = [:]

  init(study: Study, fingerprints: Fingerprints, notApplicable: Set<Plan.NotApplicable>, numericsRevision: Int) {
    self.study = study
    self.fingerprints = fingerprints
    self.notApplicable = notApplicable
    self.numericsRevision = numericsRevision
  }

  mutating func add(_ filter: PlanFilter) throws {
    let wantedTasks = study.tasks.filter { filter.wants(task: $0.name) }
    let pairs = wantedTasks.filter(\.isTarget).flatMap { task in
      study.initializations
        .filter { filter.wants(initialization: $0.name) && isApplicable(task: task.name, initialization: $0.name) }
        .map { (task: task, initialization: $0) }
    }
    let apart = pretrainingsApart(from: filter)
    try gatherFingerprints(tasks: pairs.map(\.task), filter: filter, initializations: pairs.map(\.initialization) + apart)
    for initialization in apart { _ = try source(of: initialization) }
    // Sources first, so that a target which others start from stands before them.
    for pair in pairs { _ = try source(of: pair.initialization) }
    for seed in study.seeds where filter.wants(seed: seed) {
      for pair in pairs {
        for fraction in pair.task.fractions where filter.wants(fraction: fraction) {
          for mode in pair.task.modes where filter.wants(mode: mode) {
            for fold in pair.task.everyFold {
              let cell = try cell(
                task: pair.task, initialization: pair.initialization, seed: seed, fraction: fraction, mode: mode, fold: fold)
              if !pretraining.contains(cell) { targets.append(cell) }
            }
          }
        }
      }
    }
  }

  /// Initializations whose training run is wanted for its own sake.
  private func pretrainingsApart(from filter: PlanFilter) -> [InitializationSpecification] {
    study.initializations.filter { initialization in
      if case .pretraining = initialization.source {
        return filter.isEmpty || filter.cells.contains { $0.hasPrefix("\(Cell.selfSupervised)/\(initialization.name)/") }
      }
      guard case .training(let task, let start, let seed) = initialization.source else { return false }
      if filter.isEmpty || filter.cells.contains(where: { $0.hasPrefix("\(task)/\(start)/") }) { return true }
      guard filter.tasks.contains(task), study.task(named: task)?.isTarget == false else { return false }
      return filter.wants(initialization: start) && filter.wants(seed: seed ?? study.seeds[0])
    }
  }

  private func isApplicable(task: String, initialization: String) -> Bool {
    !notApplicable.contains(Plan.NotApplicable(task: task, initialization: initialization))
  }

  /// The run an initialization is made by, if it is made by one.
  private mutating func source(of initialization: InitializationSpecification) throws -> Cell? {
    if case .pretraining(let specification) = initialization.source { return try pretrainingCell(specification, initialization.name) }
    guard case .training(let taskName, let startName, let seed) = initialization.source else { return nil }
    guard let task = study.task(named: taskName) else {
      throw StudiesError.unknownName(taskName, what: "task", valid: study.tasks.map(\.name))
    }
    guard let start = study.initialization(named: startName) else {
      throw StudiesError.unknownName(startName, what: "initialization", valid: study.initializations.map(\.name))
    }
    // A rule refuses studies in which nothing of the task is trained.
    let cell = try cell(task: task, initialization: start, seed: seed ?? study.seeds[0], mode: task.trainingMode ?? task.recipe.mode)
    if !pretraining.contains(cell) { pretraining.append(cell) }
    return cell
  }

  private mutating func cell(
    task: TaskSpecification, initialization: InitializationSpecification, seed: Int, fraction: TrainingFraction = .whole,
    mode: FineTuningMode, fold: Int? = nil
  ) throws -> Cell {
    let key = Key(task: task.name, initialization: initialization.name, seed: seed, fraction: fraction, mode: mode, fold: fold)
    if let cell = made[key] { return cell }
    let source = try source(of: initialization), (start, keys) = try beginning(from: initialization, source: source)
    let configuration = CellConfiguration(
      kind: task.kind, recipe: study.recipe(of: task, from: initialization.name, mode: mode),
      arithmetic: study.arithmetic(of: initialization.name),
      data: try known(dataFingerprints[DataKey(task: task.name, fraction: fraction, fold: fold)], "The data of the task “\(task.name)”"), start: start, seed: seed,
      numericsRevision: numericsRevision, fraction: fraction, scoredClasses: task.scoredClasses, startKeys: keys)
    let identity = try configuration.identity()
    let isTarget =
      task.isTarget && study.seeds.contains(seed) && task.fractions.contains(fraction) && task.modes.contains(mode)
      && isApplicable(task: task.name, initialization: initialization.name)
    let cell = Cell(
      task: task.name, initialization: initialization.name, mode: mode, seed: seed,
      role: isTarget ? .target : .pretraining, identity: identity, source: source?.identity, fraction: fraction, fold: fold)
    made[key] = cell
    configurations[identity] = configuration
    return cell
  }

  /// What a cell's parameters start from, and where that is in a checkpoint where the study says it.
  private func beginning(from initialization: InitializationSpecification, source: Cell?) throws -> (CellConfiguration.Start, KeySelection?) {
    switch initialization.source {
    case .random: (.random, nil)
    case .weights(let source):
      (
        .weights(
          fingerprint: try known(weightFingerprints[source.path], "The weights of the initialization “\(initialization.name)”"), state: source.state,
          entry: source.entry), source.keys
      )
    case .training, .pretraining: (.cell(identity: try known(source?.identity, "The run that makes the initialization “\(initialization.name)”")), nil)
    }
  }

  /// The run that makes an initialization out of images without labels.
  private mutating func pretrainingCell(_ specification: PretrainingSpecification, _ name: String) throws -> Cell {
    guard let initialization = study.initialization(named: specification.initialization) else {
      throw StudiesError.unknownName(specification.initialization, what: "initialization", valid: study.initializations.map(\.name))
    }
    let seed = specification.seed ?? study.seeds[0]
    let key = Key(task: Cell.selfSupervised, initialization: name, seed: seed, fraction: .whole, mode: .fullFineTuning, fold: nil)
    if let cell = made[key] { return cell }
    let source = try source(of: initialization), (start, keys) = try beginning(from: initialization, source: source)
    let probe = try specification.probe.map { probe in
      PretrainingConfiguration.Probe(
        data: try probe.tasks.map { try known(dataFingerprints[DataKey(task: $0, fraction: .whole)], "The data of the task “\($0)”") },
        everyEpochs: probe.everyEpochs, heads: probe.heads)
    }
    let configuration = CellConfiguration(
      kind: .multiLabelClassification, recipe: study.recipe(ofPretraining: specification),
      arithmetic: study.arithmetic(of: initialization.name), data: try known(imageFingerprints[name], "The images of the initialization “\(name)”"), start: start, seed: seed,
      numericsRevision: numericsRevision, startKeys: keys,
      pretraining: PretrainingConfiguration(
        method: specification.method, settings: specification.settings, sourceSize: study.sourceSize(ofPretraining: specification),
        hasGrayRule: specification.hasGrayRule, onePerPatient: specification.onePerPatient, positives: specification.positives, probe: probe,
        optimizer: specification.optimizer))
    let identity = try configuration.identity()
    let cell = Cell(
      task: Cell.selfSupervised, initialization: name, mode: .fullFineTuning, seed: seed, role: .pretraining, identity: identity,
      source: source?.identity)
    made[key] = cell
    configurations[identity] = configuration
    pretraining.append(cell)
    return cell
  }

  /// What an identity is made of: one with a gap would be that of another cell with the same gap.
  private func known(_ fingerprint: String?, _ what: String) throws -> String {
    guard let fingerprint else { throw StudiesError.missingFingerprints(["\(what): nothing tells what they are."]) }
    return fingerprint
  }

  /// Asks for every fingerprint the cells need before any is made, so that all that is missing is said at once.
  private mutating func gatherFingerprints(
    tasks: [TaskSpecification], filter: PlanFilter, initializations: [InitializationSpecification]
  ) throws {
    var problems = Set<String>()
    var failures = [String](), pretrainingTasks = [TaskSpecification](), needed = initializations, index = 0
    while index < needed.count {
      if case .training(let task, let start, _) = needed[index].source {
        if let task = study.task(named: task) { pretrainingTasks.append(task) }
        if let start = study.initialization(named: start), !needed.contains(start) { needed.append(start) }
      }
      if case .pretraining(let specification) = needed[index].source {
        pretrainingTasks += (specification.probe?.tasks ?? []).compactMap(study.task(named:))
        if let start = study.initialization(named: specification.initialization), !needed.contains(start) { needed.append(start) }
      }
      index += 1
    }
    for task in study.tasks {
      var needed = tasks.contains(task) ? task.fractions.filter(filter.wants) : []
      if pretrainingTasks.contains(task), !needed.contains(.whole) { needed.append(.whole) }
      for (fraction, fold) in needed.flatMap({ fraction in task.everyFold.map { (fraction, $0) } }) {
        do {
          let own = task.inFold(fold)
          dataFingerprints[DataKey(task: task.name, fraction: fraction, fold: fold)] =
            try fraction.isWhole ? fingerprints.data(own) : fingerprints.subset(own, fraction)
        } catch {
          // What is wrong with all folds is said once.
          let problem = "\(task.name): \(sentence(for: error))"
          guard problems.insert(problem).inserted else { continue }
          let part = fraction.isWhole ? "" : " at \(fraction.percentText)"
          failures.append("The data of the task “\(task.name)”\(part): \(sentence(for: error))")
        }
      }
    }
    for initialization in study.initializations where needed.contains(initialization) {
      if case .pretraining(let specification) = initialization.source {
        do {
          imageFingerprints[initialization.name] = try fingerprints.images(specification)
        } catch {
          failures.append("The images of the initialization “\(initialization.name)”: \(sentence(for: error))")
        }
      }
      guard case .weights(let source) = initialization.source, weightFingerprints[source.path] == nil else { continue }
      do {
        weightFingerprints[source.path] = try fingerprints.weights(source.path)
      } catch {
        failures.append("The weights of the initialization “\(initialization.name)”: \(sentence(for: error))")
      }
    }
    if !failures.isEmpty { throw StudiesError.missingFingerprints(failures) }
  }
}
