/// Soft Dice measures regions, and the softmax is for classes that exclude each other.
struct LossFitsKind: RecipeRule {
  func findings(in recipe: Recipe, for kind: TaskKind) -> [RecipeFinding] {
    let standard = Recipe.standard(for: kind).loss.rawValue
    if kind.losses.contains(recipe.loss) { return [] }
    let problem =
      switch recipe.loss {
      case .meanSquaredError, .huber: "is of numbers, not for a \(kind.rawValue)"
      case .softDice: "is for segmentation, not for \(kind.isClassification ? "classification" : "a \(kind.rawValue)")"
      case .diceCrossEntropy: "is for segmentation of several classes, not for a \(kind.rawValue)"
      case .softmaxCrossEntropy: "is for exactly one of several classes, not for a \(kind.rawValue)"
      case .binaryCrossEntropy: "is not for \(kind.isOfExactlyOneClass ? "classes that exclude each other" : "a \(kind.rawValue)")"
      }
    return [RecipeFinding("loss", "The loss \(recipe.loss.rawValue) \(problem).", "Use \(standard).")]
  }
}

struct LearningRateIsPositive: RecipeRule {
  func findings(in recipe: Recipe, for kind: TaskKind) -> [RecipeFinding] {
    if recipe.learningRate > 0, recipe.learningRate.isFinite { return [] }
    return [RecipeFinding("learningRate", "The learningRate \(recipe.learningRate) is not positive.", "Use a number such as 2e-4.")]
  }
}

/// Sizes of batches and numbers of epochs and steps are at least 1.
struct CountsArePositive: RecipeRule {
  func findings(in recipe: Recipe, for kind: TaskKind) -> [RecipeFinding] {
    let counts: [(String, Int)] = [
      ("batchSize", recipe.batchSize), ("evaluationBatchSize", recipe.evaluationBatchSize), ("epochs", recipe.epochs),
      ("maximumSteps", recipe.maximumSteps ?? 1), ("gradientAccumulation", recipe.gradientAccumulation ?? 1),
    ]
    return counts.filter { $0.1 < 1 }.map { RecipeFinding($0.0, "\($0.0) is \($0.1).", "Use a whole number from 1.") }
  }
}

struct PatienceIsNotNegative: RecipeRule {
  func findings(in recipe: Recipe, for kind: TaskKind) -> [RecipeFinding] {
    guard let patience = recipe.earlyStoppingPatience, patience < 0 else { return [] }
    return [
      RecipeFinding(
        "earlyStoppingPatience", "The earlyStoppingPatience \(patience) is negative.",
        "Use a number of epochs from 0, or null for no early stop.")
    ]
  }
}

struct TenCropIsForClassification: RecipeRule {
  func findings(in recipe: Recipe, for kind: TaskKind) -> [RecipeFinding] {
    guard recipe.testTimeAugmentation == .tenCrop, kind.isSegmentation else { return [] }
    return [RecipeFinding("testTimeAugmentation", "The testTimeAugmentation tenCrop is for classification, not for segmentation.", "Use none.")]
  }
}
