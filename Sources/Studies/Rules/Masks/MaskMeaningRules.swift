/// What is said of the levels of masks is said once and fits together.
struct MaskMeaningFits: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.flatMap { task -> [Violation] in
      let path = "tasks.\(task.name).data.\(task.data.key)"
      if let source = task.data.as(ManifestSource.self), source.meaning != MaskMeaning(), source.maskColumn == nil {
        return [
          Violation(
            path: path, problem: "The manifest of “\(task.name)” says what levels of masks mean, and names no masks.",
            remedy: "Add maskColumn, or remove threshold, maskLabels, object, ignore and color.")
        ]
      }
      return task.data.maskMeaning.map { findings($0, labels: "\(path).\(task.data.maskLabelsKey)", path) } ?? []
    }
  }

  private func findings(_ meaning: MaskMeaning, labels: String, _ path: String) -> [Violation] {
    var found = [Violation]()
    let name = labels.split(separator: ".").last.map(String.init) ?? "labels"
    let given = [("threshold", meaning.threshold != .automatic), (name, !meaning.labels.isEmpty), ("color", meaning.color != nil)].filter(\.1).map(\.0)
    if given.count > 1 {
      found.append(Violation(path: path, problem: "What is object in a mask is said by \(given.joined(separator: " and by ")).", remedy: "Keep one of them."))
    }
    for unknown in meaning.object where meaning.labels[unknown] == nil {
      found.append(
        Violation(
          path: "\(path).object", problem: "The object “\(unknown)” is none of the \(name).",
          remedy: "Name some of \(name)' names: \(meaning.labels.keys.sorted().joined(separator: ", "))."))
    }
    if !meaning.labels.isEmpty, meaning.objectLevels.isEmpty {
      found.append(Violation(path: labels, problem: "The \(name) name nothing but the background.", remedy: "Add the level of the object, such as {lung: 1}."))
    }
    let levels = meaning.labels.values.joined() + meaning.ignore, twice = Set(levels.filter { level in levels.count { $0 == level } > 1 }).sorted()
    if let first = twice.first {
      found.append(Violation(path: labels, problem: "The level \(first) of the masks is named twice.", remedy: "Name each level once, under \(name) or ignore."))
    }
    return found
  }
}
