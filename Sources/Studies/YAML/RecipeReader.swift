/// Reads what a `recipe` group says over the values it changes.
struct RecipeReader {
  static let keys = [
    "architecture", "inputSize", "resizeSize", "reducedSize", "inputChannels", "normalization", "interpolation", "augmentation", "shuffle", "loss",
    "labelPolicy", "classWeights",
    "optimizer", "weightDecayExclusions", "layerDecay", "learningRate", "schedule", "gradientClipping", "gradientAccumulation", "batchSize", "evaluationBatchSize", "epochs",
    "maximumSteps",
    "earlyStoppingPatience", "mode", "featureStage", "precision", "testTimeAugmentation", "brokenFileLimit",
  ]

  /// The recipe of a task: the defaults of its kind or of the built-in task it is, the layers for all tasks, its own layer.
  static func recipe(for kind: TaskKind, over builtIn: Recipe? = nil, layers: [NodeReader]) -> Recipe {
    var recipe = builtIn ?? Recipe.standard(for: kind)
    let inputSize = recipe.inputSize
    let groups = layers.compactMap { $0.node.isNull ? nil : $0.group(known: keys) }
    for group in groups { apply(group, to: &recipe) }
    // The side before the crop follows the crop's unless someone chose it.
    if !groups.contains(where: { $0["resizeSize"] != nil }), builtIn == nil || recipe.inputSize != inputSize {
      recipe.resizeSize = Recipe.standardResizeSize(for: kind, inputSize: recipe.inputSize)
    }
    return recipe
  }

  private static let fastest = "fastest"
  /// What means the same as no stage.
  private static let pooled = "pooled"

  /// Whether the last layer that speaks of the precision leaves it to what is fastest.
  static func takesFastestPrecision(_ layers: [NodeReader]) -> Bool {
    let said = layers.compactMap { layer -> String? in
      guard case .group(let entries) = layer.node.content else { return nil }
      return entries.last { $0.key == "precision" }?.value.text
    }
    return said.last == fastest
  }

  /// The modes beside the first, as the last layer that speaks of modes has them. What cannot be read was noted with the recipe.
  static func furtherModes(_ layers: [NodeReader]) -> [FineTuningMode] {
    let said = layers.compactMap { layer -> [FineTuningMode]? in
      guard case .group(let entries) = layer.node.content, let value = entries.last(where: { $0.key == "mode" })?.value else { return nil }
      guard case .list(let nodes) = value.content else { return [] }
      return nodes.dropFirst().compactMap { $0.text.flatMap(FineTuningMode.init) }
    }
    return said.last ?? []
  }

  /// A mode, or a list of them.
  private static func modes(_ reader: NodeReader) -> [FineTuningMode]? {
    guard case .list(let nodes) = reader.node.content else { return reader.choice(FineTuningMode.self).map { [$0] } }
    guard !nodes.isEmpty else {
      reader.fail(expected: "a mode or a list of modes", remedy: "List at least one, such as [fullFineTuning, linearProbe].")
      return nil
    }
    return reader.choices(FineTuningMode.self)
  }

  private static func apply(_ group: GroupReader, to recipe: inout Recipe) {
    group.read("architecture", into: &recipe.architecture) { $0.string() }
    group.read("inputSize", into: &recipe.inputSize) { $0.integer() }
    group.read("resizeSize", into: &recipe.resizeSize) { $0.integer() }
    group.read("reducedSize", into: &recipe.reducedSize) { $0.integer() }
    group.read("inputChannels", into: &recipe.inputChannels) { $0.integer() }
    group.read("normalization", into: &recipe.normalization, normalization)
    group.read("interpolation", into: &recipe.interpolation) { $0.choice(Interpolation.self) }
    group.read("augmentation", into: &recipe.augmentation) { $0.choice(Augmentation.self) }
    group.read("shuffle", into: &recipe.shuffle) { $0.truth() }
    group.read("loss", into: &recipe.loss) { $0.choice(Loss.self) }
    group.read("labelPolicy", into: &recipe.labelPolicy) { $0.choice(LabelPolicy.self) }
    TrainingRuleReader.apply(group, to: &recipe)
    group.read("learningRate", into: &recipe.learningRate) { $0.number() }
    group.read("batchSize", into: &recipe.batchSize) { $0.integer() }
    group.read("evaluationBatchSize", into: &recipe.evaluationBatchSize) { $0.integer() }
    group.read("epochs", into: &recipe.epochs) { $0.integer() }
    group.read("maximumSteps", into: &recipe.maximumSteps) { $0.integer() }
    group.read("earlyStoppingPatience", into: &recipe.earlyStoppingPatience) { $0.integer() }
    group.read("mode", into: &recipe.mode) { modes($0)?.first }
    group.read("featureStage", into: &recipe.featureStage) { $0.string() }
    if recipe.featureStage == Self.pooled { recipe.featureStage = nil }
    group.read("precision", into: &recipe.precision) { $0.choice(among: Precision.allCases.map(\.rawValue) + [fastest]).flatMap(Precision.init) }
    group.read("testTimeAugmentation", into: &recipe.testTimeAugmentation) { $0.choice(TestTimeAugmentation.self) }
    group.read("brokenFileLimit", into: &recipe.brokenFileLimit) { $0.number() }
  }

  /// `imagenet`, `none`, or `{mean: […], standardDeviation: […]}`.
  private static func normalization(_ reader: NodeReader) -> Normalization? {
    guard case .group = reader.node.content else {
      return reader.choice(among: ["imagenet", "none"]).map { $0 == "none" ? .none : .imagenet }
    }
    guard let group = reader.group(known: ["mean", "standardDeviation"]),
      let mean = group.required("mean")?.numbers(),
      let standardDeviation = group.required("standardDeviation")?.numbers()
    else { return nil }
    return .custom(mean: mean, standardDeviation: standardDeviation)
  }
}
