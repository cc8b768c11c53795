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

  @Test("What τ can be: pairs that are shown to be ordered count, all others may be in any order")
  func interval() throws {
    var generator = SeededGenerator(seed: 41)
    func draws(_ first: [Double], _ second: [Double], spread: Double) -> [(first: [Double], second: [Double])] {
      (0..<2000).map { _ in (first.map { $0 + spread * generator.normal() }, second.map { $0 + spread * generator.normal() }) }
    }
    let order = [1.0, 2, 3, 4], turned = [2.0, 1, 3, 4]
    func bounds(_ first: [Double], _ second: [Double], spread: Double) throws -> [Double] {
      let found = try KendallTau.interval(first, second, draws: draws(first, second, spread: spread)).get()
      return [found.lower, found.upper]
    }
    #expect(try bounds(order, order, spread: 0.01) == [1, 1] && bounds(order, order.reversed(), spread: 0.01) == [-1, -1])
    #expect(try bounds(order, turned, spread: 0.01).allSatisfy { abs($0 - 2.0 / 3) < 1e-12 })
    // Nothing is shown: anything may be.
    #expect(try bounds(order, order, spread: 10) == [-1, 1])
    // Two of four cannot be told apart, the others can: 5 pairs are alike, the sixth may be either way.
    #expect(try bounds([1, 1.001, 3, 4], [1, 1.001, 3, 4], spread: 0.01) == [4.0 / 6, 1])
    #expect(KendallTau.interval([1, 2], [1], draws: []).reason == "the rankings and their draws do not have the same candidates")
    #expect(KendallTau.interval([1], [1], draws: []).reason == "one candidate has no order")
  }

  @Test("In 400 studies of five near candidates τ is within its interval in 95 of 100, where percentiles of draws miss nearly always")
  func coverage() throws {
    var generator = SeededGenerator(seed: 42), held = 0, percentiles = 0
    let truth = (0..<5).map { 0.5 * Double($0) }, studies = 400
    for _ in 0..<studies {
      let first = truth.map { $0 + generator.normal() }, second = truth.map { $0 + generator.normal() }
      let draws = (0..<300).map { _ in (first: first.map { $0 + generator.normal() }, second: second.map { $0 + generator.normal() }) }
      if try KendallTau.interval(first, second, draws: draws).get().contains(1) { held += 1 }
      let taus = draws.compactMap { KendallTau.value($0.first, $0.second).known }.sorted()
      if Bootstrap.quantile(taus, 0.975) >= 1 { percentiles += 1 }
    }
    #expect(Double(held) / Double(studies) >= 0.95 && Double(percentiles) / Double(studies) < 0.7)
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
