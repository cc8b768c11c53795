internal import Foundations
internal import Statistics
internal import Studies

extension SubgroupsSection {
  var sentences: [String] {
    tasks.flatMap { task in
      task.groups.map { sentence($0, of: task) }
        + (task.leftOut ?? []).map {
          "\(task.name): \($0)\(Analysis.leftOutMark) is shown in the strata and compared with nothing, since test images are on the list of its training images."
        }
    } + unreadSentences
  }

  /// Differences that are another in one stratum than elsewhere qualify the verdict, so they are said beside it.
  var remarks: [String] {
    let found = tasks.flatMap { task in
      task.groups.flatMap { group in group.interactions.filter(isShown).map { "\(task.name): \(words($0, of: task))." } }
    }
    let more = found.count > 3 ? ["… and \(grouped(found.count - 3)) more differences between strata, in the section Subgroups."] : []
    return Array(found.prefix(3)) + more + unreadSentences
  }

  var methods: String {
    let measured = tasks.flatMap(\.groups)
    guard !measured.isEmpty else { return "" }
    let hasClasses = tasks.contains { !$0.kind.isSegmentation }
    var text = "Results were computed in the strata of \(listed(distinct(measured.map(\.name))))"
    text +=
      " with at least \(TestStrata.least) images with and without the finding"
      + (tasks.contains { $0.kind.isClassification && $0.kind.hasSeveralClasses } ? " (means over the classes that have as many in every compared stratum)" : "")
    if tasks.contains(where: \.kind.isSegmentation) {
      text +=
        " (\(TestStrata.least) patients for a segmentation\(tasks.contains(where: \.kind.hasSeveralMasks) ? "; means over the classes that are drawn in every compared stratum" : ""))"
    }
    text += ", each with an interval for other seeds and other patients on the logit scale"
    if hasClasses { text += ", and with sensitivity and specificity at the threshold that each run has from its validation set" }
    text += ". Images of unknown value are a stratum that is counted and not compared."
    if measured.contains(where: { $0.interactions.contains { $0.p.known != nil } }) {
      text +=
        " Whether the difference of an initialization from the reference is another in one stratum than in the other"
        + " (than in all others together, where there are more than two) was tested by the interaction contrast over seeds and patients,"
        + " made from each seed's own contrast of the strata, with Holm's correction over the contrasts of one group of one task"
        + " at α = \(significant(significance, 6))."
    }
    if let gap = measured.flatMap(\.initializations).compactMap(\.gap.known).first(where: { $0.gap.known != nil }) {
      text +=
        " The gap between strata, the greatest value less the least, was compared with those of \(grouped(gap.dealCount)) deals of the"
        + " strata's names among the patients, with and without the finding apart, with Holm's correction over the initializations."
    }
    return text
  }

  private var unreadSentences: [String] {
    unread.map { one in "\(one.task)\(one.initialization.map { " from \($0)" } ?? "") is not told apart by groups: \(one.reason)." }
  }

  func isShown(_ interaction: Interaction) -> Bool { interaction.adjustedP.known.map { $0 < significance } ?? false }

  private func sentence(_ group: Group, of task: Task) -> String {
    let counts = group.strata.map { "\($0.name) \(grouped($0.images))\($0.tooFew == nil ? "" : ", too few")" }.joined(separator: "; ")
    let start = "\(task.name) by \(group.name) (test images: \(counts)): "
    guard group.strata.count(where: \.isCompared) > 1 else { return start + "fewer than two strata have enough images, so nothing is compared." }
    let found = group.interactions.filter(isShown)
    if !found.isEmpty { return start + found.map { words($0, of: task) }.joined(separator: "; ") + "." }
    guard let least = group.interactions.filter({ $0.adjustedP.known != nil }).min(by: { ($0.p.known ?? 1) < ($1.p.known ?? 1) }) else {
      guard let reason = group.interactions.compactMap(\.p.reason).first else { return start + "there is nothing to compare \(task.reference ?? "it") with." }
      return start + "no difference between initializations was compared between strata: \(reason)."
    }
    return start + "no initialization's difference from \(task.reference ?? "the reference") is shown to be another in one stratum than elsewhere"
      + " (least p \(pText(least.adjustedP)) after Holm's correction: \(words(least, of: task, hasP: false)))."
  }

  /// `random minus imagenet is 5.20 points lower in F than in M (95 % interval −8.10 to −2.30, p = 0.003 after Holm's correction)`
  private func words(_ interaction: Interaction, of task: Task, hasP: Bool = true) -> String {
    let scale = ResultTable.Scale.percent, value = interaction.difference.known ?? 0
    let level = "\(significant(100 * (1 - significance), 6)) % interval"
    let interval = interaction.interval.known.map { "\(level) \(scale.signed($0.lower)) to \(scale.signed($0.upper))" } ?? "\(level) n/a"
    return
      "\(interaction.initialization) minus \(task.reference ?? "reference") is \(scale.text(abs(value))) points \(value < 0 ? "lower" : "higher") in \(interaction.stratum) than in \(interaction.other ?? "the others")"
      + " (\(interval)\(hasP ? ", p \(pText(interaction.adjustedP)) after Holm's correction" : ""))"
  }
}
