internal import Foundation
internal import Foundations
internal import Vocabulary

extension Study {
  /// The initializations that are made by pre-training on images.
  fileprivate var pretrainings: [(name: String, specification: PretrainingSpecification)] {
    initializations.compactMap { initialization in
      guard case .pretraining(let specification) = initialization.source else { return nil }
      return (initialization.name, specification)
    }
  }
}

/// A pre-training names a method and settings that there are, and values that those can have.
struct PretrainingMethodsAreKnown: StudyRule {
  /// Those of the catalog; empty leaves names and settings unchecked.
  let methods: [PretrainingRecord]

  func violations(in study: Study) -> [Violation] {
    if methods.isEmpty { return [] }
    return study.pretrainings.flatMap { name, made -> [Violation] in
      guard let method = methods.first(where: { $0.id == made.method }) else {
        return [
          Violation(
            path: "initializations.\(name).pretrain", problem: "The initialization “\(name)” is pre-trained by “\(made.method)”, which is no self-supervised method.",
            remedy: suggestion(for: made.method, in: methods.map(\.id)))
        ]
      }
      return made.settings.sorted { $0.key < $1.key }.compactMap { key, value in
        let path = key == "learningRate" ? "initializations.\(name).learningRate" : "initializations.\(name).settings.\(key)"
        let known = method.settings(of: made.optimizer)
        guard let range = known[key] else {
          let title = method.title + (made.optimizer.map { " with \($0.rawValue)" } ?? "")
          return Violation(path: path, problem: "\(title) has no setting “\(key)”.", remedy: suggestion(for: key, in: known.keys.sorted()))
        }
        if range.contains(value) { return nil }
        return Violation(
          path: path, problem: "The setting \(key) of “\(name)” is \(value).", remedy: "Use a number from \(range.lowerBound) to \(range.upperBound).")
      }
    }
  }
}

/// A pre-training names images, tasks, a start and a seed that can be.
struct PretrainingReferencesAreKnown: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.pretrainings.flatMap { name, made -> [Violation] in
      let path = "initializations.\(name)"
      var found = [Violation]()
      if study.initialization(named: made.initialization) == nil {
        found.append(
          Violation(
            path: "\(path).from", problem: "The initialization “\(name)” starts from “\(made.initialization)”, which is no initialization of the study.",
            remedy: suggestion(for: made.initialization, in: study.initializations.map(\.name).filter { $0 != name })))
      }
      if case .weights(let source)? = study.initialization(named: made.initialization)?.source, source.state == .full {
        found.append(
          Violation(
            path: "\(path).from", problem: "The initialization “\(name)” starts from “\(made.initialization)”, of which the head is taken too, and a pre-training has none.",
            remedy: "Name an initialization without state: full."))
      }
      if made.images.isEmpty {
        found.append(
          Violation(
            path: "\(path).images", problem: "The initialization “\(name)” is pre-trained on no images.",
            remedy: "List tasks of the study, {folder: <path>} or {manifest: <table>}."))
      }
      for case .task(let task) in made.images where study.task(named: task) == nil {
        found.append(
          Violation(
            path: "\(path).images", problem: "The initialization “\(name)” is pre-trained on the images of “\(task)”, which is no task of the study.",
            remedy: suggestion(for: task, in: study.tasks.map(\.name))))
      }
      if let seed = made.seed, seed < 0 {
        found.append(Violation(path: "\(path).seed", problem: "The seed \(seed) of the initialization “\(name)” is negative.", remedy: "Use a whole number from 0."))
      }
      if made.nearCopies == .leaveOut, made.heldOutImages == .keep {
        found.append(
          Violation(
            path: "\(path).nearCopies", problem: "“\(name)” learns from images that the study is tested on, and leaves out near copies of them.",
            remedy: "Remove heldOutImages: keep, or nearCopies: leaveOut."))
      }
      return found + (made.probe.map { probe($0, name, study) } ?? [])
    }
  }

  private func probe(_ probe: PretrainingProbeSpecification, _ name: String, _ study: Study) -> [Violation] {
    let path = "initializations.\(name).probe", known = study.tasks.filter(\.kind.isClassification).map(\.name)
    var found = [Violation]()
    if probe.tasks.isEmpty {
      found.append(
        Violation(
          path: "\(path).tasks", problem: "The probe of “\(name)” judges on no task.", remedy: "Name a classification task of the study, or leave the probe out."))
    }
    found += probe.tasks.filter { !known.contains($0) }.map { task in
      Violation(
        path: "\(path).tasks", problem: "The probe of “\(name)” judges on “\(task)”, which is no classification task of the study.",
        remedy: known.isEmpty ? "Leave the probe out." : suggestion(for: task, in: known))
    }
    if probe.heads.isEmpty {
      found.append(
        Violation(
          path: "\(path).heads", problem: "The probe of “\(name)” has no head.",
          remedy: "Use \(ProbeHead.allCases.map(\.rawValue).joined(separator: " or ")), or both."))
    }
    found += (probe.forgetting ?? []).filter { !known.contains($0) }.map { task in
      Violation(
        path: "\(path).forgetting",
        problem: "The probe of “\(name)” is to tell what is forgotten of “\(task)”, which is no classification task of the study.",
        remedy: known.isEmpty ? "Leave the probe out." : suggestion(for: task, in: known))
    }
    return found
  }
}

