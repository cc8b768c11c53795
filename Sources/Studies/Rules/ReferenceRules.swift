internal import Foundations

/// A continual pre-training names a task, an initialization and a seed that can be.
struct ReferencesAreKnown: StudyRule {
  func violations(in study: Study) -> [Violation] {
    var found = [Violation]()
    for initialization in study.initializations {
      guard case .training(let task, let start, let seed) = initialization.source else { continue }
      let path = "initializations.\(initialization.name)"
      if study.task(named: task) == nil {
        found.append(
          Violation(
            path: "\(path).trainedOn", problem: "The initialization “\(initialization.name)” is trained on “\(task)”, which is no task of the study.",
            remedy: suggestion(for: task, in: study.tasks.map(\.name))))
      }
      if study.initialization(named: start) == nil {
        found.append(
          Violation(
            path: "\(path).from", problem: "The initialization “\(initialization.name)” starts from “\(start)”, which is no initialization of the study.",
            remedy: suggestion(for: start, in: study.initializations.map(\.name).filter { $0 != initialization.name })))
      }
      if let seed, seed < 0 {
        found.append(
          Violation(
            path: "\(path).seed", problem: "The seed \(seed) of the initialization “\(initialization.name)” is negative.",
            remedy: "Use a whole number from 0."))
      }
    }
    return found
  }
}

/// Following `from` ends.
struct InitializationsHaveNoCycle: StudyRule {
  func violations(in study: Study) -> [Violation] {
    var reported = Set<String>(), found = [Violation]()
    for initialization in study.initializations where !reported.contains(initialization.name) {
      guard let cycle = cycle(from: initialization.name, in: study) else { continue }
      guard cycle[0] == initialization.name else { continue }
      reported.formUnion(cycle)
      found.append(
        Violation(
          path: "initializations.\(cycle[0]).from",
          problem: "The initializations start from one another in a circle: \((cycle + [cycle[0]]).joined(separator: " ← ")).",
          remedy: "Let one of them start from random or from weights."))
    }
    return found
  }

  /// The names of the circle that the walk from `name` runs into, first the one where it closes.
  private func cycle(from name: String, in study: Study) -> [String]? {
    var walked = [name]
    while let start = study.initialization(named: walked[walked.count - 1])?.source.start {
      if let index = walked.firstIndex(of: start) { return Array(walked[index...]) }
      walked.append(start)
    }
    return nil
  }
}

/// A task that is no row of the table makes weights for something.
struct PretrainingTaskIsUsed: StudyRule {
  func violations(in study: Study) -> [Violation] {
    let used = Set(
      study.initializations.compactMap { initialization -> String? in
        if case .training(let task, _, _) = initialization.source { return task }
        return nil
      })
    return study.tasks.filter { !$0.isTarget && !used.contains($0.name) }.map {
      Violation(
        path: "tasks.\($0.name).target",
        problem: "The task “\($0.name)” is not a target and no initialization is trained on it, so it would never run.",
        remedy: "Remove it, or add an initialization with trainedOn: \($0.name), or set target: true.")
    }
  }
}

/// A network can start from another only where both have the same backbone.
struct ArchitecturesAgree: StudyRule {
  func violations(in study: Study) -> [Violation] {
    var found = [Violation]()
    for initialization in study.initializations {
      guard case .training(let name, _, _) = initialization.source, let source = study.task(named: name) else { continue }
      // Whoever uses this initialization: the targets it applies to, and the pre-trainings that start from it.
      let chain = study.pretrainingTasks(of: initialization.name)
      let targets = study.tasks.filter { $0.isTarget && !chain.contains($0.name) }
      let next = study.initializations.compactMap { other -> TaskSpecification? in
        guard case .training(let task, initialization.name, _) = other.source else { return nil }
        return study.task(named: task)
      }
      var named = Set<String>()
      for user in targets + next where differ(user, source, from: initialization.name, in: study) && named.insert(user.name).inserted {
        found.append(
          Violation(
            path: "initializations.\(initialization.name)",
            problem:
              "The initialization “\(initialization.name)” is trained on “\(name)” with \(words(source)), but “\(user.name)” uses \(words(user)).",
            remedy: "Give both tasks the same recipe.architecture and recipe.inputChannels."))
      }
    }
    return found
  }

  private func differ(_ user: TaskSpecification, _ source: TaskSpecification, from initialization: String, in study: Study) -> Bool {
    func backbone(_ task: TaskSpecification) -> [String] {
      let recipe = study.recipe(of: task, from: initialization)
      return [recipe.architecture, "\(recipe.inputChannels)"]
    }
    return backbone(user) != backbone(source)
  }

  private func words(_ task: TaskSpecification) -> String {
    "\(task.recipe.architecture) and \(task.recipe.inputChannels) input channel\(task.recipe.inputChannels == 1 ? "" : "s")"
  }
}
