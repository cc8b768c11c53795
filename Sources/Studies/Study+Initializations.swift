public import Vocabulary
public import Weights

// What an initialization brings along besides the values of parameters. It follows the weights: a backbone that was trained on
// a task of the study keeps the card and the arithmetic of the weights it started from.
extension Study {
  /// The checkpoint file that an initialization goes back to, directly or through the initializations it started from; nil for
  /// random values.
  public func weights(behind initialization: String) -> WeightsSource? {
    var walked = Set<String>(), name = initialization
    while walked.insert(name).inserted, let found = self.initialization(named: name) {
      if case .weights(let source) = found.source { return source }
      guard let start = found.source.start else { return nil }
      name = start
    }
    return nil
  }

  /// The catalog entry of those weights; nil for weights of one's own, and for an id that the catalog does not have.
  public func entry(behind initialization: String) -> WeightsEntry? {
    weights(behind: initialization)?.entry.flatMap { try? WeightsCatalog.named($0) }
  }

  /// How images must be prepared for an initialization; nil where the recipe says it.
  public func card(of initialization: String) -> PreprocessingCard? {
    guard weights(behind: initialization)?.preprocessing == .card else { return nil }
    return entry(behind: initialization)?.preprocessing
  }

  /// What the network computes from an initialization.
  public func arithmetic(of initialization: String) -> Arithmetic {
    guard let choice = weights(behind: initialization)?.arithmetic else { return .torchvision }
    // A rule refuses studies that ask for what no entry tells.
    return choice.named ?? entry(behind: initialization)?.arithmeticAsTrained ?? .torchvision
  }

  /// The recipe that a task is carried out by from an initialization: the task's own, with the preprocessing of the weights.
  ///
  /// - Parameter mode: of the task's modes; nil for the recipe's own.
  public func recipe(of task: TaskSpecification, from initialization: String, mode: FineTuningMode? = nil) -> Recipe {
    let recipe = task.recipe.of(mode ?? task.recipe.mode, kind: task.kind)
    return card(of: initialization).map(recipe.prepared) ?? recipe
  }
}

extension Recipe {
  /// This recipe with images prepared as a card says.
  func prepared(by card: PreprocessingCard) -> Recipe {
    var recipe = self
    recipe.inputChannels = card.inputChannels
    recipe.normalization =
      card == .imageNet ? .imagenet : .custom(mean: card.mean, standardDeviation: card.standardDeviation)
    recipe.interpolation = card.interpolation == .bicubic ? .bicubic : .bilinear
    return recipe
  }
}
