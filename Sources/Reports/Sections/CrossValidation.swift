internal import Figures
internal import Foundations
internal import Metrics
internal import RunStore
internal import Studies

/// Tasks whose images are parted into folds: what counts as a run there, and what each fold comes to.
struct CrossValidation: StudySection {
  struct OfInitialization: Codable, Hashable, Sendable {
    let initialization: String
    /// Seeds of which all folds are finished, and those that are planned.
    let repeats: Int
    let plannedRepeats: Int
    /// Of the first metric, each fold's own value, the mean over the repeats.
    let folds: Available<[Double]>
  }

  struct Task: Codable, Hashable, Sendable {
    let task: String
    let folds: Int
    /// Whether whole patients were parted; nil where no split is kept.
    let isByPatient: Bool?
    let metric: MetricName
    let title: String
    /// How the values are written.
    let scale: ResultTable.Scale
    let initializations: [OfInitialization]
  }

  static let id = "crossValidation"
  /// Why what is said of one network is not said of the networks of folds.
  static let ofOneNetwork = "it is of one network, and a repeat of a cross-validation has one for each fold"

  let tasks: [Task]

  static func part(of group: GroupContents) -> OfInitialization? {
    guard let folds = group.task.folds, group.key.fraction == group.task.largestFraction else { return nil }
    let none = Available<[Double]>.notAvailable(reason: "no repeat is whole")
    return OfInitialization(
      initialization: group.key.initialization, repeats: group.runs.count, plannedRepeats: group.plannedCount,
      folds: group.runs.isEmpty ? none : group.seeds.foldMeans(of: group.task.kind.tableMetrics[0]) ?? .notAvailable(reason: "it has not \(folds) folds"))
  }

  static func make(_ parts: [CellGroup.Key: OfInitialization], _ context: SectionContext) -> CrossValidation? {
    let tasks = context.outline.tasks.compactMap { task -> Task? in
      guard let folds = task.folds else { return nil }
      let metric = task.kind.tableMetrics[0]
      return Task(
        task: task.name, folds: folds, isByPatient: (try? task.splits(from: context.source))?.first?.origin?.isByPatient, metric: metric,
        title: task.titleWithUnit(of: metric), scale: task.scale(of: metric),
        initializations: context.outline.initializations.compactMap { start in
          parts[.init(task: task.name, initialization: start.name, fraction: task.largestFraction)]
        })
    }
    return tasks.isEmpty ? nil : CrossValidation(tasks: tasks)
  }
}

extension CrossValidation {
  var title: String { "Cross-validation" }
  var opensMethods: Bool { true }

  var sentences: [String] { tasks.map { $0.design + " " + $0.progress } }

  var remarks: [String] { tasks.map(\.design) }

  var tables: [ReportTable] {
    tasks.map { task in
      var table = ReportTable(
        title: "Folds of \(task.task)",
        caption: "\(task.title), of each fold's own test images, the mean over the repeats. Folds are no repeats: their networks have most of their training images in common.",
        label: "folds-\(task.task)",
        columns: [.init("Initialization"), .init("Repeats", .right)] + (1...max(1, task.folds)).map { .init("Fold \($0)", .right) })
      for one in task.initializations {
        let values: [ReportTable.Cell] =
          switch one.folds {
          case .value(let found): found.map { .init(task.scale.text($0).replacingMinus) }
          case .notAvailable(let reason): (0..<task.folds).map { _ in .init("n/a", note: "\(one.initialization) on \(task.task): \(reason).") }
          }
        table.append([.init(one.initialization), .init("\(one.repeats) of \(one.plannedRepeats)")] + values)
      }
      return table
    }
  }

  var methods: String {
    tasks.map(\.design).joined(separator: " ")
      + " A repeat is one seed over all folds, in which every image is tested once by the network that did not see it; it counts once all folds are finished, and folds "
      + "are never counted as seeds. AUROC, average precision and sensitivities at a fixed specificity are the mean of the folds' own values, since scores of two networks have no common scale "
      + "(Forman and Scholz 2010); decisions are each fold's own, at the thresholds of its validation images, and decisions, probabilities, masks and numbers of all folds are pooled. "
      + "Since the networks of different folds share training images, the variance of a mean and of a difference has beside the parts of seeds and patients that of Nadeau and Bengio (2003), "
      + "1/(k − 1) of the variance of the folds' values with k − 1 degrees of freedom, so that tests and intervals are for other seeds, other patients and other training images; an unbiased "
      + "estimate does not exist (Bengio and Grandvalet 2004). Calibration, confusion tables, decision curves, limits of agreement, claims of superiority, intervals of one network, "
      + "subgroups and label prices are of one network or one test part and are not given for these tasks."
  }
}

extension CrossValidation.Task {
  /// `effusion: 5-fold cross-validation, patient-disjoint; 3 repeats of 5 folds.`
  var design: String {
    let disjoint =
      switch isByPatient {
      case true?: "patient-disjoint"
      case false?: "image-disjoint (patients are not known)"
      case nil: "by whole patients where they are known"
      }
    let counts = Set(initializations.map(\.repeats)), least = counts.min() ?? 0, most = counts.max() ?? 0
    let repeats = least == most ? "\(grouped(most)) repeat\(most == 1 ? "" : "s")" : "\(grouped(least)) to \(grouped(most)) repeats"
    return "\(task): \(folds)-fold cross-validation, \(disjoint); \(repeats) of \(folds) folds."
  }

  fileprivate var progress: String {
    let open = initializations.filter { $0.repeats < $0.plannedRepeats }
    let words =
      open.isEmpty
      ? "All planned repeats are whole."
      : "Not all repeats are whole: \(firstFew(open.map { "\($0.initialization) \($0.repeats) of \($0.plannedRepeats)" }, atMost: 4))."
    return words + (initializations.contains { $0.repeats == 1 } ? " One repeat says nothing about other seeds: nothing is tested with it." : "")
  }
}
