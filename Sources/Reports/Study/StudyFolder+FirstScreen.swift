internal import Figures
internal import Foundations
internal import Statistics
internal import Studies

/// What a reader sees first: the question, the answer, how sure it is and for whom.
extension StudyFolder {
  /// `Which initialization should be fine-tuned for seg and cls?`
  var question: String {
    let tasks = numbers.outline.tasks.map(\.name)
    let words = tasks.count > 4 ? "\(firstFew(tasks, atMost: 3))" : listed(tasks)
    return "Which initialization should be fine-tuned for \(words)?"
  }

  /// Whom the answer speaks of, and what it rests on; a line each.
  var certainty: [String] {
    [scope, evidence].filter { !$0.isEmpty } + numbers.sections.all.flatMap(\.answers)
  }

  private var scope: String {
    let analyses = numbers.verdictTasks.map { numbers.analysis.tasks[$0] }
    let general = analyses.filter { $0.generalization == .patientsAndSeeds }
    if analyses.isEmpty { return "" }
    let level = "α = \(numbers.settings.analysis.significanceText)"
    if general.count == analyses.count { return "For whom: other patients of the same kind, and other seeds (\(level))." }
    if general.isEmpty { return "For whom: these very test images, and other seeds (\(level)); nothing is said of other patients." }
    let rest = numbers.verdictTasks.filter { numbers.analysis.tasks[$0].generalization == .seeds }.map { numbers.analysis.table.tasks[$0].name }
    return "For whom: other patients of the same kind, and other seeds (\(level)); on \(listed(rest)) for these very test images only."
  }

  /// `0.90 that chest is best`; nil where there is no best, or nothing that one could be best at.
  private func chance(_ task: StudyOutline.Task) -> String? {
    guard let index = numbers.verdictTasks.first(where: { numbers.analysis.table.tasks[$0].name == task.name }) else { return nil }
    let found = numbers.analysis.tasks[index]
    guard let best = found.best.known, found.tied.isEmpty, found.nothingLearned[best] == nil,
      let probability = found.probabilityOfBest.candidates.first(where: { $0.name == best })?.probability.known
    else { return nil }
    return "\(probabilityText(probability)) that \(best) is best"
  }

  /// `How sure, as a probability: on seg 0.90 that chest is best (3 seeds each, 300 test images of 150 patients).`
  private var evidence: String {
    let parts = numbers.outline.tasks.map { task -> String in
      let groups = task.groups(in: numbers).map(\.group)
      let seeds = groups.map(\.runCount)
      let known = groups.compactMap(\.patients.known?.intervals)
      let images = known.map(\.imageCount).max() ?? numbers.runs.first { $0.task == task.name }?.imageCount
      let patients = known.map(\.patientCount).max()
      func range(_ counts: [Int]) -> String {
        let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
        return least == most ? grouped(most) : "\(grouped(least)) to \(grouped(most))"
      }
      let tested =
        images.map { images in
          patients == nil || patients == images
            ? "\(grouped(images)) test image\(images == 1 ? "" : "s")"
            : "\(grouped(images)) test images of \(grouped(patients ?? 0)) patients"
        } ?? "no finished run"
      return "on \(task.name) \(chance(task) ?? "not known") (\(range(seeds)) seed\(seeds.max() == 1 ? "" : "s") each, \(tested))"
    }
    guard !parts.isEmpty else { return "" }
    return "How sure, as a probability: " + firstFew(parts, atMost: 4, separator: "; ") + "."
  }
}
