/// Each fraction of a task's training images is there once.
struct FractionsAreDistinct: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.compactMap { task in
      let path = "tasks.\(task.name).fraction"
      if task.fractions.isEmpty {
        return Violation(path: path, problem: "The list of fractions is empty.", remedy: "List at least one, such as [0.1, 1], or leave it out.")
      }
      let repeated = Set(task.fractions.filter { fraction in task.fractions.count { $0 == fraction } > 1 }).map(\.value).sorted()
      if repeated.isEmpty { return nil }
      return Violation(
        path: path, problem: "The fractions repeat \(repeated.map { "\($0)" }.joined(separator: ", ")).",
        remedy: "List each once: a repeated fraction is the same run, not another one.")
    }
  }
}

/// A pre-training sees all of its images: what starts from it is compared by the target's fraction alone.
struct PretrainingIsWhole: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.filter { !$0.isTarget && $0.fractions != [.whole] }.map {
      Violation(
        path: "tasks.\($0.name).fraction", problem: "The task “\($0.name)” is not a target, and a pre-training runs on all its images.",
        remedy: "Remove fraction, or set target: true.")
    }
  }
}
