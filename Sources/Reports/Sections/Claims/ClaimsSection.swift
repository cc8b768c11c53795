internal import Figures
internal import Foundations
internal import Statistics
internal import Studies

/// How probable it is that the best of each task is in truth no better than each other, on other images of the kind (Christodoulou et al.
/// 2025, arXiv 2505.04720).
///
/// The paper's claims are of accuracies and of the mean Dice of images, so these are: decisions at each run's own threshold of the validation
/// set, and the images' Dice averaged over the seeds. How often both are right, or the correlation of the two, is measured from the
/// predictions. Of decisions the table of the paper (only the one right, only the other) is that of a run of the one beside a run of the other,
/// averaged over all pairs of seeds: no seed is picked, and what seeds differ in stands among the disagreements. Images of one patient, and the
/// decisions on the findings of one image, are not independent: they count as many as their design effect leaves.
///
/// Nobody claims what was not found: there is no claim of a task whose best learned nothing, over one that it is tied with, or over one that
/// is at least as often right (or has at least its mean Dice), whatever the task's first metric says.
struct ClaimsSection: StudySection {
  enum Measure: String, Codable, Hashable, Sendable { case accuracy, meanDice }

  /// What a probability rests on.
  struct Basis: Codable, Hashable, Sendable {
    let measure: Measure
    /// The accuracy or the mean Dice of the one that is claimed to be better, and of the other.
    let better: Double
    let other: Double
    /// The share of decisions that both get right (congruence); the correlation of the images' Dice.
    let agreement: Statistic
    /// Decisions, or images.
    let unitCount: Int
    /// How many independent decisions they are worth; nil for Dice, where patients have their own variance.
    let effectiveCount: Double?
  }

  struct Claim: Codable, Hashable, Sendable {
    let task: String
    /// The best of its task by the task's first metric.
    let better: String
    let other: String
    let imageCount: Int
    let patientCount: Int
    let basis: Available<Basis>
    /// That the claim is false.
    let probability: Statistic
  }

  static let id = "claims"

  let claims: [Claim]

  static func part(of group: GroupContents) -> ClaimAnswers? {
    group.key.fraction == group.task.largestFraction ? ClaimAnswers(group) : nil
  }

  static func make(_ parts: [CellGroup.Key: ClaimAnswers], _ context: SectionContext) -> ClaimsSection? {
    var seen: Set<String> = []
    let claims = zip(context.analysis.table.tasks, context.analysis.tasks).flatMap { values, analysis -> [Claim] in
      guard seen.insert(values.name).inserted, let best = analysis.best.known, analysis.nothingLearned[best] == nil,
        let task = context.outline.tasks.first(where: { $0.name == values.name })
      else { return [] }
      func answers(_ name: String) -> ClaimAnswers? { parts[.init(task: task.name, initialization: name, fraction: task.largestFraction)] }
      guard let first = answers(best) else { return [] }
      return values.compared.map(\.initialization).filter { $0 != best && !analysis.tied.contains($0) }.compactMap { name in
        answers(name).map { Claim(task: task.name, better: best, other: name, first, $0) }
      }.filter { claim in claim.basis.known.map { $0.better > $0.other } ?? true }
    }
    return claims.isEmpty ? nil : ClaimsSection(claims: claims)
  }
}

extension ClaimsSection {
  var title: String { "Claims of superiority" }

  var sentences: [String] {
    let known = claims.filter { $0.probability.known != nil }, risky = known.filter(\.isRisky)
    guard !known.isEmpty else { return ["Of no claim that the best of a task is better than another could the probability of being false be computed."] }
    let limit = "\(fixed(FalseClaim.limit * 100, 0)) %"
    let rest =
      risky.isEmpty
      ? "each is false with a probability of \(limit) or less."
      : "\(grouped(risky.count)) \(risky.count == 1 ? "is" : "are") false with a probability above \(limit): "
        + "\(firstFew(risky.map { "\($0.better) over \($0.other) on \($0.task) (\(pText($0.probability)))" }, atMost: 4))."
    return ["Of \(grouped(known.count)) claim\(known.count == 1 ? "" : "s") that the best of a task is better than another, \(rest)"]
  }

  var tables: [ReportTable] {
    var table = ReportTable(
      title: "Claims of superiority",
      caption: "P(false): the probability that the claim is false on other images of the kind, with these networks (Christodoulou et al. 2025). "
        + "Accuracies are of decisions at each run's own threshold of the validation set, over all pairs of seeds; a mean Dice is of the images' Dice "
        + "averaged over the seeds. No claim is made of a tie, of what learned nothing, or where the best of the task's first metric is not ahead in these. "
        + "Not corrected for the number of claims.",
      label: "claims",
      columns: [.init("Task"), .init("Claim"), .init("Measured, %", .right), .init("P(false)", .right), .init("n", .right), .init("It rests on")],
      headingColumns: 2, shadedMeaning: "more than \(fixed(FalseClaim.limit * 100, 0)) %: not to be claimed")
    for claim in claims {
      table.append([
        .init(claim.task), .init(claim.text), .init(claim.measuredText, note: claim.basis.reason),
        claim.cell(isShaded: claim.isRisky),
        .init(grouped(claim.imageCount)), .init(claim.basisText),
      ])
    }
    return [table]
  }

  var methods: String {
    let known = claims.filter { $0.probability.known != nil }.compactMap(\.basis.known)
    guard !known.isEmpty else { return "" }
    let decisions =
      known.contains { $0.measure == .accuracy }
      ? " for accuracies by the incomplete beta function from how often both are right, over all pairs of seeds, with as many independent decisions as the patients' are worth;"
      : ""
    let overlaps =
      known.contains { $0.measure == .meanDice }
      ? " for mean Dice by Student's t of the images' differences, averaged over seeds and taken together by patient;" : ""
    return "The probability that the best of a task is in truth no better than another was computed after Christodoulou et al. (2025):"
      + (decisions + overlaps).dropLast() + "."
  }
}

extension ClaimsSection.Claim {
  /// That it is false.
  func cell(isShaded: Bool = false) -> ReportTable.Cell { .init(pText(probability), isShaded: isShaded, note: probability.reason) }

  fileprivate var isRisky: Bool { (probability.known ?? 0) > FalseClaim.limit }

  fileprivate var text: String {
    switch basis.known?.measure {
    case .accuracy: "\(better) is right more often than \(other)"
    case .meanDice: "\(better) has a higher mean Dice than \(other)"
    case nil: "\(better) is better than \(other)"
    }
  }

  fileprivate var measuredText: String {
    basis.known.map { "\(fixed($0.better * 100, 2)) and \(fixed($0.other * 100, 2))" } ?? "n/a"
  }

  /// `both right 84.20 %; 240 patients; 8,000 decisions, worth 2,100`.
  fileprivate var basisText: String {
    guard let basis = basis.known else { return "n/a" }
    var parts: [String] = []
    switch basis.measure {
    case .accuracy: parts.append("both right \(basis.agreement.known.map { fixed($0 * 100, 2) } ?? "n/a") %")
    case .meanDice: parts.append("correlation \(basis.agreement.known.map { fixed($0, 2).replacingMinus } ?? "n/a")")
    }
    if patientCount != imageCount { parts.append("\(grouped(patientCount)) patients") }
    if basis.unitCount != imageCount { parts.append("\(grouped(basis.unitCount)) decisions") }
    if let count = basis.effectiveCount, count < Double(basis.unitCount) - 0.5 { parts.append("worth \(grouped(Int(count.rounded())))") }
    return parts.joined(separator: "; ")
  }
}
