/// The schedule's numbers are those of one that lowers the rate, within the epochs there are.
struct ScheduleSettingsAreInRange: RecipeRule {
  func findings(in recipe: Recipe, for kind: TaskKind) -> [RecipeFinding] {
    guard case .warmUp(let warmUp) = recipe.schedule else { return findings(in: recipe.schedule, below: "schedule") }
    return findings(in: warmUp.length, epochs: recipe.epochs) + findings(in: warmUp.then, below: "schedule.warmUp.then")
  }

  private func findings(in length: WarmUpSettings.Length, epochs: Int) -> [RecipeFinding] {
    switch length {
    case .epochs(let count) where count < 1:
      [RecipeFinding("schedule.warmUp.epochs", "The warm-up has \(count) epochs.", "Use a whole number from 1, or leave warmUp out.")]
    case .steps(let count) where count < 1:
      [RecipeFinding("schedule.warmUp.steps", "The warm-up has \(count) steps.", "Use a whole number from 1, or leave warmUp out.")]
    case .epochs(let count) where count >= epochs:
      [
        RecipeFinding(
          "schedule.warmUp.epochs", "The warm-up of \(count) epochs leaves none of the \(epochs) epochs to what follows.",
          "Use fewer than recipe.epochs.")
      ]
    case .epochs, .steps: []
    }
  }

  private func findings(in schedule: LearningRateSchedule, below key: String) -> [RecipeFinding] {
    switch schedule {
    case .reduceOnPlateau(let plateau): findings(in: plateau, below: "\(key).reduceOnPlateau")
    case .step(let step): findings(in: step, below: "\(key).step")
    case .cosine, .cosineBySteps, .constant, .warmUp: []
    }
  }

  private func findings(in plateau: PlateauSettings, below key: String) -> [RecipeFinding] {
    var found = [RecipeFinding]()
    if !(plateau.factor > 0 && plateau.factor < 1) {
      found.append(RecipeFinding("\(key).factor", "The plateau's factor \(plateau.factor) is not between 0 and 1.", "Use a number such as 0.5."))
    }
    if plateau.patience < 0 {
      found.append(RecipeFinding("\(key).patience", "The plateau's patience \(plateau.patience) is negative.", "Use a number of epochs from 0."))
    }
    if !(plateau.threshold >= 0 && plateau.threshold < 1) {
      found.append(
        RecipeFinding("\(key).threshold", "The plateau's threshold \(plateau.threshold) is not in 0 ≤ threshold < 1.", "Use a number such as 1e-4."))
    }
    return found
  }

  private func findings(in step: StepSettings, below key: String) -> [RecipeFinding] {
    var found = [RecipeFinding]()
    if step.epochs < 1 {
      found.append(RecipeFinding("\(key).epochs", "The rate is lowered after every \(step.epochs) epochs.", "Use a whole number from 1."))
    }
    if !(step.factor > 0 && step.factor < 1) {
      found.append(RecipeFinding("\(key).factor", "The step's factor \(step.factor) is not between 0 and 1.", "Use a number such as 0.1."))
    }
    return found
  }
}
