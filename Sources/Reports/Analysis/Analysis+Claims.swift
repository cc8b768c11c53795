internal import Figures
internal import Foundations
internal import Statistics

/// The probability that a claim of superiority is false, where a table of means says what that rests on (`ResultTable.TestImages`).
extension Analysis {
  static let claimTitle = "P(false)"

  private var claimed: [(task: String, comparison: Comparison)] {
    tasks.flatMap { task in (task.againstBest?.comparisons ?? []).filter { $0.falseClaim != nil }.map { (task.title, $0) } }
  }

  var hasClaims: Bool { !claimed.isEmpty }

  /// The column of a family's table: none where nothing is known of the family's images.
  func claimTitles(_ family: ComparisonFamily) -> [String] {
    family.comparisons.contains { $0.falseClaim != nil } ? [Self.claimTitle] : []
  }

  func claimTexts(_ comparison: Comparison, in family: ComparisonFamily) -> [String] {
    claimTitles(family).map { _ in Self.text(comparison.falseClaim) }
  }

  func claimCell(_ comparison: Comparison) -> ReportTable.Cell {
    .init(
      Self.text(comparison.falseClaim), isShaded: false,
      note: comparison.falseClaim?.reason.map { "Probability of a false claim on \(comparison.first) and \(comparison.second): not available, \($0)." })
  }

  /// `0.031`, or `0.0021 to 0.31` where it is not known how the two agree on single images.
  private static func text(_ claim: Available<ResultTable.ClaimBounds>?) -> String {
    guard let claim else { return "" }
    return claim.known.map { $0.lower == $0.upper ? pText(.value($0.lower)) : "\(pText(.value($0.lower))) to \(pText(.value($0.upper)))" } ?? "n/a"
  }

  /// How many claims may be made, and which may not.
  var claimSentences: [String] {
    guard hasClaims else {
      return [
        "The probability that a claim of superiority is false, P(false), is not available: nothing is said of the test images behind the means (columns "
          + "images and accuracy, or images and imageStd, of a file of means)."
      ]
    }
    let limit = FalseClaim.limit, percent = "\(fixed(limit * 100, 0)) %"
    let known = claimed.compactMap { one in one.comparison.falseClaim?.known.map { (one.task, one.comparison, $0) } }
    func names(_ claims: [(String, Comparison, ResultTable.ClaimBounds)]) -> String {
      firstFew(claims.map { "\($0.1.first) over \($0.1.second) on \($0.0) (\(Self.text(.value($0.2))))" }, atMost: 4)
    }
    var sentences: [String] = []
    if !known.isEmpty {
      let risky = known.filter { $0.2.lower > limit }, open = known.filter { $0.2.lower <= limit && $0.2.upper > limit }
      var text =
        "Of \(grouped(known.count)) claim\(known.count == 1 ? "" : "s") that the best of a task is better than another on other images of the kind, "
        + "\(grouped(known.count - risky.count - open.count)) \(known.count - risky.count - open.count == 1 ? "is" : "are") false with a probability of \(percent) or less"
      if !risky.isEmpty { text += "; \(grouped(risky.count)) with more: \(names(risky))" }
      if !open.isEmpty {
        text += "; of \(grouped(open.count)) it cannot be told without the congruence or correlation: \(names(open))"
      }
      sentences.append(text + ".")
    }
    for reason in distinct(claimed.compactMap { $0.comparison.falseClaim?.reason }) { sentences.append("P(false) n/a: \(reason).") }
    return sentences
  }

  /// What was computed, for the Methods section.
  var claimMethods: String {
    let known = claimed.compactMap { $0.comparison.falseClaim?.known }
    guard !known.isEmpty else { return "" }
    let isRange = known.contains { $0.lower != $0.upper }
    return "P(false), the probability that the best is in truth no better than another on other images of the kind, was computed after Christodoulou et al. (2025) from the "
      + "numbers of test images, for accuracies by the regularized incomplete beta function, for means over images by Student's t"
      + (isRange
        ? "; where it is not stated how often both are right, or how the images' values are correlated, the least and the greatest that are possible (correlations from 0 to 1) are given."
        : ".")
  }
}
