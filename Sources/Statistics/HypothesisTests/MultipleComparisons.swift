public import Foundations

/// How p-values are adjusted for the size of their family.
public enum Correction: String, Codable, Hashable, Sendable, CaseIterable {
  case none
  /// m·p. Controls the chance of any false finding.
  case bonferroni
  /// The step-down max over j ≤ i of (m − j + 1)·p₍ⱼ₎ (Holm 1979, Scandinavian Journal of Statistics 6). Controls the chance
  /// of any false finding, and finds at least what Bonferroni finds.
  case holm
  /// The step-up min over j ≥ i of m/j·p₍ⱼ₎ (Benjamini and Hochberg 1995, JRSS B 57). Controls the share of false findings
  /// among the findings, for independent or positively dependent tests.
  case benjaminiHochberg

  /// For a caption or a Methods paragraph.
  public var name: String {
    switch self {
    case .none: "no correction"
    case .bonferroni: "Bonferroni"
    case .holm: "Holm"
    case .benjaminiHochberg: "Benjamini–Hochberg"
    }
  }
}

/// A declared family of tests and its adjusted p-values.
public struct AdjustedFamily: Codable, Hashable, Sendable {
  public let correction: Correction
  /// In the order of the family; a member without a p-value keeps its reason. Each is at least the p it comes from, at most 1.
  public let p: [Statistic]
  /// The members as declared.
  public let memberCount: Int
  /// The members that have a p-value: the m of the correction. A test that could not be carried out finds nothing whatever
  /// the correction, so it takes no share of the error rate (as in R's p.adjust).
  public let testedCount: Int

  public init(_ family: [Statistic], correction: Correction) {
    self.correction = correction
    memberCount = family.count
    let tested = family.indices.filter { family[$0].known != nil }
    testedCount = tested.count
    let m = Double(tested.count)
    let raw = family.map { $0.known ?? 1 }
    var adjusted = family
    switch correction {
    case .none: break
    case .bonferroni:
      for index in tested { adjusted[index] = .value(min(1, m * raw[index])) }
    case .holm:
      var highest = 0.0
      for (rank, index) in tested.sorted(by: { raw[$0] < raw[$1] }).enumerated() {
        highest = max(highest, min(1, (m - Double(rank)) * raw[index]))
        adjusted[index] = .value(highest)
      }
    case .benjaminiHochberg:
      var lowest = 1.0
      for (rank, index) in tested.sorted(by: { raw[$0] < raw[$1] }).enumerated().reversed() {
        lowest = min(lowest, m / Double(rank + 1) * raw[index])
        adjusted[index] = .value(lowest)
      }
    }
    p = adjusted
  }

  /// The family of several results.
  public init(_ results: [TestResult], correction: Correction) { self.init(results.map(\.p), correction: correction) }
}