/// Counts, sizes and shares of a pre-training are numbers that mean something.
struct PretrainingNumbersAreInRange: StudyRule {
  let architectures: [ArchitectureRecord]

  func violations(in study: Study) -> [Violation] {
    study.pretrainings.flatMap { name, made -> [Violation] in
      let path = "initializations.\(name)", recipe = study.recipe(ofPretraining: made)
      // Views are compared with those of other images: one alone teaches nothing.
      let counts: [(String, Int, Int)] = [
        ("epochs", made.epochs, 1), ("batchSize", made.batchSize, 2), ("maximumSteps", made.maximumSteps ?? 1, 1),
        ("probe.everyEpochs", made.probe?.everyEpochs ?? 1, 1),
      ]
      var found = counts.filter { $0.1 < $0.2 }.map { key, value, least in
        Violation(path: "\(path).\(key)", problem: "\(key) of “\(name)” is \(value).", remedy: "Use a whole number from \(least).")
      }
      if made.architecture != nil {
        found += ArchitectureIsKnown(names: architectures.map(\.id)).findings(in: recipe, for: .multiLabelClassification).map {
          Violation(path: "\(path).architecture", problem: $0.problem, remedy: $0.remedy)
        }
      }
      if let record = architectures.first(where: { $0.id == recipe.architecture }), !record.uses.contains(.selfSupervision) {
        let others = architectures.filter { $0.uses.contains(.selfSupervision) }.map(\.id)
        found.append(
          Violation(
            path: "\(path).architecture",
            problem: "The initialization “\(name)” pre-trains \(record.title), and the methods' recipes are of networks with batch normalization, which it has not.",
            remedy: "Choose one of: \(others.joined(separator: ", ")), or start \(record.title) from published weights."))
      }
      found += InputSizeFits(architectures: architectures).findings(in: recipe, for: .multiLabelClassification).map {
        Violation(path: "\(path).inputSize", problem: $0.problem, remedy: $0.remedy)
      }
      if let side = made.sourceSize, !(recipe.inputSize...8192).contains(side) {
        found.append(
          Violation(
            path: "\(path).sourceSize", problem: "The sourceSize \(side) of “\(name)” is not between the inputSize \(recipe.inputSize) and 8192.",
            remedy: "Leave it out, which makes it \(2 * recipe.inputSize)."))
      }
      if !(0...1).contains(made.brokenFileLimit) {
        found.append(
          Violation(
            path: "\(path).brokenFileLimit", problem: "The brokenFileLimit \(made.brokenFileLimit) of “\(name)” is not between 0 and 1.",
            remedy: "Use a fraction such as 0.01."))
      }
      return found
    }
  }
}

/// What starts from a pre-training has its backbone, and no task takes the folder of its runs.
struct PretrainingFitsTasks: StudyRule {
  func violations(in study: Study) -> [Violation] {
    let made = study.pretrainings
    if made.isEmpty { return [] }
    let taken = study.tasks.filter { $0.name.lowercased() == Cell.selfSupervised }.map {
      Violation(
        path: "tasks.\($0.name)", problem: "The task name “\($0.name)” is that of the folder of the study's pre-trainings.", remedy: "Choose another name.")
    }
    return taken
      + made.flatMap { name, specification -> [Violation] in
        let own = study.recipe(ofPretraining: specification), chain = study.pretrainingTasks(of: name)
        return study.tasks.filter { $0.isTarget && !chain.contains($0.name) }.compactMap { task in
          let recipe = study.recipe(of: task, from: name)
          if recipe.architecture == own.architecture, recipe.inputChannels == own.inputChannels { return nil }
          return Violation(
            path: "initializations.\(name)",
            problem: "The initialization “\(name)” is pre-trained as \(words(own)), but “\(task.name)” uses \(words(recipe)).",
            remedy: "Give the tasks the same recipe.architecture and recipe.inputChannels, or the initialization their architecture.")
        }
      }
  }

  private func words(_ recipe: Recipe) -> String { "\(recipe.architecture) with \(recipe.inputChannels) input channel\(recipe.inputChannels == 1 ? "" : "s")" }
}
