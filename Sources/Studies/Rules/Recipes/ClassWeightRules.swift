internal import Foundations

/// Weights of classes are positive, and of a loss that has classes.
struct ClassWeightsFitLoss: RecipeRule {
  func findings(in recipe: Recipe, for kind: TaskKind) -> [RecipeFinding] {
    guard let weights = recipe.classWeights else { return [] }
    if kind.hasSeveralMasks {
      if recipe.loss == .softDice {
        return [RecipeFinding("classWeights", "The classWeights are of a cross entropy, and the loss softDice has none.", "Use diceCrossEntropy, or leave them out.")]
      }
    } else if kind.isSegmentation {
      return [RecipeFinding("classWeights", "The classWeights are for classification, not for segmentation of one object.", "Leave them out.")]
    } else if !kind.isClassification {
      return [RecipeFinding("classWeights", "The classWeights are for classification, not for a \(kind.rawValue).", "Leave them out.")]
    }
    if recipe.labelPolicy == .multiClass {
      return [
        RecipeFinding(
          "classWeights", "The classWeights are of positive labels, and the labelPolicy multiClass has a third state of each.",
          "Leave them out, or choose another labelPolicy such as ones.")
      ]
    }
    guard case .perClass(let named) = weights else { return [] }
    if named.isEmpty { return [RecipeFinding("classWeights", "The classWeights name no class.", "Write balanced, or {<class>: <number>}.")] }
    return named.sorted { $0.key < $1.key }.filter { !($0.value > 0 && $0.value.isFinite) }.map {
      RecipeFinding("classWeights.\($0.key)", "The weight \($0.value) of the class “\($0.key)” is not positive.", "Use a number such as 2.")
    }
  }
}

/// Weights are given to classes that the task has.
struct WeightedClassesAreClasses: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.flatMap { task -> [Violation] in
      guard case .perClass(let named)? = task.recipe.classWeights, task.kind.isClassification || task.kind.hasSeveralMasks else { return [] }
      // A source whose own files name its classes is asked when it is read.
      if task.kind.hasSeveralMasks, task.data.maskClasses.isEmpty { return [] }
      let names = task.kind.hasSeveralMasks ? task.data.maskClasses + (task.kind.answer == .labelMap ? ["background"] : []) : task.data.classNames
      return named.keys.sorted().filter { !names.contains($0) }.map {
        Violation(
          path: "tasks.\(task.name).recipe.classWeights.\($0)", problem: "The weighted class “\($0)” is no class of “\(task.name)”.",
          remedy: suggestion(for: $0, in: names))
      }
    }
  }
}
