import Foundation
import Foundations
import Testing

@testable import Statistics

@Suite("What every test of two groups obeys")
struct GroupTestLawTests {
  typealias Test = @Sendable ([Double], [Double], Alternative) -> TestResult
  static let tests: [(String, Test)] = [
    ("Student", { studentTest(Summary($0), Summary($1), alternative: $2) }),
    ("Welch", { welchTest(Summary($0), Summary($1), alternative: $2) }),
    ("paired t", { pairedTTest($0, $1, alternative: $2) }),
    ("Wilcoxon", { wilcoxonSignedRankTest($0, $1, alternative: $2) }),
    ("Mann–Whitney", { mannWhitneyTest($0, $1, alternative: $2) }),
    ("Wilcoxon, normal", { wilcoxonSignedRankTest($0, $1, alternative: $2, method: .normalApproximation) }),
    ("Mann–Whitney, normal", { mannWhitneyTest($0, $1, alternative: $2, method: .normalApproximation) }),
  ]

  @Test("Exchanging the groups exchanges less and greater, keeps two-sided, and turns the effect round", arguments: tests.indices)
  func symmetry(index: Int) throws {
    let test = Self.tests[index].1
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<20 {
      let first = normals(9, &generator), second = normals(9, mean: 0.5, deviation: 2, &generator)
      #expect(agrees(test(first, second, .less).p, try #require(test(second, first, .greater).p.known), within: 1e-12))
      #expect(agrees(test(first, second, .twoSided).p, try #require(test(second, first, .twoSided).p.known), within: 1e-12))
      let turned = try #require(test(second, first, .less).effect.value.known)
      #expect(agrees(test(first, second, .less).effect.value, -turned, within: 1e-12))
    }
  }

  @Test("Shift and scale of both groups change no p-value", arguments: tests.indices)
  func invariance(index: Int) throws {
    let test = Self.tests[index].1
    var generator = SeededGenerator(seed: 2)
    let first = normals(8, &generator), second = normals(8, mean: 0.4, &generator)
    for alternative in Alternative.allCases {
      let p = try #require(test(first, second, alternative).p.known)
      let moved = test(first.map { 4 * $0 + 32 }, second.map { 4 * $0 + 32 }, alternative)
      #expect(agrees(moved.p, p, within: 1e-9))
    }
  }

  @Test("The larger the first group's advantage, the smaller p for greater", arguments: tests.indices)
  func monotonicity(index: Int) throws {
    let test = Self.tests[index].1
    var generator = SeededGenerator(seed: 3)
    let first = normals(8, &generator), second = normals(8, &generator)
    var previous = 1.0
    for shift in stride(from: 0.0, through: 3, by: 0.5) {
      let p = try #require(test(first.map { $0 + shift }, second, .greater).p.known)
      #expect(p <= previous)
      previous = p
    }
    #expect(previous < 0.05)
  }

  @Test("Too few, no spread, not finite, not pairs: not available, with the reason, never 0 and never NaN")
  func notAvailable() {
    let one = Summary([1]), three = Summary([1, 2, 3]), flat = Summary([0.1, 0.1, 0.1])
    #expect(studentTest(one, three).p.reason == "the first group has one value; a spread needs two")
    #expect(welchTest(three, Summary([])).p.reason == "the second group has no value; a spread needs two")
    #expect(welchTest(flat, Summary([0.2, 0.2])).p.reason == "neither group has any spread")
    #expect(welchTest(flat, three).p.known != nil)
    #expect(welchTest(three, Summary([1, .nan])).statistic.reason == "the second group: value 2 of 2 is nan")
    #expect(pairedTTest([1, 2, 3], [2, 3, 4]).p.reason == "all differences are equal")
    #expect(pairedTTest([0.3, 0.6, 0.9], [0.1, 0.4, 0.7]).p.reason == "all differences are equal beyond rounding")
    #expect(pairedTTest([1, 2], [1]).p.reason == "the groups have 2 and 1 values, so they are not pairs")
    #expect(wilcoxonSignedRankTest([1, 2], [1, 2]).p.reason == "no pair differs")
    #expect(wilcoxonSignedRankTest([], []).p.reason == "there is no pair")
    #expect(mannWhitneyTest([1, 1], [1]).p.reason == "all values are equal")
    #expect(mannWhitneyTest([], [1]).effect.value.reason == "the first group has no value")
    #expect(mannWhitneyTest([1, .infinity], [1]).p.reason == "value 2 of the first group is inf")
    let meanOnly = Summary(count: 10, mean: 3, standardDeviation: nil)
    #expect(studentTest(meanOnly, three).p.reason == "the first group: no standard deviation is given")
    #expect(studentTest(Summary(count: 5, mean: 3, standardDeviation: -1), three).p.known == nil)
    #expect(cohensD(flat, flat).value.reason == "neither group has any spread")
    #expect(welchTest(three, Summary([4, 5, 7]), level: 1).p.reason == "the level 1.0 is not between 0 and 1")
    let missing = welchTest(one, three)
    #expect((missing.test, missing.counts) == ("Welch's t-test", [1, 3]))
    #expect(missing.effect.interval.known == nil)
    #expect(missing.isSignificant() == nil)
  }

  @Test("A tail below float64 is given as its least normal number, and marked as a bound")
  func underflow() {
    let far = welchTest(
      Summary(count: 1000, mean: 1, standardDeviation: 1e-3), Summary(count: 1000, mean: 0, standardDeviation: 1e-3))
    #expect(far.p == .value(2.2250738585072014e-308))
    #expect(far.isBound)
    #expect(!welchTest(Summary([1, 2]), Summary([2, 4])).isBound)
  }

  @Test("A published standard deviation of 0 runs of equal values is no spread; the two ways to make a summary agree")
  func summaries() throws {
    let values = [1.0, 2, 4, 8]
    let made = Summary(values)
    let given = Summary(count: 4, mean: try #require(made.mean.known), standardDeviation: made.standardDeviation.known)
    #expect(given == made)
    #expect(Summary([0.1, 0.1, 0.1]).standardDeviation == .value(0))
    #expect(Summary([0.1, 0.1, 0.1]).mean == .value(0.1))
    #expect(Summary(count: 0, mean: 1, standardDeviation: 1).mean.reason == "there is no value")
    #expect(Summary(count: 1, mean: 1, standardDeviation: 0).standardDeviation.reason == "one value has no spread")
  }

  @Test("A result with and without numbers survives JSON")
  func json() throws {
    for result in [welchTest(Summary([1, 2]), Summary([2, 4])), welchTest(Summary([1]), Summary([2, 4]))] {
      let text = try CanonicalJSON.encodeText(result)
      #expect(try JSONDecoder().decode(TestResult.self, from: Data(text.utf8)) == result)
    }
  }

  @Test("A t interval covers the truth as often as it says", arguments: [0.8, 0.95])
  func coverage(level: Double) throws {
    var generator = SeededGenerator(seed: 4)
    var covered = 0
    for _ in 0..<2000 {
      let interval = welchTest(Summary(normals(5, mean: 1, &generator)), Summary(normals(8, deviation: 2, &generator)), level: level)
        .effect.interval
      if try #require(interval.known).contains(1) { covered += 1 }
    }
    #expect(abs(Double(covered) / 2000 - level) < 3 * (level * (1 - level) / 2000).squareRoot())
  }
}
