import Foundation
import Foundations
import LabelPriceSimulation
import Statistics

/// How often the 95 % interval of a label price holds the true one, over simulated studies, beside a bootstrap that draws seeds with
/// replacement: the table of Documentation/statistics.md.
///
///     label-price-simulation [studies]
@main struct LabelPriceCommand {
  static func main() {
    let studies = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 2000
    print("\(studies) studies a row. Covers: share of the 95 % intervals that hold the true price; above, below: the truth lies there; open: the")
    print("interval ends at “not reached”. Bootstrap: percentiles of 1,000 draws of seeds with replacement and of patients by normal weights.\n")
    var table = Table(columns: [
      Table.Column("Data"), Table.Column("Curve"), Table.Column("Seeds", .right), Table.Column("Patients", .right), Table.Column("With", .right),
      Table.Column("True price", .right), Table.Column("Covers", .right), Table.Column("Below", .right), Table.Column("Above", .right),
      Table.Column("Open", .right), Table.Column("Bootstrap covers", .right),
    ])
    for curves in cases {
      let own = PriceCoverage.ofProduct(curves, studies: studies), drawn = Bootstrapped.coverage(curves, studies: studies)
      func percent(_ count: Int, _ of: PriceCoverage) -> String { String(format: "%.1f %%", 100 * Double(count) / Double(max(1, of.count))) }
      table.append([
        curves.data.rawValue, (curves.bend == 1 ? "straight" : "bent") + (curves.slope < 0.03 ? ", flat" : ""), "\(curves.seeds)", "\(curves.patients)",
        String(format: "%g %%", 100 * curves.fraction), curves.price.map { String(format: "%g %%", 100 * $0) } ?? "not reached",
        percent(own.covered, own), percent(own.tooHigh, own), percent(own.tooLow, own), percent(own.open, own), percent(drawn.covered, drawn),
      ])
    }
    print(table.rendered())
  }

  private static var cases: [SimulatedCurves] {
    var all: [SimulatedCurves] = []
    for data in SimulatedCurves.Data.allCases {
      for seeds in [3, 5, 10] {
        for patients in [50, 200, 600] {
          var curves = SimulatedCurves()
          (curves.data, curves.seeds, curves.patients) = (data, seeds, patients)
          all.append(curves)
        }
      }
      var curves = SimulatedCurves()
      curves.data = data
      for (fraction, shift) in [(0.2, 1.0), (0.5, 0.4), (0.5, 4), (1, 0.9), (0.05, 4)] {
        (curves.fraction, curves.shift) = (fraction, shift)
        all.append(curves)
      }
      curves = SimulatedCurves()
      (curves.data, curves.slope) = (data, 0.015)
      all.append(curves)
      (curves.slope, curves.bend) = (0.04, 1.5)
      all.append(curves)
    }
    return all
  }
}

/// The other way, which the report does not go.
private enum Bootstrapped {
  static func coverage(_ curves: SimulatedCurves, studies: Int) -> PriceCoverage {
    let found = concurrentMap(studies) { index in curves.study(seed: index).flatMap { ends($0.other, $0.reference, seed: UInt64(index)) } }
    var coverage = PriceCoverage()
    for one in found.compactMap({ $0 }) { coverage.add(lower: one.lower, upper: one.upper, truth: curves.price) }
    return coverage
  }

  /// Seeds with replacement is a variance of MS·(r − 1)/r² of the mean; patients by weights that are the same for all.
  private static func ends(
    _ other: LabelPrice.Point, _ reference: [LabelPrice.Point], seed: UInt64
  ) -> (lower: MonotoneCurve.Reach, upper: MonotoneCurve.Reach)? {
    let all = reference + [other], groups = all.compactMap(\.seeds.known)
    guard groups.count == all.count, let count = groups.first?.deviations.values.count else { return nil }
    var generator = SeededGenerator(seed: seed)
    var prices: [(order: Double, reach: MonotoneCurve.Reach)] = []
    for _ in 0..<1000 {
      let weights = (0..<count).map { _ in generator.normal() }
      let means = groups.map { group -> Double in
        let r = Double(group.seedCount), spread = (group.meanSquare * (r - 1)).squareRoot() / r
        return group.mean + spread * generator.normal() + zip(weights, group.deviations.values).reduce(0) { $0 + $1.0 * $1.1 }
      }
      guard let curve = MonotoneCurve.make(fractions: reference.map(\.fraction), values: Array(means.dropLast())).known else { return nil }
      let reach = curve.fraction(reaching: means[means.count - 1])
      let order =
        switch reach {
        case .below: 0.0
        case .at(let fraction): fraction
        case .notReached: Double.infinity
        }
      prices.append((order, reach))
    }
    prices.sort { $0.order < $1.order }
    return (prices[25].reach, prices[974].reach)
  }
}
