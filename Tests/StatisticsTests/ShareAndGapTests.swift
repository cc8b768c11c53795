import Foundations
import Testing

@testable import Statistics

@Suite("Shares of patients, and gaps between groups of them")
struct ShareAndGapTests {
  struct Wilson: Decodable {
    let count: Double
    let n: Double
    let level: Double
    let interval: [Double]
  }
  struct Effective: Decodable {
    let values: [Double]
    let patients: [String]
    let count: Double
    let interval: [Double]
  }
  struct Shares: Decodable {
    let wilson: [Wilson]
    let effective: [Effective]
  }
  struct Gap: Decodable {
    let numerators: [Double]
    let denominators: [Double]
    let groups: [Int]
    let blocks: [Int]?
    let gap: Double
    let p: Double
    let expected: Double
    let spread: Double
    let ways: Int
  }
  struct Gaps: Decodable { let cases: [Gap] }

  @Test("Wilson's interval is statsmodels', at 0 and at all of them too")
  func wilson() throws {
    let file: Shares = try golden("proportions.json")
    #expect(file.wilson.count == 30)
    for one in file.wilson {
      let own = try Proportion.wilson(one.count / one.n, of: one.n, level: one.level).get()
      #expect(abs(own.lower - one.interval[0]) < 1e-12 && abs(own.upper - one.interval[1]) < 1e-12, "\(one)")
    }
  }

  @Test("Rows of patients are worth as many as statsmodels' clustered variance says, at most their number")
  func effective() throws {
    let file: Shares = try golden("proportions.json")
    for one in file.effective {
      #expect(agrees(EffectiveCount.ofMean(one.values, patients: one.patients), one.count, within: 1e-9))
      #expect(agrees(Proportion.interval(one.values.map { $0 == 1 }, patients: one.patients), one.interval))
    }
    // Two copies of each patient are worth the patients, but for the factor m/(m − 1) of few.
    let values = (0..<200).map { $0 % 3 == 0 ? 1.0 : 0 }
    let doubled = try EffectiveCount.ofMean(values + values, patients: (0..<400).map { "p\($0 % 200)" }).get()
    #expect(abs(doubled - 200) < 1)
    #expect(EffectiveCount.ofMean([1, 1, 1, 1], patients: ["a", "a", "b", "b"]) == .value(2))
    #expect(Proportion.interval([], patients: [String]()).reason == "there is no row")
  }

  @Test("A gap's p-value and what chance would show are those of every way of dealing, within what 20,000 deals can say")
  func gaps() throws {
    let file: Gaps = try golden("gaps.json")
    #expect(file.cases.count == 3)
    for one in file.cases {
      let deals = 20_000
      let found = GroupGap.test(
        numerators: one.numerators, denominators: one.denominators, groups: one.groups, blocks: one.blocks, dealCount: deals, seed: 3)
      #expect(agrees(found.gap, one.gap, within: 1e-12))
      let error = 4 * (one.p * (1 - one.p) / Double(deals)).squareRoot() + 2 / Double(deals)
      let (p, expected) = (try found.p.get(), try found.expected.get())
      #expect(abs(p - one.p) < error, "\(found.p) and \(one.p) of \(one.ways) ways")
      #expect(abs(expected - one.expected) < 4 * one.spread / Double(deals).squareRoot())
      #expect(found.extremes?.greatest == 0)
    }
  }

  @Test("Groups that do not differ are found to in 5 of 100, where the greatest of their differences alone would be in far more")
  func typeOne() throws {
    var generator = SeededGenerator(seed: 4), found = 0
    let studies = 400
    for _ in 0..<studies {
      let values = normals(60, &generator), groups = (0..<60).map { $0 % 5 }
      let gap = GroupGap.test(numerators: values, denominators: values.map { _ in 1 }, groups: groups, dealCount: 199)
      if try gap.p.get() <= 0.05 { found += 1 }
    }
    #expect((8...34).contains(found), "\(found) of \(studies)")
  }

  @Test("A gap of any metric takes the patients of each group; what is undefined says so")
  func anyMetric() throws {
    let values = [0.9, 0.8, 0.7, 0.2, 0.3, 0.1], groups = [0, 0, 0, 1, 1, 1]
    let median = GroupGap.test(groups: groups, dealCount: 99) { members in members.map { values[$0] }.sorted()[members.count / 2] }
    let gap = try median.gap.get()
    #expect(median.values == [.value(0.8), .value(0.2)] && abs(gap - 0.6) < 1e-12)
    #expect(GroupGap.test(groups: groups) { $0.contains(0) ? nil : 1 }.p.reason == "it is undefined in one of the groups")
    #expect(GroupGap.test(groups: [0, 0]) { _ in 1 }.gap.reason == "one group has no gap")
    #expect(GroupGap.test(groups: [0, 2]) { _ in 1 }.gap.reason == "the patients, their groups and their blocks do not fit")
    // Defined as it is dealt, undefined wherever patients 0 and 1 are together.
    let split = GroupGap.test(groups: [0, 1, 0, 1], dealCount: 99) { $0.contains(0) == $0.contains(1) ? nil : Double($0[0]) }
    #expect(split.gap == .value(1) && split.p.reason?.hasPrefix("it is undefined in ") == true)
  }
}
