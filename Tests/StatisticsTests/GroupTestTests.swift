import Foundation
import Foundations
import Testing

@testable import Statistics

struct GroupGolden: Decodable {
  struct T: Decodable {
    let statistic: Double
    let p: Double
    let df: Double
    let low: Double
    let high: Double
  }
  struct U: Decodable {
    let statistic: Double
    let p: Double
  }
  struct Effects: Decodable {
    let d: Double
    let g: Double
    let delta: Double
    let dInterval: [Double]?
    let deltaInterval: [Double]?
  }
  struct Groups: Decodable {
    let name: String
    let first: [Double]
    let second: [Double]
    let student: [String: T]
    let welch: [String: T]
    let mannWhitney: [String: U]
    let mannWhitneyMethod: RankTestMethod
    let mannWhitneyExact: [String: Double]?
    let effects: Effects
    let firstInterval: [Double]
    let secondInterval: [Double]
    /// Values that agree in nine digits leave their difference with few.
    var tolerance: Double { name == "large mean, small spread" ? 1e-6 : 1e-9 }
  }
  struct OneSided: Decodable {
    let p: Double
    let above: Double
    let below: Double
    let margin: Double?
  }
  struct Pairs: Decodable {
    let name: String
    let first: [Double]
    let second: [Double]
    let paired: [String: T]
    let wilcoxon: [String: Double]
    let wilcoxonMethod: RankTestMethod
    let wilcoxonExact: [String: Double]?
    let w: Double
    let size: Double
    let sizeInterval: [Double]
    let equivalence: [OneSided]
  }
  struct Equivalence: Decodable {
    let first: [Double]
    let second: [Double]
    let margin: Double
    let student: OneSided
    let welch: OneSided
  }
  struct Published: Decodable {
    let means: [Double]
    let deviations: [Double]
    let count: Int
    let student: U
    let welch: U
  }
  let groups: [Groups]
  let pairs: [Pairs]
  let equivalence: [Equivalence]
  let summaries: [Published]
}

