import Foundation
import Foundations
public import Statistics

/// Studies whose label price is known: a reference at several amounts of training images, and another initialization that does with the
/// share f what the reference does with s·f.
///
/// The true value of the reference is v(p) = top − slope·(−ln p)^bend, a straight line in ln p for a bend of 1. Patients move all runs
/// alike, each initialization and each amount in its own way, seeds move their run, and each run has noise of its own by patient.
public struct SimulatedCurves: Sendable {
  public enum Data: String, CaseIterable, Sendable {
    /// The mean of a value of each patient, as Dice per image is.
    case means
    /// Scores of patients with and without a finding, of which the AUROC is taken.
    case areas
  }

  public var data = Data.means
  public var fractions = [0.05, 0.1, 0.2, 0.5, 1]
  public var seeds = 5
  public var patients = 100
  /// Of the value by ln p.
  public var slope = 0.04
  public var bend = 1.0
  /// The other's share of the training images, and how many times as many the reference needs.
  public var fraction = 0.1
  public var shift = 2.5
  /// Standard deviations: of patients in all, in an initialization, in an amount; of a seed; of a seed on a patient.
  public var ofPatients = 0.1
  public var ofInitializations = 0.05
  public var ofAmounts = 0.03
  public var ofSeeds = 0.008
  public var ofRuns = 0.06

  public init() {}

  /// The true price, which is nil where the reference does not reach it with all.
  public var price: Double? { fraction * shift <= (fractions.max() ?? 1) ? fraction * shift : nil }

  private func value(_ share: Double) -> Double { 0.8 - slope * pow(max(0, -log(share)), bend) }

  /// A study's reference and the other, as a report has them.
  public func study(seed: Int) -> (other: LabelPrice.Point, reference: [LabelPrice.Point])? {
    var generator = (SeedPath(seed) / "label price").generator()
    func noise(_ spread: Double) -> [Double] { (0..<patients).map { _ in spread * generator.normal() } }
    let common = noise(ofPatients), ofReference = noise(ofInitializations), ofOther = noise(ofInitializations)
    func point(_ fraction: Double, _ truth: Double, _ own: [Double]) -> LabelPrice.Point? {
      let amount = noise(ofAmounts), spread = ofSeeds * pow(fraction, -0.25)
      var values: [Double] = [], deviations: [PatientDeviations] = []
      for _ in 0..<seeds {
        let luck = spread * generator.normal(), run = noise(ofRuns)
        let shifts = (0..<patients).map { patient -> Double in
          let given: Double = common[patient] + own[patient]
          return given + amount[patient] + run[patient]
        }
        guard let (value, moved) = measured(truth + luck, shifts) else { return nil }
        values.append(value)
        deviations.append(moved)
      }
      return .init(
        fraction: fraction, mean: values.reduce(0, +) / Double(seeds), seeds: SeedsAndPatients.make(values: values, deviations: deviations))
    }
    let reference = fractions.compactMap { point($0, value($0), ofReference) }
    guard let other = point(fraction, value(fraction * shift), ofOther), reference.count == fractions.count else { return nil }
    return (other, reference)
  }

  private func measured(_ truth: Double, _ shifts: [Double]) -> (Double, PatientDeviations)? {
    switch data {
    case .means:
      let values = shifts.map { truth + $0 }
      return PatientDeviations.ofMean(values).known.map { (values.reduce(0, +) / Double(patients), $0) }
    case .areas:
      // Binormal scores: Φ(d/√2) is the AUROC, with the spread of the scores of patients in all.
      let spread = [ofPatients, ofInitializations, ofAmounts, ofRuns].reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard let distance = Self.quantile(truth).map({ $0 * 2.0.squareRoot() * spread }) else { return nil }
      let targets = shifts.indices.map { Float($0 % 3 == 0 ? 1 : 0) }
      let scores = zip(shifts, targets).map { $0 + distance * Double($1) }
      return PatientDeviations.ofMeanAUROC(scores: [scores], targets: [targets]).known.map { ($0.auroc, $0.deviations) }
    }
  }

  private static func quantile(_ share: Double) -> Double? {
    guard share > 0, share < 1 else { return nil }
    var (low, high) = (-8.0, 8.0)
    for _ in 0..<80 {
      let middle = (low + high) / 2
      if erfc(-middle / 2.0.squareRoot()) / 2 < share { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}

/// How often an interval holds the truth, over many simulated studies.
public struct PriceCoverage: Sendable {
  public var covered = 0
  /// The truth lies below the interval, or above it.
  public var tooHigh = 0
  public var tooLow = 0
  /// Intervals that end at what was not reached.
  public var open = 0
  public var count = 0

  public init() {}

  public var share: Double { count > 0 ? Double(covered) / Double(count) : 0 }

  /// - Parameter truth: nil where it is not reached.
  public mutating func add(lower: MonotoneCurve.Reach, upper: MonotoneCurve.Reach, truth: Double?) {
    let wanted = truth ?? .infinity
    count += 1
    if wanted < Self.lowest(lower) { tooHigh += 1 } else if wanted > Self.highest(upper) { tooLow += 1 } else { covered += 1 }
    if case .notReached = upper { open += 1 }
  }

  private static func lowest(_ end: MonotoneCurve.Reach) -> Double {
    switch end {
    case .below: 0
    case .at(let fraction): fraction
    case .notReached: .infinity
    }
  }

  private static func highest(_ end: MonotoneCurve.Reach) -> Double {
    switch end {
    case .below(let least): least
    case .at(let fraction): fraction
    case .notReached: .infinity
    }
  }

  /// Of the report's own interval.
  public static func ofProduct(_ curves: SimulatedCurves, studies: Int, from first: Int = 0) -> PriceCoverage {
    let prices = concurrentMap(studies) { index -> LabelPrice? in
      curves.study(seed: first + index).flatMap { LabelPrice.make(of: $0.other, on: $0.reference).known }
    }
    var coverage = PriceCoverage()
    for bounds in prices.compactMap({ $0?.interval.known }) { coverage.add(lower: bounds.lower, upper: bounds.upper, truth: curves.price) }
    return coverage
  }
}
