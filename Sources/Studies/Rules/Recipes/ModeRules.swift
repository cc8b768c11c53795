internal import Foundations
internal import Vocabulary

/// Each mode of a task is there once.
struct ModesAreDistinct: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.compactMap { task in
      let repeated = FineTuningMode.allCases.filter { mode in task.modes.count { $0 == mode } > 1 }
      if repeated.isEmpty { return nil }
      return Violation(
        path: "tasks.\(task.name).recipe.mode", problem: "The modes repeat \(repeated.map(\.rawValue).joined(separator: ", ")).",
        remedy: "List each once: a repeated mode is the same run, not another one.")
    }
  }
}

/// What others start from trains a network, in one mode.
struct PretrainingTrains: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.compactMap { task in
      let path = "tasks.\(task.name).recipe.mode"
      if !task.isTarget, !task.furtherModes.isEmpty {
        return Violation(
          path: path, problem: "The task “\(task.name)” is not a target, and a pre-training runs in one mode.",
          remedy: "Give it one mode, or set target: true.")
      }
      let users = study.initializations.filter { if case .training(task.name, _, _) = $0.source { true } else { false } }.map(\.name)
      guard !users.isEmpty, task.trainingMode == nil else { return nil }
      return Violation(
        path: path,
        problem: "The initialization “\(users[0])” is trained on “\(task.name)”, of which the mode \(task.recipe.mode.rawValue) trains no network.",
        remedy: "Add fullFineTuning to its modes.")
    }
  }
}

/// The stage that heads see is one of the architecture's, and there is a head to see it.
struct FeatureStageIsKnown: RecipeRule {
  let architectures: [ArchitectureRecord]

  func findings(in recipe: Recipe, for kind: TaskKind) -> [RecipeFinding] {
    guard recipe.mode.isHeadOnFeatures, let stage = recipe.featureStage, let record = architectures.first(where: { $0.id == recipe.architecture }) else { return [] }
    let known = record.stages.map(\.name)
    if known.contains(stage) { return [] }
    return [RecipeFinding("featureStage", "\(record.title) has no stage “\(stage)”.", suggestion(for: stage, in: known + ["pooled"]))]
  }
}

/// Who says which stage heads see has heads.
struct FeatureStageIsSeen: StudyRule {
  func violations(in study: Study) -> [Violation] {
    let said = study.tasks.filter { $0.recipe.featureStage != nil }
    guard let task = said.first, let stage = task.recipe.featureStage, !said.contains(where: { $0.modes.contains(where: \.isHeadOnFeatures) }) else { return [] }
    return [
      Violation(
        path: "tasks.\(task.name).recipe.featureStage",
        problem: "The featureStage \(stage) has no part in the mode \(task.recipe.mode.rawValue), which makes no head on features.",
        remedy: "Leave it out, or add linearProbe, kNN or fewShot to the modes.")
    ]
  }
}

/// A head on features answers with one number a class.
struct HeadOnFeaturesFits: RecipeRule {
  func findings(in recipe: Recipe, for kind: TaskKind) -> [RecipeFinding] {
    guard recipe.mode.isHeadOnFeatures else { return [] }
    if kind.isSegmentation {
      return [
        RecipeFinding(
          "mode", "The mode \(recipe.mode.rawValue) says what an image is of, by one vector of features, and gives no mask.",
          "Use it for classification; for \(kind.rawValue) use fullFineTuning or frozenBackbone.")
      ]
    }
    if !kind.isClassification {
      return [
        RecipeFinding(
          "mode", "The mode \(recipe.mode.rawValue) says what an image is of, and a \(kind.rawValue) asks for something else.",
          "Use it for classification; for \(kind.rawValue) use fullFineTuning or frozenBackbone.")
      ]
    }
    if recipe.labelPolicy == .multiClass {
      return [
        RecipeFinding(
          "mode", "The mode \(recipe.mode.rawValue) has no third state for uncertain labels, as the labelPolicy multiClass has.",
          "Use another labelPolicy, such as ones or ignore.")
      ]
    }
    return []
  }
}
