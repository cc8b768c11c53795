extension InitializationSource {
  /// The name of the initialization that it is trained further from; nil for one that is not trained in the study.
  public var start: String? {
    switch self {
    case .random, .weights: nil
    case .training(_, let start, _): start
    case .pretraining(let specification): specification.initialization
    }
  }
}

extension Study {
  /// What the pre-training of an initialization is; nil for others.
  public func pretraining(named name: String) -> PretrainingSpecification? {
    guard case .pretraining(let specification)? = initialization(named: name)?.source else { return nil }
    return specification
  }

  /// How the images of a pre-training are prepared, and how long and in what it is trained. What a recipe says of labels, of the optimizer and of
  /// tests is the standard's and means nothing here: the method says it.
  public func recipe(ofPretraining specification: PretrainingSpecification) -> Recipe {
    let first = tasks.first(where: \.isTarget) ?? tasks.first
    var recipe = Recipe.standard(for: .multiLabelClassification)
    if let target = first?.recipe {
      recipe.architecture = target.architecture
      recipe.inputSize = target.inputSize
      recipe.inputChannels = target.inputChannels
      recipe.precision = target.precision
      recipe.reducedSize = target.reducedSize
      // A segmentation takes its pixels as they are; the backbone's weights need not.
      if first?.kind.isClassification == true { recipe.normalization = target.normalization }
    }
    if let card = card(of: specification.initialization) { recipe = recipe.prepared(by: card) }
    if let architecture = specification.architecture { recipe.architecture = architecture }
    if let inputSize = specification.inputSize { recipe.inputSize = inputSize }
    if let precision = specification.precision { recipe.precision = precision }
    recipe.resizeSize = Recipe.standardResizeSize(for: .multiLabelClassification, inputSize: recipe.inputSize)
    recipe.batchSize = specification.batchSize
    recipe.evaluationBatchSize = specification.batchSize
    recipe.epochs = specification.epochs
    recipe.maximumSteps = specification.maximumSteps
    recipe.brokenFileLimit = specification.brokenFileLimit
    return recipe
  }

  /// The side of the square that the images of a pre-training are brought to, in pixels.
  public func sourceSize(ofPretraining specification: PretrainingSpecification) -> Int {
    specification.sourceSize ?? 2 * recipe(ofPretraining: specification).inputSize
  }
}
