import Foundation
import Foundations
import Testing

@testable import Statistics

@Suite("Decisions and plans")
struct DecisionTests {
  struct Cell: Decodable {
    let mean: Double
    let deviation: Double
    let count: Int
  }
  struct Best: Decodable {
    let cells: [Cell]
    let probabilities: [Double]
    let regrets: [Double]
  }
  struct Power: Decodable {
    let size: Double
    let first: Int
    let second: Int
    let significance: Double
    let alternative: Alternative
    let power: Double
    let runsPerGroup: Int
  }
  struct File: Decodable {
    let best: [Best]
    let power: [Power]
  }

  private func groups(_ cells: [Cell]) -> [(name: String, summary: Summary)] {
    cells.enumerated().map { ("c\($0)", Summary(count: $1.count, mean: $1.mean, standardDeviation: $1.deviation)) }
  }

  @Test("Probability of being best and expected regret are adaptive quadrature's of the same posteriors")
  func best() throws {
    let file: File = try golden("planning.json")
    #expect(file.best.count == 4)
    for golden in file.best {
      let result = ProbabilityOfBest(groups(golden.cells))
      #expect(try #require(result.numericalError.known) < 1e-9)
      for (candidate, (probability, regret)) in zip(result.candidates, zip(golden.probabilities, golden.regrets)) {
        #expect(abs((candidate.probability.known ?? 9) - probability) < 1e-9, "\(candidate), \(probability)")
        #expect(abs((candidate.expectedRegret.known ?? 9) - regret) < 1e-9 * max(1, regret), "\(candidate), \(regret)")
      }
    }
  }

  @Test("Probabilities add up to 1; shift and scale change none; lower is better is the mirror image")
  func laws() throws {
    let file: File = try golden("planning.json")
    for golden in file.best {
      let plain = ProbabilityOfBest(groups(golden.cells)).candidates
      let sum: Double = plain.compactMap(\.probability.known).reduce(0, +)
      #expect(abs(sum - 1) < 1e-12)
      let moved = golden.cells.map { Cell(mean: 10 - 3 * $0.mean, deviation: 3 * $0.deviation, count: $0.count) }
      for (one, other) in zip(plain, ProbabilityOfBest(groups(moved), higherIsBetter: false).candidates) {
        let likely: Double = try #require(one.probability.known), mirrored: Double = try #require(other.probability.known)
        #expect(abs(likely - mirrored) < 1e-9)
        let regret: Double = try #require(one.expectedRegret.known), scaled: Double = try #require(other.expectedRegret.known)
        #expect(abs(3 * regret - scaled) < 1e-8)
      }
    }
  }

  @Test("A clear winner is nearly certain and costs nearly nothing, with digits left; equals share")
  func extremes() throws {
    let clear = ProbabilityOfBest([
      ("a", Summary(count: 10, mean: 90, standardDeviation: 0.1)), ("b", Summary(count: 10, mean: 80, standardDeviation: 0.1)),
    ]).candidates
    #expect(try #require(clear[0].probability.known) > 0.999999)
    let cost = try #require(clear[0].expectedRegret.known)
    #expect(cost > 0 && cost < 1e-12)
    #expect(agrees(clear[1].expectedRegret, 10, within: 1e-9))
    let same = Summary(count: 5, mean: 1, standardDeviation: 1)
    for candidate in ProbabilityOfBest([("a", same), ("b", same), ("c", same)]).candidates {
      #expect(agrees(candidate.probability, 1.0 / 3))
    }
  }

