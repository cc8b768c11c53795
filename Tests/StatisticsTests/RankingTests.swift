import Foundation
import Foundations
import Testing

@testable import Statistics

@Suite("Agreement of rankings, and monotone curves")
struct RankingTests {
  struct Tau: Decodable {
    let first: [Double]
    let second: [Double]
    let tau: Double
    let p: [String: Double]
  }
  struct Curve: Decodable {
    let fractions: [Double]
    let values: [Double]
    let weights: [Double]?
    let isHigherBetter: Bool
    let fitted: [Double]
    let points: [Double]
    let read: [Double]
  }
  struct File: Decodable {
    let taus: [Tau]
    let curves: [Curve]
  }

  private let file: File

  init() throws { file = try golden("rankings.json") }

  @Test("Kendall's τ-b and its p-values are SciPy's; with ties among few those of every order gone through", arguments: Alternative.allCases)
  func tau(alternative: Alternative) throws {
    #expect(file.taus.count == 9)
    var remarks: Set<String> = []
    for one in file.taus {
      let found = kendallTau(one.first, one.second, alternative: alternative)
      #expect(agrees(found.statistic, one.tau) && agrees(KendallTau.value(one.first, one.second), one.tau))
      #expect(agrees(found.p, try #require(one.p[alternative.rawValue])), "\(one.first.count) candidates: \(found.p)")
      remarks.formUnion(found.remarks)
    }
    #expect(remarks == ["exact", "exact, over every order", "normal approximation"])
  }

  @Test("The interval lies between the percentiles of the draws' τ; too many undefined draws give none")
  func interval() throws {
    let order = [1.0, 2, 3, 4], turned = [2.0, 1, 3, 4]
    let draws = (0..<100).map { (first: order, second: $0 < 90 ? order : turned) }
    let interval = try KendallTau.interval(ofDraws: draws, level: 0.9).get()
    // Ninety draws of 1, ten of 2/3: the fifth percentile is 2/3.
    #expect(abs(interval.lower - 2 / 3) < 1e-12 && interval.upper == 1)
    let tied = draws.prefix(94) + Array(repeating: (first: [1.0, 1, 1, 1], second: order), count: 6)
    #expect(KendallTau.interval(ofDraws: Array(tied)).reason == "it is undefined in 6 of 100 draws")
  }

  @Test("A ranking that is all one tie has no τ; three candidates cannot reach 0.05")
  func undefined() throws {
    #expect(kendallTau([1, 1, 1], [1, 2, 3]).p.reason == "all candidates of a ranking are tied")
    #expect(kendallTau([1], [1]).p.reason == "one candidate has no order")
    #expect(agrees(kendallTau([1, 2, 3], [4, 5, 6]).p, 1.0 / 3, within: 1e-15))
  }

  @Test("The monotone curve is scikit-learn's isotonic regression, and straight in the logarithm of the fraction")
  func isotonic() throws {
    #expect(file.curves.count == 6)
    for one in file.curves {
      let curve = try MonotoneCurve.make(
        fractions: one.fractions.reversed(), values: one.values.reversed(), weights: one.weights?.reversed(), isHigherBetter: one.isHigherBetter
      ).get()
      #expect(curve.fractions == one.fractions)
      for (own, expected) in zip(curve.fitted, one.fitted) { #expect(abs(own - expected) < 1e-12) }
      for (point, expected) in zip(one.points, one.read) {
        let own = try curve.value(at: point).get()
        #expect(abs(own - expected) < 1e-10)
      }
    }
  }

  @Test("Read backwards, the curve gives the least fraction that does as well, and says where none was measured that does")
  func inverse() throws {
    let curve = try MonotoneCurve.make(fractions: [0.1, 0.2, 0.4, 1], values: [0.70, 0.75, 0.74, 0.80]).get()
    #expect(curve.fitted[1] == curve.fitted[2] && abs(curve.fitted[1] - 0.745) < 1e-15)
    for fraction in [0.11, 0.15, 0.199, 0.41, 0.7, 0.99] {
      guard case .at(let found) = curve.fraction(reaching: try curve.value(at: fraction).get()) else {
        Issue.record("\(fraction) is not found")
        continue
      }
      #expect(abs(found - fraction) < 1e-12)
    }
    // On the flat part the least fraction is meant.
    #expect(curve.fraction(reaching: curve.fitted[2]) == .at(0.2))
    #expect(curve.fraction(reaching: 0.80) == .at(1) && curve.fraction(reaching: 0.70) == .at(0.1))
    #expect(curve.fraction(reaching: 0.69) == .below(0.1) && curve.fraction(reaching: 0.81) == .notReached)
    #expect(curve.value(at: 0.05).reason == "the fraction 0.05 is not between those that were measured")
    let falling = try MonotoneCurve.make(fractions: [0.1, 1], values: [9, 5], isHigherBetter: false).get()
    #expect(falling.fraction(reaching: 4) == .notReached && falling.fraction(reaching: 10) == .below(0.1))
    let middle = falling.fraction(reaching: 7)
    if case .at(let found) = middle { #expect(abs(found - 0.1.squareRoot()) < 1e-12) } else { Issue.record("\(middle)") }
    #expect(MonotoneCurve.make(fractions: [0.1, 0.1], values: [1, 2]).reason == "a fraction is not above 0, or is there twice")
  }
}
