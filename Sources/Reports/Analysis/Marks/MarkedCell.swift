public import Foundations
public import Statistics

extension MarksCheck {
  /// What a test says of a mark, whatever is not known of the printed numbers.
  public enum Standing: String, Codable, Hashable, Sendable, CaseIterable {
    /// The test disagrees with n and with n − 1 in the denominator of the printed deviations, for every value within the rounding.
    case contradicted
    /// It agrees with both, for every such value.
    case notContradicted = "not contradicted"
    /// It agrees with some of these and disagrees with others.
    case depends
  }

  /// The p-values that one denominator of the printed deviations leaves possible.
  public struct PRange: Codable, Hashable, Sendable {
    /// Of the numbers as they were printed.
    public let printed: Statistic
    /// Over all means and deviations that are rounded to the printed ones.
    public let least: Statistic
    public let greatest: Statistic

    /// Student's |t| rises with the difference of the means and falls as either deviation rises, so both ends are at corners: the least p
    /// where the means are as far apart as rounding lets them be and the deviations as small, the greatest where both are the other way
    /// round (with equal means, p = 1, where rounding lets them be equal).
    init(_ best: MarkedValue, _ other: MarkedValue, runs: Int, _ deviations: PrintedDeviations) {
      let distance = abs(best.mean - other.mean), reach = best.meanRounding + other.meanRounding
      func p(_ distance: Double, _ side: Double) -> Statistic {
        func summary(_ mean: Double, _ value: MarkedValue) -> Summary {
          let printed = value.standardDeviation.map { max(0, $0 + side * value.deviationRounding) }
          return Summary(count: runs, mean: mean, standardDeviation: printed.map { deviations.sample($0, count: runs) })
        }
        let (first, second) = (summary(distance, best), summary(0, other))
        // No spread at all and a difference: nothing is less probable.
        if distance > 0, first.standardDeviation.known == 0, second.standardDeviation.known == 0 { return .value(0) }
        return studentTest(first, second).p
      }
      printed = p(distance, 0)
      least = p(distance + reach, -1)
      greatest = p(max(0, distance - reach), 1)
    }

    func crosses(_ level: Double) -> Bool {
      guard let least = least.known, let greatest = greatest.known else { return false }
      return least < level && greatest >= level
    }
  }

  /// A mean with its deviation as they were printed, and how far each may be from what was rounded.
  struct MarkedValue {
    let mean: Double
    let standardDeviation: Double?
    let meanRounding: Double
    let deviationRounding: Double

    init?(_ cell: ResultTable.Cell) {
      guard let mean = cell.summary.mean.known else { return nil }
      self.mean = mean
      standardDeviation = cell.printed.map(\.standardDeviation) ?? cell.summary.standardDeviation.known
      (meanRounding, deviationRounding) = (cell.printed?.meanRounding ?? 0, cell.printed?.deviationRounding ?? 0)
    }
  }

  /// A mark beside that of the best.
  public struct Cell: Codable, Hashable, Sendable {
    public let task: String
    public let initialization: String
    public let mean: Double
    /// Shaded; the others are said to differ from the best.
    public let isMarkedEquivalent: Bool
    /// With the denominator that the settings name.
    public let p: Statistic
    /// Shaded and p ≥ 0.05, or not shaded and p < 0.05; nil where there is no p.
    public let agrees: Bool?
    public let ofNMinusOne: PRange
    public let ofN: PRange
    /// Nil where there is no p.
    public let standing: Standing?
    /// Whether the two denominators disagree on the numbers as they were printed.
    public let dependsOnDenominator: Bool
    /// Whether values that are rounded to the printed ones disagree, with one denominator.
    public let dependsOnRounding: Bool

    init(_ task: String, _ cell: ResultTable.Cell, _ value: MarkedValue, best: MarkedValue, runs: Int, _ deviations: PrintedDeviations) {
      (self.task, initialization, mean) = (task, cell.initialization, value.mean)
      let isShaded = cell.mark == .equivalent, level = MarksCheck.level
      isMarkedEquivalent = isShaded
      ofNMinusOne = PRange(best, value, runs: runs, .nMinusOne)
      ofN = PRange(best, value, runs: runs, .n)
      p = deviations == .n ? ofN.printed : ofNMinusOne.printed
      agrees = p.known.map { ($0 >= level) == isShaded }
      let sides = [ofNMinusOne, ofN].map { $0.printed.known.map { $0 >= level } }
      dependsOnDenominator = sides[0] != sides[1]
      dependsOnRounding = ofNMinusOne.crosses(level) || ofN.crosses(level)
      let isOpen = dependsOnDenominator || dependsOnRounding
      standing = agrees.map { isOpen ? .depends : $0 ? .notContradicted : .contradicted }
    }

    func p(_ deviations: PrintedDeviations) -> Statistic { deviations == .n ? ofN.printed : ofNMinusOne.printed }
    func agrees(_ deviations: PrintedDeviations) -> Bool? { p(deviations).known.map { ($0 >= MarksCheck.level) == isMarkedEquivalent } }
  }
}
