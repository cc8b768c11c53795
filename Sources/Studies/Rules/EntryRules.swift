internal import Vocabulary
internal import Weights

/// An initialization names an entry that the catalog has, and asks of it what it can give.
struct EntriesAreKnown: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.initializations.flatMap { initialization -> [Violation] in
      guard case .weights(let source) = initialization.source else { return [] }
      let path = "initializations.\(initialization.name)"
      let others = ArithmeticChoice.allCases.filter { $0 != .asTrained }.map(\.rawValue).joined(separator: ", ")
      guard let id = source.entry else {
        return source.arithmetic != .asTrained
          ? []
          : [
            Violation(
              path: "\(path).arithmetic",
              problem: "The initialization “\(initialization.name)” asks for the arithmetic its weights were trained in, but names no catalog entry that tells it.",
              remedy: "Add entry: <id> (`medtransfer weights list` shows all), or say which it is: \(others).")
          ]
      }
      do throws(WeightsError) {
        let entry = try WeightsCatalog.named(id)
        if entry.arithmeticAsTrained == nil, source.arithmetic == .asTrained {
          return [
            Violation(
              path: "\(path).arithmetic",
              problem: "The initialization “\(initialization.name)” asks for the arithmetic of “\(id)”, which is not offered. \(entry.remark ?? "")",
              remedy: "Leave arithmetic out, which computes torchvision's.")
          ]
        }
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

/// An arithmetic that is said outright is one of the architecture's.
struct ArithmeticIsOffered: StudyRule {
  let architectures: [ArchitectureRecord]

  func violations(in study: Study) -> [Violation] {
    study.initializations.compactMap { initialization in
      guard case .weights(let source) = initialization.source, let asked = source.arithmetic.named else { return nil }
      for task in study.tasks where study.uses(task, initialization.name) {
        guard let record = architectures.first(where: { $0.id == task.recipe.architecture }), !record.arithmetics.contains(asked) else { continue }
        return Violation(
          path: "initializations.\(initialization.name).arithmetic",
          problem: "The arithmetic “\(asked.rawValue)” is none of \(record.id), which the task “\(task.name)” uses.",
          remedy: "Choose one of: \(record.arithmetics.map(\.rawValue).joined(separator: ", ")).")
      }
      return nil
    }
  }
}

/// Published weights are of the architecture that the tasks ask for.
struct EntriesFitTasks: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.initializations.compactMap { initialization in
      guard case .weights = initialization.source, let entry = study.entry(behind: initialization.name) else { return nil }
      let others = study.tasks.filter { task in
        task.recipe.architecture != entry.architecture && study.uses(task, initialization.name)
      }
      guard let first = others.first else { return nil }
      return Violation(
        path: "initializations.\(initialization.name).entry",
        problem: "“\(entry.id)” are weights of \(entry.architecture), but the task “\(first.name)” uses \(first.recipe.architecture).",
        remedy: "Set recipe.architecture to \(entry.architecture), or leave the initialization out.")
    }
  }
}

extension Study {
  /// Whether a cell of the study would start a task from the weights.
  fileprivate func uses(_ task: TaskSpecification, _ initialization: String) -> Bool {
    if task.isTarget { return !wasTrained(initialization, on: task) }
    return initializations.contains { other in
      if case .training(task.name, initialization, _) = other.source { return true }
      return false
    }
  }
}
