/// Reads what a recipe says of gradients: what they are of, and what becomes of them.
enum TrainingRuleReader {
  static func apply(_ group: GroupReader, to recipe: inout Recipe) {
    // Words that mean the same as leaving a key out leave nothing in the recipe, so that the runs are the same ones.
    group.read("classWeights", into: &recipe.classWeights, orNone: "none", classWeights)
    group.read("optimizer", into: &recipe.optimizer, optimizer)
    group.read("weightDecayExclusions", into: &recipe.weightDecayExclusions, orNone: "none") { reader in
      reader.choice(among: ["none"] + WeightDecayExclusions.allCases.map(\.rawValue)).flatMap(WeightDecayExclusions.init(rawValue:))
    }
    group.read("layerDecay", into: &recipe.layerDecay) { $0.number() }
    if recipe.layerDecay == 1 { recipe.layerDecay = nil }
    group.read("schedule", into: &recipe.schedule) { schedule($0, mayWarmUp: true) }
    group.read("gradientClipping", into: &recipe.gradientClipping) { $0.number() }
    group.read("gradientAccumulation", into: &recipe.gradientAccumulation) { $0.integer() }
    if recipe.gradientAccumulation == 1 { recipe.gradientAccumulation = nil }
  }

  /// `balanced`, or `{<class>: <number>}`.
  private static func classWeights(_ reader: NodeReader) -> ClassWeights? {
    guard case .group = reader.node.content else {
      return reader.choice(among: ["none", "balanced"]).map { _ in .balanced }
    }
    let entries = reader.namedEntries() ?? []
    let weights = entries.compactMap { name, reader in reader.number().map { (name, $0) } }
    return weights.count == entries.count ? .perClass(Dictionary(weights) { first, _ in first }) : nil
  }

  /// `adam`, `adamW`, `sgd`, or `{adamW: {beta1: …}}`.
  private static func optimizer(_ reader: NodeReader) -> OptimizerSpecification? {
    guard let (name, settings) = reader.wordOrGroup(among: ["adam", "adamW", "sgd"]) else { return nil }
    if name == "sgd" {
      var momentum = MomentumSettings()
      let group = settings?.group(known: ["momentum", "nesterov", "weightDecay"])
      if settings != nil, group == nil { return nil }
      group?.read("momentum", into: &momentum.momentum) { $0.number() }
      group?.read("nesterov", into: &momentum.nesterov) { $0.truth() }
      group?.read("weightDecay", into: &momentum.weightDecay) { $0.number() }
      return .sgd(momentum)
    }
    var adam = name == "adamW" ? AdamSettings.standardAdamW : AdamSettings()
    let group = settings?.group(known: ["beta1", "beta2", "epsilon", "weightDecay"])
    if settings != nil, group == nil { return nil }
    group?.read("beta1", into: &adam.beta1) { $0.number() }
    group?.read("beta2", into: &adam.beta2) { $0.number() }
    group?.read("epsilon", into: &adam.epsilon) { $0.number() }
    group?.read("weightDecay", into: &adam.weightDecay) { $0.number() }
    return name == "adamW" ? .adamW(adam) : .adam(adam)
  }

  /// `reduceOnPlateau`, `cosine`, `cosineBySteps`, `constant`, or one of `{reduceOnPlateau: {factor: …}}`, `{step: {epochs: …}}` and
  /// `{warmUp: {epochs: …, then: …}}`.
  private static func schedule(_ reader: NodeReader, mayWarmUp: Bool) -> LearningRateSchedule? {
    let words = ["reduceOnPlateau", "cosine", "cosineBySteps", "constant"]
    guard case .group = reader.node.content else {
      return reader.choice(among: words).flatMap { word in
        switch word {
        case "reduceOnPlateau": .reduceOnPlateau(PlateauSettings())
        case "cosine": .cosine
        case "cosineBySteps": .cosineBySteps
        default: .constant
        }
      }
    }
    guard let (name, settings) = reader.wordOrGroup(among: ["reduceOnPlateau", "step"] + (mayWarmUp ? ["warmUp"] : [])), let settings
    else { return nil }
    switch name {
    case "step":
      guard let group = settings.group(known: ["epochs", "factor"]), let epochs = group.required("epochs")?.integer() else { return nil }
      var step = StepSettings(epochs: epochs)
      group.read("factor", into: &step.factor) { $0.number() }
      return .step(step)
    case "warmUp": return warmUp(settings)
    default:
      guard let group = settings.group(known: ["factor", "patience", "threshold"]) else { return nil }
      var plateau = PlateauSettings()
      group.read("factor", into: &plateau.factor) { $0.number() }
      group.read("patience", into: &plateau.patience) { $0.integer() }
      group.read("threshold", into: &plateau.threshold) { $0.number() }
      return .reduceOnPlateau(plateau)
    }
  }

  private static func warmUp(_ reader: NodeReader) -> LearningRateSchedule? {
    guard let group = reader.group(known: ["epochs", "steps", "then"]) else { return nil }
    let then = group.required("then").flatMap { schedule($0, mayWarmUp: false) }
    if (group["epochs"] == nil) == (group["steps"] == nil) {
      reader.diagnostics.add(
        reader.path, reader.node.location, problem: "\(reader.path) does not say its length once.",
        remedy: "Give it either epochs or steps, such as {epochs: 5, then: cosine}.")
      return nil
    }
    let length = group["epochs"].map { $0.integer().map(WarmUpSettings.Length.epochs) } ?? group["steps"]?.integer().map { .steps($0) }
    guard let then, let length else { return nil }
    return .warmUp(WarmUpSettings(length, then: then))
  }
}

extension NodeReader {
  /// One of a few words, or a group of one of them with settings.
  fileprivate func wordOrGroup(among names: [String]) -> (name: String, settings: NodeReader?)? {
    guard case .group(let entries) = node.content else { return choice(among: names).map { ($0, nil) } }
    guard let group = group(known: names) else { return nil }
    let found = names.filter { group[$0] != nil }
    guard found.count == 1, entries.count == 1, let settings = group[found[0]] else {
      // A key that is none of them has its own sentence.
      if found.count == entries.count {
        diagnostics.add(
          path, node.location, problem: "\(path) has \(found.count) keys.", remedy: "Choose one of: \(names.joined(separator: ", ")).")
      }
      return nil
    }
    return (found[0], settings)
  }
}

extension GroupReader {
  /// Reads a key whose value may be nothing: `null`, or a text that means the same.
  fileprivate func read<Value>(_ key: String, into value: inout Value?, orNone word: String, _ body: (NodeReader) -> Value?) {
    guard let found = self[key] else { return }
    if found.node.isNull || found.node.text == word {
      value = nil
    } else if let read = body(found) {
      value = read
    }
  }
}