  @Test("Candidates with one run or no spread are left out with the reason; two runs have no regret")
  func notAvailable() throws {
    let good = Summary([1, 2, 3]),
      result = ProbabilityOfBest([
        ("a", good), ("one", Summary([1])), ("b", Summary([2, 3, 4])), ("flat", Summary([2, 2])),
      ])
    #expect(result.comparedCount == 2)
    #expect(result.candidates[1].probability.reason == "the candidate has one value; a spread needs two")
    #expect(result.candidates[3].probability.reason == "the candidate's runs have no spread")
    #expect(try #require(result.candidates[2].probability.known) > 0.5)
    let alone = ProbabilityOfBest([("a", good), ("one", Summary([1]))])
    #expect(alone.candidates[0].probability.reason == "fewer than two candidates have runs to be compared by")
    let two = ProbabilityOfBest([("a", good), ("b", Summary([1, 3]))]).candidates
    #expect(two[0].expectedRegret.reason == "a candidate has only two runs, and its posterior has no mean")
    #expect(abs(try #require(two[0].probability.known) - 0.5) < 1e-9)
  }

  @Test("Forty candidates of very different spread still add up")
  func many() throws {
    var generator = SeededGenerator(seed: 17)
    let groups = (0..<40).map { index in
      ("c\(index)", Summary(count: 2 + index % 9, mean: generator.normal(), standardDeviation: exp(3 * generator.normal() - 2)))
    }
    #expect(try #require(ProbabilityOfBest(groups).numericalError.known) < 1e-8)
  }

  @Test("Power and the runs needed are statsmodels'")
  func power() throws {
    let file: File = try golden("planning.json")
    #expect(file.power.count == 6)
    for golden in file.power {
      let plan = PowerPlan(standardDeviation: 2.5, significance: golden.significance, alternative: golden.alternative)
      let difference = 2.5 * golden.size
      #expect(agrees(plan.power(difference: difference, first: golden.first, second: golden.second), golden.power))
      #expect(plan.runsPerGroup(difference: difference) == .value(golden.runsPerGroup), "\(golden)")
    }
  }

  @Test("The runs needed are just enough; the detectable difference is the one that has the wanted power")
  func planIsTight() throws {
    for alternative in Alternative.allCases {
      let plan = PowerPlan(standardDeviation: 0.4, alternative: alternative)
      let sign = alternative == .less ? -1.0 : 1.0
      for difference in [0.1, 0.3, 0.9] {
        let runs = try #require(plan.runsPerGroup(difference: sign * difference).known)
        #expect(try #require(plan.power(difference: sign * difference, first: runs, second: runs).known) >= 0.8)
        #expect(try #require(plan.power(difference: sign * difference, first: runs - 1, second: runs - 1).known) < 0.8)
      }
      let detectable = try #require(plan.detectableDifference(runsPerGroup: 10).known)
      #expect(agrees(plan.power(difference: sign * detectable, first: 10, second: 10), 0.8))
    }
  }

  @Test("Of many simulated studies the planned share finds the difference")
  func simulation() throws {
    var generator = SeededGenerator(seed: 41)
    let plan = PowerPlan(standardDeviation: 1)
    let power = try #require(plan.power(difference: 1.4, first: 8, second: 8).known)
    var found = 0
    for _ in 0..<1000 {
      let result = studentTest(Summary(normals(8, mean: 1.4, &generator)), Summary(normals(8, &generator)))
      if result.isSignificant() == true { found += 1 }
    }
    #expect(abs(Double(found) / 1000 - power) < 3 * (power * (1 - power) / 1000).squareRoot())
  }

  @Test("What no number of runs shows is not available, with the reason")
  func impossiblePlans() throws {
    let plan = PowerPlan(standardDeviation: 1)
    #expect(plan.runsPerGroup(difference: 0).reason == "no number of runs shows a difference of 0")
    #expect(plan.runsPerGroup(difference: 1e-4, limit: 1000).reason == "more than 1000 runs in each group are needed")
    #expect(PowerPlan(standardDeviation: 0).power(difference: 1, first: 5, second: 5).known == nil)
    #expect(plan.power(difference: 1, first: 1, second: 1).known == nil)
    #expect(PowerPlan(standardDeviation: 1, alternative: .greater).runsPerGroup(difference: -1).known == nil)
    #expect(PowerPlan.pooled(Summary([1]), Summary([1, 2])).known == nil)
    let pooled = try #require(PowerPlan.pooled(Summary([1, 2, 3]), Summary([5, 6, 7])).known)
    #expect(pooled.standardDeviation == 1)
  }
}
