internal import Foundation

/// A study has a name.
struct NameIsGiven: StudyRule {
  func violations(in study: Study) -> [Violation] {
    guard study.name.allSatisfy(\.isWhitespace) else { return [] }
    return [Violation(path: "name", problem: "The study's name is empty.", remedy: "Give it a name.")]
  }
}

/// There is a task and an initialization.
struct SomethingToRun: StudyRule {
  var isForData = false

  func violations(in study: Study) -> [Violation] {
    var found = [Violation]()
    // A pre-training on images is something to run by itself.
    if study.tasks.isEmpty, !study.initializations.contains(where: { if case .pretraining = $0.source { true } else { false } }) {
      found.append(Violation(path: "tasks", problem: "The study has no task.", remedy: "Add at least one below “tasks”."))
    }
    if study.initializations.isEmpty, !isForData {
      found.append(
        Violation(
          path: "initializations", problem: "The study has no initialization.",
          remedy: "Add at least one below “initializations”, such as random: random."))
    }
    return found
  }
}

/// Every run has a seed of its own.
struct SeedsAreDistinct: StudyRule {
  func violations(in study: Study) -> [Violation] {
    if study.seeds.isEmpty {
      return [Violation(path: "seeds", problem: "There is no seed.", remedy: "List at least one, such as [1, 2, 3].")]
    }
    var found = [Violation]()
    let repeated = Set(study.seeds.filter { seed in study.seeds.count { $0 == seed } > 1 }).sorted()
    if !repeated.isEmpty {
      found.append(
        Violation(
          path: "seeds", problem: "The seeds repeat \(repeated.map(String.init).joined(separator: ", ")).",
          remedy: "List each once: a repeated seed is the same run, not another one."))
    }
    let negative = study.seeds.filter { $0 < 0 }
    if !negative.isEmpty {
      found.append(
        Violation(
          path: "seeds", problem: "The seed \(negative[0]) is negative.", remedy: "Use whole numbers from 0."))
    }
    return found
  }
}

/// Names of tasks and initializations become folders and parts of override paths.
struct NamesAreFolderNames: StudyRule {
  /// What stands beside the folders of tasks: the files of the report, the tables of the splits and of the groups, and what was
  /// submitted to a cluster.
  private static let ownFolders = ["report", "splits", "groups", "cluster"]

  func violations(in study: Study) -> [Violation] {
    let named =
      study.tasks.map { ("tasks", "task", $0.name) } + study.initializations.map { ("initializations", "initialization", $0.name) }
    let taken = study.tasks.filter { Self.ownFolders.contains($0.name.lowercased()) }.map {
      Violation(
        path: "tasks.\($0.name)", problem: "The task name “\($0.name)” is that of a folder which the study's output has of its own.",
        remedy: "Choose another name than report, splits, groups and cluster.")
    }
    return taken
      + named.compactMap { group, what, name in
        isSafe(name)
          ? nil
          : Violation(
            path: "\(group).\(name)", problem: "The \(what) name “\(name)” cannot be the name of a folder.",
            remedy: "Use 1 to 64 letters (a–z), digits, - and _, with a letter or digit first.")
      }
  }

  private func isSafe(_ name: String) -> Bool {
    func isWordCharacter(_ byte: UInt8) -> Bool {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
    guard (1...64).contains(name.utf8.count), let first = name.utf8.first, isWordCharacter(first) else { return false }
    return name.utf8.allSatisfy { isWordCharacter($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
  }
}

/// No two names differ by case alone, which some file systems take for the same folder.
struct NamesAreDistinct: StudyRule {
  func violations(in study: Study) -> [Violation] {
    repeated(study.tasks.map(\.name), group: "tasks", what: "tasks")
      + repeated(study.initializations.map(\.name), group: "initializations", what: "initializations")
  }

  private func repeated(_ names: [String], group: String, what: String) -> [Violation] {
    var seen = [String: String](), found = [Violation]()
    for name in names {
      if let earlier = seen[name.lowercased()] {
        found.append(
          Violation(
            path: "\(group).\(name)", problem: "The \(what) “\(earlier)” and “\(name)” would share a folder.",
            remedy: "Rename one of them."))
      } else {
        seen[name.lowercased()] = name
      }
    }
    return found
  }
}
