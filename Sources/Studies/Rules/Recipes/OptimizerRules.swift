/// The constants of the optimizer are those of one that can descend.
struct OptimizerSettingsAreInRange: RecipeRule {
  func findings(in recipe: Recipe, for kind: TaskKind) -> [RecipeFinding] {
    switch recipe.optimizer {
    case .adam(let settings): findings(in: settings, key: "adam", name: "Adam")
    case .adamW(let settings): findings(in: settings, key: "adamW", name: "AdamW")
    case .sgd(let settings): findings(in: settings)
    }
  }

  private func findings(in adam: AdamSettings, key: String, name: String) -> [RecipeFinding] {
    var found = [RecipeFinding]()
    for (constant, beta) in [("beta1", adam.beta1), ("beta2", adam.beta2)] where !(beta >= 0 && beta < 1) {
      found.append(
        RecipeFinding("optimizer.\(key).\(constant)", "\(name)'s \(constant) \(beta) is not in 0 ≤ \(constant) < 1.", "Use a number such as 0.9."))
    }
    if !(adam.epsilon > 0 && adam.epsilon.isFinite) {
      found.append(RecipeFinding("optimizer.\(key).epsilon", "\(name)'s epsilon \(adam.epsilon) is not positive.", "Use a number such as 1e-8."))
    }
    return found + decay(adam.weightDecay, key: key, name: name)
  }

  private func findings(in momentum: MomentumSettings) -> [RecipeFinding] {
    var found = [RecipeFinding]()
    if !(momentum.momentum >= 0 && momentum.momentum < 1) {
      found.append(
        RecipeFinding("optimizer.sgd.momentum", "The momentum \(momentum.momentum) is not in 0 ≤ momentum < 1.", "Use a number such as 0.9."))
    }
    if momentum.nesterov, momentum.momentum == 0 {
      found.append(RecipeFinding("optimizer.sgd.nesterov", "Nesterov's momentum is wanted, and the momentum is 0.", "Give a momentum such as 0.9."))
    }
    return found + decay(momentum.weightDecay, key: "sgd", name: "sgd")
  }

  private func decay(_ decay: Double, key: String, name: String) -> [RecipeFinding] {
    if decay >= 0, decay.isFinite { return [] }
    return [RecipeFinding("optimizer.\(key).weightDecay", "\(name)'s weightDecay \(decay) is negative.", "Use 0 or a positive number.")]
  }
}

/// A setting of the optimizer that could change nothing is a slip of the pen, and would make runs of its own.
struct ParameterGroupsDiffer: RecipeRule {
  func findings(in recipe: Recipe, for kind: TaskKind) -> [RecipeFinding] {
    var found = [RecipeFinding]()
    if recipe.weightDecayExclusions != nil, recipe.optimizer.weightDecay == 0 {
      found.append(
        RecipeFinding(
          "weightDecayExclusions", "The weightDecayExclusions have no part in an optimizer without weight decay.",
          "Give the optimizer a weightDecay, such as {adamW: {weightDecay: 0.05}}, or leave them out."))
    }
    if let decay = recipe.layerDecay {
      if !(decay > 0 && decay <= 1) {
        found.append(RecipeFinding("layerDecay", "The layerDecay \(decay) is not above 0 and at most 1.", "Use a number such as 0.75."))
      } else if recipe.mode == .frozenBackbone {
        found.append(
          RecipeFinding("layerDecay", "The layerDecay has no part in the mode frozenBackbone, which trains no stage.", "Leave one of them out."))
      }
    }
    return found
  }
}

struct GradientClippingIsPositive: RecipeRule {
  func findings(in recipe: Recipe, for kind: TaskKind) -> [RecipeFinding] {
    guard let norm = recipe.gradientClipping, !(norm > 0 && norm.isFinite) else { return [] }
    return [RecipeFinding("gradientClipping", "The gradientClipping \(norm) is not positive.", "Use a norm such as 1, or null for no limit.")]
  }
}
