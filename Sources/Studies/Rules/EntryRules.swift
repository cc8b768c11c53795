internal import Weights

/// An initialization names an entry that the catalog has, and asks of it what it can give.
struct EntriesAreKnown: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.initializations.flatMap { initialization -> [Violation] in
      guard case .weights(let source) = initialization.source else { return [] }
      let path = "initializations.\(initialization.name)"
      guard let id = source.entry else {
        return source.arithmetic == .torchvision
          ? []
          : [
            Violation(
              path: "\(path).arithmetic",
              problem: "The initialization “\(initialization.name)” asks for the arithmetic its weights were trained in, but names no catalog entry that tells it.",
              remedy: "Add entry: <id> (`medtransfer weights list` shows all), or leave arithmetic out.")
          ]
      }
      do throws(WeightsError) {
        _ = try WeightsCatalog.named(id)
      } catch {
        return [
          Violation(
            path: "\(path).entry", problem: "The initialization “\(initialization.name)” is of the catalog entry “\(id)”, which there is not.",
            remedy: error.remedy)
        ]
      }
      guard source.state == .full else { return [] }
      return [
        Violation(
          path: "\(path).state", problem: "The initialization “\(initialization.name)” is of a catalog entry, of which only the backbone is taken.",
          remedy: "Leave state out, or leave entry out for weights of your own.")
      ]
    }
  }
}

/// Published weights are of the architecture that the tasks ask for.
struct EntriesFitTasks: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.initializations.compactMap { initialization in
      guard case .weights = initialization.source, let entry = study.entry(behind: initialization.name) else { return nil }
      let others = study.tasks.filter { task in
        task.recipe.architecture != entry.architecture && uses(task, initialization.name, in: study)
      }
      guard let first = others.first else { return nil }
      return Violation(
        path: "initializations.\(initialization.name).entry",
        problem: "“\(entry.id)” are weights of \(entry.architecture), but the task “\(first.name)” uses \(first.recipe.architecture).",
        remedy: "Set recipe.architecture to \(entry.architecture), or leave the initialization out.")
    }
  }

  /// Whether a cell of the study would start a task from the weights.
  private func uses(_ task: TaskSpecification, _ initialization: String, in study: Study) -> Bool {
    if task.isTarget { return !study.wasTrained(initialization, on: task) }
    return study.initializations.contains { other in
      if case .training(task.name, initialization, _) = other.source { return true }
      return false
    }
  }
}
