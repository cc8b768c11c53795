internal import Foundation
internal import Foundations

/// Each class is there once.
struct LabelsAreDistinct: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.compactMap { task in
      guard let source = task.data.as(ManifestSource.self) else { return nil }
      let names = source.classNames
      let repeated = Set(names.filter { name in names.count { $0 == name } > 1 }).sorted()
      if repeated.isEmpty { return nil }
      return Violation(
        path: "tasks.\(task.name).data.manifest.\(source.labelListColumn == nil ? "labelColumns" : "labels")",
        problem: "The classes of “\(task.name)” repeat “\(repeated.joined(separator: "”, “"))”.", remedy: "Name each once.")
    }
  }
}

/// What is carved out leaves something to train on.
struct SplitFractionsFit: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.flatMap { task -> [Violation] in
      let split = task.data.split
      let path = "tasks.\(task.name).data.\(task.data.key).split"
      var found = [Violation]()
      // In folds every image is tested, whatever stands as the fraction of one test part.
      let parts = [("validation", split.validation)] + (split.folds == nil ? [("test", split.test)] : [])
      for (key, fraction) in parts where !(fraction > 0 && fraction < 1) {
        found.append(
          Violation(path: "\(path).\(key)", problem: "The \(key) fraction \(fraction) is not between 0 and 1.", remedy: "Use a fraction such as 0.15."))
      }
      if found.isEmpty, split.folds == nil, split.validation + split.test >= 1 {
        found.append(
          Violation(
            path: path, problem: "The validation fraction \(split.validation) and the test fraction \(split.test) leave nothing to train on.",
            remedy: "Let them sum to less than 1."))
      }
      return found
    }
  }
}

/// A pattern that finds patients is a regular expression with a group.
struct PatientPatternHasAGroup: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.compactMap { task in
      guard let pattern = task.data.patientPattern else { return nil }
      let path = "tasks.\(task.name).data.\(task.data.key).patientPattern"
      guard let expression = try? NSRegularExpression(pattern: pattern) else {
        return Violation(
          path: path, problem: "The patientPattern “\(pattern)” is not a regular expression.",
          remedy: "Correct it; in YAML, put it in single quotes, such as 'person(\\d+)'.")
      }
      if expression.numberOfCaptureGroups > 0 { return nil }
      return Violation(
        path: path, problem: "The patientPattern “\(pattern)” has no group.",
        remedy: "Put the part that is the patient in parentheses, such as 'person(\\d+)'.")
    }
  }
}

/// What a manifest says twice, it says once.
struct ManifestSaysThingsOnce: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.flatMap { task -> [Violation] in
      guard let source = task.data.as(ManifestSource.self) else { return [] }
      let path = "tasks.\(task.name).data.manifest"
      var found = [Violation]()
      if source.patientColumn != nil, source.patientPattern != nil {
        found.append(
          Violation(path: "\(path).patientPattern", problem: "The manifest names both patientColumn and patientPattern.", remedy: "Keep one of them; null takes the other away."))
      }
      let parts: [(String, Bool)] = [
        ("splitColumn", source.splitColumn != nil), ("splitLists", source.splitLists != nil),
        ("validationFile and testFile", source.validationFile != nil || source.testFile != nil),
      ]
      let given = parts.filter(\.1).map(\.0)
      if given.count > 1 {
        found.append(
          Violation(
            path: path, problem: "The manifest says by \(given.joined(separator: " and by ")) which part an image belongs to.",
            remedy: "Keep one of them; null takes another away."))
      }
      return found
    }
  }
}

/// The classes that are scored are classes.
struct ScoredClassesAreClasses: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.flatMap { task -> [Violation] in
      guard let scored = task.scoredClasses else { return [] }
      let path = "tasks.\(task.name).scoredClasses", names = task.kind.isClassification ? task.data.classNames : []
      if scored.isEmpty || Set(scored).count != scored.count {
        return [
          Violation(
            path: path, problem: scored.isEmpty ? "The scoredClasses are empty." : "The scoredClasses name a class twice.",
            remedy: "Name each class that is scored once, or leave scoredClasses out to score all.")
        ]
      }
      return scored.filter { !names.contains($0) }.map {
        Violation(path: path, problem: "The scored class “\($0)” is no class of “\(task.name)”.", remedy: suggestion(for: $0, in: names))
      }
    }
  }
}

/// Who says that labels may be uncertain says what to make of them, and the other way round.
struct LabelPolicyFitsData: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.compactMap { task in
      let policies = LabelPolicy.allCases.map(\.rawValue).joined(separator: ", ")
      switch (task.data.hasUncertainLabels, task.recipe.labelPolicy) {
      case (true, nil):
        return Violation(
          path: "tasks.\(task.name).recipe", problem: "The labels of “\(task.name)” may be uncertain, and its recipe has no labelPolicy.",
          remedy: "Set recipe.labelPolicy to one of: \(policies).")
      case (false, .some(let policy)):
        return Violation(
          path: "tasks.\(task.name).recipe.labelPolicy",
          problem: "The labelPolicy \(policy.rawValue) has nothing to act on: no label of “\(task.name)” is uncertain.",
          remedy: "Remove it, or set data.manifest.uncertainLabel to the number that means uncertain.")
      default: return nil
      }
    }
  }
}

/// A pattern that finds labels is a regular expression with a group.
struct LabelPatternHasAGroup: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.compactMap { task in
      guard let source = task.data.as(NamedImageSource.self) else { return nil }
      let count = (try? NSRegularExpression(pattern: source.labelPattern))?.numberOfCaptureGroups ?? 0
      if count > 0 { return nil }
      return Violation(
        path: "tasks.\(task.name).data.namedImages.labelPattern",
        problem: "The labelPattern “\(source.labelPattern)” is not a regular expression with a group.",
        remedy: "Put the part that is the label in parentheses, such as '_([01])[.]png$'.")
    }
  }
}
