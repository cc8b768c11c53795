import Foundation
import Foundations
import Testing

@testable import Statistics

@Suite("Distributions")
struct DistributionTests {
  struct Tail: Decodable {
    let parameters: [Double]
    let x: Double
    let lower: Double?
    let upper: Double
  }
  struct Quantile: Decodable {
    let parameters: [Double]
    let upper: Double
    let x: Double
  }
  struct Table: Decodable {
    let tails: [Tail]
    let quantiles: [Quantile]
  }
  struct RangeQuantile: Decodable {
    let groups: Int
    let upper: Double
    let x: Double
  }
  struct File: Decodable {
    let normal: Table
    let studentT: Table
    let fisherF: Table
    let chiSquared: Table
    let noncentralT: [Tail]
    let studentizedRange: [Tail]
    let studentizedRangeKnown: [Tail]
    let studentizedRangeEstimated: [Tail]
    let studentizedRangeQuantiles: [RangeQuantile]
  }

  private func check(_ table: Table, count: Int, _ name: String, _ make: ([Double]) -> any TailDistribution) {
    #expect(table.tails.count == count)
    for tail in table.tails {
      let distribution = make(tail.parameters)
      #expect(agrees(distribution.upperTail(tail.x), tail.upper), "\(name)\(tail.parameters) above \(tail.x)")
      #expect(agrees(distribution.lowerTail(tail.x), tail.lower ?? -1), "\(name)\(tail.parameters) below \(tail.x)")
    }
    for quantile in table.quantiles {
      let x = make(quantile.parameters).upperQuantile(quantile.upper).known ?? .infinity
      // The quantile of 0.5 is 0 for a symmetric distribution, where a relative accuracy means nothing.
      #expect(abs(x - quantile.x) <= 1e-9 * max(abs(quantile.x), 1e-6), "\(name)\(quantile.parameters) at \(quantile.upper)")
    }
  }

  @Test("Both tails and the quantiles are SciPy's to 1e-9, far out too")
  func agreesWithSciPy() throws {
    let file: File = try golden("distributions.json")
    check(file.normal, count: 8, "normal") { _ in Normal() }
    check(file.studentT, count: 48, "t") { StudentT(degreesOfFreedom: $0[0]) }
    check(file.fisherF, count: 24, "F") { FisherF(numerator: $0[0], denominator: $0[1]) }
    check(file.chiSquared, count: 15, "χ²") { ChiSquared(degreesOfFreedom: $0[0]) }
  }

  @Test("The noncentral t is SciPy's to 1e-9 where SciPy itself has digits")
  func noncentral() throws {
    let file: File = try golden("distributions.json")
    #expect(file.noncentralT.count == 36)
    for tail in file.noncentralT {
      let distribution = NoncentralT(degreesOfFreedom: tail.parameters[0], noncentrality: tail.parameters[1])
      for (ours, theirs) in [(distribution.upperTail(tail.x), tail.upper), (distribution.lowerTail(tail.x), tail.lower ?? -1)] {
        #expect(abs((ours.known ?? .infinity) - theirs) <= 1e-9 * theirs + 1e-13, "\(tail.parameters) at \(tail.x): \(ours), \(theirs)")
      }
    }
  }

  @Test("The studentized range is SciPy's to 1e-9, and its far tails those of other quadratures to 1e-10")
  func studentizedRange() throws {
    let file: File = try golden("distributions.json")
    for tail in file.studentizedRange {
      let range = StudentizedRange(groups: Int(tail.parameters[0]), degreesOfFreedom: tail.parameters[1])
      #expect(agrees(range.upperTail(tail.x), tail.upper), "\(tail)")
      #expect(agrees(range.lowerTail(tail.x), try #require(tail.lower)), "\(tail)")
    }
    for tail in file.studentizedRangeKnown {
      let range = StudentizedRange(groups: Int(tail.parameters[0]))
      #expect(agrees(range.upperTail(tail.x), tail.upper, within: 1e-10), "\(tail): \(range.upperTail(tail.x))")
    }
    for tail in file.studentizedRangeEstimated {
      let range = StudentizedRange(groups: Int(tail.parameters[0]), degreesOfFreedom: tail.parameters[1])
      #expect(agrees(range.upperTail(tail.x), tail.upper, within: 1e-10), "\(tail): \(range.upperTail(tail.x))")
    }
    for quantile in file.studentizedRangeQuantiles {
      #expect(agrees(StudentizedRange(groups: quantile.groups).upperQuantile(quantile.upper), quantile.x), "\(quantile)")
    }
  }

  @Test("The range of two groups is √2·|t|, in both tails, for any degrees of freedom and any distance", arguments: [1.0, 2, 9, 200])
  func rangeOfTwo(degrees: Double) throws {
    let (range, t) = (StudentizedRange(groups: 2, degreesOfFreedom: degrees), StudentT(degreesOfFreedom: degrees))
    for x in [0.01, 0.5, 3, 20, 1e3, 1e5] {
      let upper = 2 * (try #require(t.upperTail(x / 2.0.squareRoot()).known))
      guard upper > 1e-250 else { continue }
      #expect(agrees(range.upperTail(x), upper), "\(x): \(range.upperTail(x)) \(upper)")
      #expect(agrees(range.lowerTail(x), -expm1(log(upper)), within: 1e-8), "\(x)")
    }
  }

  @Test("Quantiles undo tails; tails fall; the two add up to 1")
  func laws() throws {
    let all: [any TailDistribution] = [
      Normal(), StudentT(degreesOfFreedom: 3), FisherF(numerator: 3, denominator: 7), ChiSquared(degreesOfFreedom: 4),
      StudentizedRange(groups: 5), StudentizedRange(groups: 4, degreesOfFreedom: 6),
    ]
    for distribution in all {
      var previous = 1.1
      for x in [0.3, 0.9, 2.0, 5.0, 11.0] {
        let (lower, upper) = (try #require(distribution.lowerTail(x).known), try #require(distribution.upperTail(x).known))
        #expect(abs(lower + upper - 1) < 1e-12)
        #expect(upper < previous && upper > 0)
        previous = upper
        #expect(agrees(distribution.upperQuantile(upper), x), "\(distribution) at \(x)")
      }
    }
  }

  @Test("Impossible parameters are not available and say so; they are not NaN")
  func impossible() {
    #expect(StudentT(degreesOfFreedom: 0).upperTail(1).reason == "Student's t distribution has no value in float64 there")
    #expect(StudentizedRange(groups: 1).upperTail(1).reason == "a range needs two groups or more, not 1")
    #expect(StudentizedRange(groups: 3, degreesOfFreedom: 0).lowerTail(1).known == nil)
    #expect(Normal().upperQuantile(2).known == nil)
    #expect(Normal().upperQuantile(0).known == nil)
  }
}
