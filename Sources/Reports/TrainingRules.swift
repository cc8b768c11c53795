internal import Foundations
internal import Studies

/// How a task is trained, in words, for tasks that are not trained by the standard rules of their kind.
public struct TrainingRules: Codable, Hashable, Sendable {
  public let task: String
  /// `AdamW, weight decay 0.05 but for norms and biases`
  public let optimizer: String
  /// `0.0005, times 0.75 from stage to stage`
  public let learningRate: String
  /// `warm-up of 5 epochs, then cosine by steps`
  public let schedule: String
  /// `4 batches a step, clipped to norm 1`; empty for one batch a step and no limit.
  public let gradients: String
  /// `balanced`, or classes with their weights; empty for none.
  public let classWeights: String

  /// Nil for the standard rules.
  init?(_ task: TaskSpecification) {
    let recipe = task.recipe, standard = Recipe.standard(for: task.kind)
    var standardRules = recipe
    (standardRules.optimizer, standardRules.schedule) = (standard.optimizer, standard.schedule)
    (standardRules.weightDecayExclusions, standardRules.layerDecay, standardRules.classWeights) = (nil, nil, nil)
    (standardRules.gradientClipping, standardRules.gradientAccumulation) = (nil, nil)
    if recipe == standardRules { return nil }
    self.task = task.name
    optimizer = Self.words(recipe.optimizer) + (recipe.weightDecayExclusions == .normsAndBiases ? " but for norms and biases" : "")
    learningRate = text(recipe.learningRate) + (recipe.layerDecay.map { ", times \(text($0)) from stage to stage" } ?? "")
    schedule = Self.words(recipe.schedule)
    gradients = [
      recipe.gradientAccumulation.map { "\($0) batches a step" }, recipe.gradientClipping.map { "clipped to norm \(text($0))" },
    ].compactMap(\.self).joined(separator: ", ")
    classWeights =
      switch recipe.classWeights {
      case nil: ""
      case .balanced?: "balanced"
      case .perClass(let weights)?: weights.sorted { $0.key < $1.key }.map { "\($0.key) \(text($0.value))" }.joined(separator: ", ")
      }
  }

  private static func words(_ optimizer: OptimizerSpecification) -> String {
    func adam(_ name: String, _ settings: AdamSettings) -> [String] {
      let usual = AdamSettings()
      return [name]
        + [("β₁", settings.beta1, usual.beta1), ("β₂", settings.beta2, usual.beta2), ("ε", settings.epsilon, usual.epsilon)]
        .filter { $1 != $2 }.map { name, value, _ in "\(name) \(text(value))" }
    }
    let words =
      switch optimizer {
      case .adam(let settings): adam("Adam", settings)
      case .adamW(let settings): adam("AdamW", settings)
      case .sgd(let settings): ["SGD", (settings.nesterov ? "Nesterov momentum " : "momentum ") + text(settings.momentum)]
      }
    let decay = optimizer.weightDecay
    return (words + (decay == 0 ? [] : ["weight decay \(text(decay))"])).joined(separator: ", ")
  }

  private static func words(_ schedule: LearningRateSchedule) -> String {
    switch schedule {
    case .constant: return "constant"
    case .cosine: return "cosine"
    case .cosineBySteps: return "cosine by steps"
    case .reduceOnPlateau(let plateau): return "times \(text(plateau.factor)) on a plateau of more than \(counted(plateau.patience, "epoch"))"
    case .step(let step): return "times \(text(step.factor)) every \(counted(step.epochs, "epoch"))"
    case .warmUp(let warmUp):
      let length =
        switch warmUp.length {
        case .epochs(let count): counted(count, "epoch")
        case .steps(let count): counted(count, "step")
        }
      return "warm-up of \(length), then \(words(warmUp.then))"
    }
  }

  private static func counted(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }

  /// One line a task.
  static func table(_ rules: [TrainingRules]) -> Table {
    let columns: [(String, (TrainingRules) -> String)] = [
      ("Gradients", { $0.gradients }), ("Class weights", { $0.classWeights }),
    ].filter { column in rules.contains { !column.1($0).isEmpty } }
    var table = Table(
      columns: ["Task", "Optimizer", "Learning rate", "Schedule"].map { Table.Column($0) } + columns.map { Table.Column($0.0) })
    for rule in rules { table.append([rule.task, rule.optimizer, rule.learningRate, rule.schedule] + columns.map { $0.1(rule) }) }
    return table
  }
}

/// A number of a recipe as a person writes it: `0.0005`, `1e-08`, `4`.
private func text(_ number: Double) -> String { significant(number, 6) }
