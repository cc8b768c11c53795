/// Soft Dice measures regions, and the softmax is for classes that exclude each other.
struct LossFitsKind: RecipeRule {
  func findings(in recipe: Recipe, for kind: TaskKind) -> [RecipeFinding] {
    let standard = Recipe.standard(for: kind).loss.rawValue
    switch (recipe.loss, kind) {
    case (.softDice, .binarySegmentation), (.softmaxCrossEntropy, .multiclassClassification), (.binaryCrossEntropy, .multiLabelClassification),
      (.binaryCrossEntropy, .binaryClassification), (.binaryCrossEntropy, .binarySegmentation):
      return []
    case (.softDice, _):
      return [RecipeFinding("loss", "The loss softDice is for segmentation, not for classification.", "Use \(standard).")]
    case (.softmaxCrossEntropy, _):
      return [RecipeFinding("loss", "The loss softmaxCrossEntropy is for exactly one of several classes, not for a \(kind.rawValue).", "Use \(standard).")]
    case (.binaryCrossEntropy, .multiclassClassification):
      return [RecipeFinding("loss", "The loss binaryCrossEntropy is not for classes that exclude each other.", "Use \(standard).")]
    }
  }
}

struct LearningRateIsPositive: RecipeRule {
  func findings(in recipe: Recipe, for kind: TaskKind) -> [RecipeFinding] {
    if recipe.learningRate > 0, recipe.learningRate.isFinite { return [] }
    return [RecipeFinding("learningRate", "The learningRate \(recipe.learningRate) is not positive.", "Use a number such as 2e-4.")]
  }
}

struct AdamSettingsAreInRange: RecipeRule {
  func findings(in recipe: Recipe, for kind: TaskKind) -> [RecipeFinding] {
    guard case .adam(let adam) = recipe.optimizer else { return [] }
    var found = [RecipeFinding]()
    for (key, beta) in [("beta1", adam.beta1), ("beta2", adam.beta2)] where !(beta >= 0 && beta < 1) {
      found.append(RecipeFinding("optimizer.adam.\(key)", "Adam's \(key) \(beta) is not in 0 ≤ \(key) < 1.", "Use a number such as 0.9."))
    }
    if !(adam.epsilon > 0 && adam.epsilon.isFinite) {
      found.append(RecipeFinding("optimizer.adam.epsilon", "Adam's epsilon \(adam.epsilon) is not positive.", "Use a number such as 1e-8."))
    }
    if !(adam.weightDecay >= 0 && adam.weightDecay.isFinite) {
      found.append(RecipeFinding("optimizer.adam.weightDecay", "Adam's weightDecay \(adam.weightDecay) is negative.", "Use 0 or a positive number."))
    }
    return found
  }
}

struct PlateauSettingsAreInRange: RecipeRule {
  func findings(in recipe: Recipe, for kind: TaskKind) -> [RecipeFinding] {
    guard case .reduceOnPlateau(let plateau) = recipe.schedule else { return [] }
    var found = [RecipeFinding]()
    if !(plateau.factor > 0 && plateau.factor < 1) {
      found.append(
        RecipeFinding("schedule.reduceOnPlateau.factor", "The plateau's factor \(plateau.factor) is not between 0 and 1.", "Use a number such as 0.5."))
    }
    if plateau.patience < 0 {
      found.append(
        RecipeFinding("schedule.reduceOnPlateau.patience", "The plateau's patience \(plateau.patience) is negative.", "Use a number of epochs from 0."))
    }
    if !(plateau.threshold >= 0 && plateau.threshold < 1) {
      found.append(
        RecipeFinding("schedule.reduceOnPlateau.threshold", "The plateau's threshold \(plateau.threshold) is not in 0 ≤ threshold < 1.", "Use a number such as 1e-4."))
    }
    return found
  }
}

/// Sizes of batches and numbers of epochs and steps are at least 1.
struct CountsArePositive: RecipeRule {
  func findings(in recipe: Recipe, for kind: TaskKind) -> [RecipeFinding] {
    let counts: [(String, Int)] = [
      ("batchSize", recipe.batchSize), ("evaluationBatchSize", recipe.evaluationBatchSize), ("epochs", recipe.epochs),
      ("maximumSteps", recipe.maximumSteps ?? 1),
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