@Suite("Tests of two groups")
struct GroupTestTests {
  @Test("Student's and Welch's t-tests are SciPy's: t, degrees of freedom, p of each alternative, interval")
  func tTests() throws {
    let file: GroupGolden = try golden("tests.json")
    #expect(file.groups.count == 7)
    for groups in file.groups {
      let (first, second) = (Summary(groups.first), Summary(groups.second))
      for alternative in Alternative.allCases {
        for (result, expected) in [
          (studentTest(first, second, alternative: alternative), try #require(groups.student[alternative.rawValue])),
          (welchTest(first, second, alternative: alternative), try #require(groups.welch[alternative.rawValue])),
        ] {
          let place: Comment = "\(groups.name), \(result.test), \(alternative)"
          #expect(agrees(result.statistic, expected.statistic, within: groups.tolerance), place)
          #expect(agrees(result.degreesOfFreedom.first, expected.df, within: groups.tolerance), place)
          #expect(agrees(result.p, expected.p, within: groups.tolerance), place)
          #expect(agrees(result.effect.interval, [expected.low, expected.high], within: groups.tolerance), place)
          #expect(result.counts == [groups.first.count, groups.second.count])
        }
      }
      #expect(agrees(first.meanInterval(), groups.firstInterval))
      #expect(agrees(second.meanInterval(), groups.secondInterval))
    }
  }

  @Test("Published means and standard deviations give SciPy's ttest_ind_from_stats")
  func published() throws {
    let file: GroupGolden = try golden("tests.json")
    #expect(file.summaries.count == 8)
    for cell in file.summaries {
      let first = Summary(count: cell.count, mean: cell.means[0], standardDeviation: cell.deviations[0])
      let second = Summary(count: cell.count, mean: cell.means[1], standardDeviation: cell.deviations[1])
      #expect(agrees(studentTest(first, second).p, cell.student.p))
      #expect(agrees(studentTest(first, second).statistic, cell.student.statistic))
      #expect(agrees(welchTest(first, second).p, cell.welch.p))
    }
  }

  @Test("Mann–Whitney is SciPy's, and the exact test with ties is every choice of ranks counted")
  func mannWhitney() throws {
    let file: GroupGolden = try golden("tests.json")
    for groups in file.groups {
      for alternative in Alternative.allCases {
        let expected = try #require(groups.mannWhitney[alternative.rawValue])
        let result = mannWhitneyTest(groups.first, groups.second, alternative: alternative, method: groups.mannWhitneyMethod)
        #expect(agrees(result.p, expected.p), "\(groups.name), \(alternative): \(result.p), \(expected.p)")
        #expect(result.statistic == .value(expected.statistic))
        if let exact = groups.mannWhitneyExact {
          let result = mannWhitneyTest(groups.first, groups.second, alternative: alternative)
          #expect(agrees(result.p, try #require(exact[alternative.rawValue])), "\(groups.name), \(alternative)")
          #expect(result.remarks.first == "exact")
        }
      }
    }
  }

  @Test("The paired t-test and Wilcoxon's are SciPy's; exact Wilcoxon with ties and zeros is every sign counted")
  func paired() throws {
    let file: GroupGolden = try golden("tests.json")
    #expect(file.pairs.count == 4)
    for pairs in file.pairs {
      for alternative in Alternative.allCases {
        let expected = try #require(pairs.paired[alternative.rawValue])
        let result = pairedTTest(pairs.first, pairs.second, alternative: alternative)
        #expect(agrees(result.statistic, expected.statistic))
        #expect(agrees(result.p, expected.p), "\(pairs.name)")
        #expect(result.degreesOfFreedom == [expected.df])
        #expect(agrees(result.effect.interval, [expected.low, expected.high]))

        let signed = wilcoxonSignedRankTest(
          pairs.first, pairs.second, alternative: alternative, method: pairs.wilcoxonMethod)
        #expect(signed.statistic == .value(pairs.w))
        let p = try #require(pairs.wilcoxon[alternative.rawValue])
        #expect(agrees(signed.p, p), "\(pairs.name), \(alternative): \(signed.p), \(p)")
        if let exact = pairs.wilcoxonExact {
          let result = wilcoxonSignedRankTest(pairs.first, pairs.second, alternative: alternative)
          #expect(agrees(result.p, try #require(exact[alternative.rawValue])), "\(pairs.name), \(alternative)")
        }
      }
      let differences = Summary(zip(pairs.first, pairs.second).map { $0 - $1 })
      let size = pairedCohensD(ofDifferences: differences)
      #expect(agrees(size.value, pairs.size))
      #expect(agrees(size.interval, pairs.sizeInterval), "\(pairs.name): \(size.interval)")
      #expect(agrees(pairedTTest(ofDifferences: differences).p, try #require(pairs.paired["twoSided"]).p))
    }
  }

  @Test("Cohen's d, Hedges' g with the exact gamma factor and Cliff's delta, with their intervals, are the definitions'")
  func effects() throws {
    let file: GroupGolden = try golden("tests.json")
    for groups in file.groups {
      let (first, second, expected) = (Summary(groups.first), Summary(groups.second), groups.effects)
      let d = cohensD(first, second), g = hedgesG(first, second), delta = cliffsDelta(groups.first, groups.second)
      #expect(agrees(d.value, expected.d, within: groups.tolerance))
      #expect(agrees(g.value, expected.g, within: groups.tolerance))
      #expect(abs((delta.value.known ?? 9) - expected.delta) < 1e-15)
      if let interval = expected.dInterval {
        #expect(agrees(d.interval, interval, within: groups.tolerance), "\(groups.name): \(d.interval), \(interval)")
      }
      if let interval = expected.deltaInterval {
        #expect(agrees(delta.interval, interval), "\(groups.name)")
      } else {
        #expect(delta.interval.reason == "the groups do not overlap, so Cliff's delta has no variance")
      }
    }
  }

  @Test("Equivalence tests are statsmodels' ttost, and agree with their interval")
  func equivalence() throws {
    let file: GroupGolden = try golden("tests.json")
    #expect(file.equivalence.count == 12)
    for groups in file.equivalence {
      let (first, second) = (Summary(groups.first), Summary(groups.second))
      for (result, expected) in [
        (Equivalence.student(first, second, margin: groups.margin), groups.student),
        (Equivalence.welch(first, second, margin: groups.margin), groups.welch),
      ] {
        #expect(agrees(result.p, expected.p))
        #expect(agrees(result.aboveLower.p, expected.above))
        #expect(agrees(result.belowUpper.p, expected.below))
        let interval = try #require(result.difference.interval.known)
        #expect(abs(interval.level - 0.9) < 1e-15)
        #expect(result.isEquivalent == (interval.lower > -groups.margin && interval.upper < groups.margin))
      }
    }
    for pairs in file.pairs {
      for expected in pairs.equivalence {
        let result = Equivalence.paired(pairs.first, pairs.second, margin: try #require(expected.margin))
        #expect(agrees(result.p, expected.p))
        #expect(agrees(result.aboveLower.p, expected.above))
        #expect(agrees(result.belowUpper.p, expected.below))
      }
    }
  }
}
