import Foundation
import Foundations

/// How the intervals of one quantity did on the test sets of one kind and size.
struct Cell {
  enum Outcome {
    case holds
    /// The whole interval lies above the truth, or below it.
    case above, below
    /// There is none, as of an AUROC without positives.
    case none
  }

  let scenario: String
  let quantity: Quantity
  let patients: Int
  private var counts: [Bool: [Outcome: Int]] = [:]

  init(scenario: String, quantity: Quantity, patients: Int) { (self.scenario, self.quantity, self.patients) = (scenario, quantity, patients) }

  mutating func add(_ outcome: Outcome, isWarned: Bool) { counts[isWarned, default: [:]][outcome, default: 0] += 1 }

  private func sum(_ outcomes: [Outcome], warned: [Bool]) -> Int { warned.reduce(0) { sum, key in sum + outcomes.reduce(0) { $0 + (counts[key]?[$1] ?? 0) } } }

  private static let bounded: [Outcome] = [.holds, .above, .below]
  var missing: Int { sum([.none], warned: [true, false]) }
  /// Sets with an interval.
  var bounded: Int { sum(Self.bounded, warned: [true, false]) }
  var coverage: Double? { ratio(sum([.holds], warned: [true, false]), bounded) }
  var warned: Double? { ratio(sum(Self.bounded, warned: [true]), bounded) }
  /// Sets whose interval misses the truth and says nothing against itself, of all that have one.
  var silentMisses: Double? { ratio(sum([.above, .below], warned: [false]), bounded) }

  private func ratio(_ part: Int, _ whole: Int) -> Double? { whole > 0 ? Double(part) / Double(whole) : nil }

  /// Whether there are enough sets with an interval to say how often it holds.
  var isCounted: Bool { bounded >= 100 }

  var isWithin: Bool { (0.93...0.97).contains(coverage ?? 0) }

  /// 93 to 97 of 100 intervals hold the truth, give or take the luck of so many sets, or there is a warning: those that miss it without one are 7 of
  /// 100 at most, and where more than 97 hold it half of them have one. A warning can only be given for what a set shows: where one patient in
  /// twenty is missed entirely, some sets of fifty have none.
  var failure: String? {
    guard isCounted, let coverage, let silentMisses, let warned else { return nil }
    let luck = 2.6 * (0.05 * 0.95 / Double(bounded)).squareRoot()
    if coverage < 0.93 - luck, silentMisses > 0.07 + luck { return "too seldom" }
    // Three of 100 misses are rarer than five, and so is their luck.
    let luckAbove = 2.6 * (0.03 * 0.97 / Double(bounded)).squareRoot()
    return coverage > 0.97 + luckAbove && warned < 0.5 ? "too often" : nil
  }

  var words: String {
    "\(quantity.title), \(scenario), \(patients) patients: holds the truth \(failure ?? "as it says"), in \(percent(coverage)) of \(bounded) sets; \(percent(warned)) have a warning, \(percent(silentMisses)) miss without one"
  }

  private func percent(_ share: Double?) -> String { share.map { String(format: "%.1f %%", $0 * 100) } ?? "–" }

  static func table(_ cells: [Cell]) -> Table {
    var table = Table(columns: [
      .init("Metric"), .init("Method"), .init("Patients", .right), .init("Sets of test images"), .init("Covers", .right), .init("Low / high", .right),
      .init("Warned", .right), .init("Miss unwarned", .right), .init("None", .right),
    ])
    for cell in cells {
      let all = Double(max(1, cell.bounded))
      let low = cell.sum([.below], warned: [true, false]), high = cell.sum([.above], warned: [true, false])
      table.append([
        cell.quantity.title, cell.quantity.method, String(cell.patients), cell.scenario, cell.percent(cell.coverage),
        String(format: "%.1f / %.1f", Double(low) / all * 100, Double(high) / all * 100), cell.percent(cell.warned), cell.percent(cell.silentMisses),
        cell.percent(Double(cell.missing) / Double(max(1, cell.bounded + cell.missing))),
      ])
    }
    return table
  }

  /// Of each quantity and number of patients the least and the greatest coverage among the kinds of sets that mostly have no warning, and how many kinds
  /// mostly have one.
  static func summary(of cells: [Cell], sizes: [Int]) -> Table {
    var table = Table(columns: [.init("Metric"), .init("Method")] + sizes.map { .init("\($0)", .right) })
    var order: [Quantity] = []
    for cell in cells where !order.contains(cell.quantity) { order.append(cell.quantity) }
    for quantity in order {
      table.append(
        [quantity.title, quantity.method]
          + sizes.map { size in
            let known = cells.filter { $0.quantity == quantity && $0.patients == size && $0.isCounted }
            let silent = known.filter { ($0.warned ?? 1) < 0.5 }.compactMap(\.coverage), warned = known.count - silent.count
            let range = silent.min().flatMap { least in silent.max().map { String(format: "%.1f–%.1f", 100 * least, 100 * $0) } }
            return [range, warned > 0 ? "\(warned) warned" : nil].compactMap(\.self).joined(separator: ", ")
          })
    }
    return table
  }
}
