import Foundation
import Foundations
import Testing

@testable import Statistics

@Suite("Families of tests")
struct FamilyTests {
  struct Golden: Decodable {
    let p: [Double]
    let bonferroni: [Double]
    let holm: [Double]
    let benjaminiHochberg: [Double]
  }

  @Test("Bonferroni, Holm and Benjamini–Hochberg are statsmodels'")
  func agreesWithStatsmodels() throws {
    let cases: [Golden] = try golden("families.json")
    #expect(cases.count == 4)
    for golden in cases {
      for (correction, expected) in [
        (Correction.bonferroni, golden.bonferroni), (.holm, golden.holm), (.benjaminiHochberg, golden.benjaminiHochberg),
        (.none, golden.p),
      ] {
        let adjusted = AdjustedFamily(golden.p.map { .value($0) }, correction: correction).p
        for (ours, theirs) in zip(adjusted, expected) { #expect(agrees(ours, theirs, within: 1e-12), "\(correction)") }
      }
    }
  }

  @Test("A member without p keeps its reason, its place, and takes no share")
  func unavailableMembers() {
    let family: [Statistic] = [.value(0.01), .notAvailable(reason: "one run"), .value(0.02)]
    let adjusted = AdjustedFamily(family, correction: .bonferroni)
    #expect(adjusted.p == [.value(0.02), .notAvailable(reason: "one run"), .value(0.04)])
    #expect((adjusted.memberCount, adjusted.testedCount) == (3, 2))
    #expect(AdjustedFamily([Statistic](), correction: .holm).p.isEmpty)
  }

  @Test("Adjusted p are at least p, at most 1, in p's order; Holm lies between Benjamini–Hochberg and Bonferroni")
  func laws() throws {
    var generator = SeededGenerator(seed: 9)
    for count in [1, 2, 7, 40] {
      let raw = (0..<count).map { _ in pow(generator.uniform(), 4) }
      func adjust(_ correction: Correction) -> [Double] {
        AdjustedFamily(raw.map { .value($0) }, correction: correction).p.compactMap(\.known)
      }
      let (bonferroni, holm, hochberg) = (adjust(.bonferroni), adjust(.holm), adjust(.benjaminiHochberg))
      for index in raw.indices {
        #expect(raw[index] <= hochberg[index] && hochberg[index] <= holm[index] + 1e-15)
        #expect(holm[index] <= bonferroni[index] && bonferroni[index] <= 1)
      }
      let order = raw.indices.sorted { raw[$0] < raw[$1] }
      for adjusted in [bonferroni, holm, hochberg] {
        #expect(zip(order, order.dropFirst()).allSatisfy { adjusted[$0] <= adjusted[$1] })
      }
    }
  }
}

@Suite("Many candidates on many tasks")
struct RankTableTests {
  struct Golden: Decodable {
    let values: [[Double]]
    let averageRanks: [Double]
    let friedman: Double
    let friedmanP: Double
    let imanDavenport: Double
    let imanDavenportP: Double
    let criticalDifference: Double
    let nemenyi: [Double]
    let wilcoxonHolm: [Double]
  }

  @Test("Friedman, Iman–Davenport, Nemenyi and Wilcoxon–Holm are SciPy's, scikit-posthocs' and statsmodels'")
  func agreesWithOthers() throws {
    let cases: [Golden] = try golden("rank-tables.json")
    #expect(cases.count == 4)
    for golden in cases {
      let table = try #require(RankTable.make(golden.values).known)
      #expect(zip(table.averageRanks, golden.averageRanks).allSatisfy { abs($0 - $1) < 1e-14 })
      #expect(agrees(table.friedman.statistic, golden.friedman))
      #expect(agrees(table.friedman.p, golden.friedmanP))
      #expect(agrees(table.imanDavenport.statistic, golden.imanDavenport))
      #expect(agrees(table.imanDavenport.p, golden.imanDavenportP))
      #expect(agrees(table.criticalDifference(), golden.criticalDifference))
      let names = golden.averageRanks.indices.map { "c\($0)" }
      for (method, expected) in [(CriticalDifferenceDiagram.Method.nemenyi, golden.nemenyi), (.wilcoxonHolm, golden.wilcoxonHolm)] {
        let diagram = try #require(CriticalDifferenceDiagram.make(names: names, values: golden.values, method: method).known)
        #expect(diagram.comparisons.count == expected.count)
        for (comparison, p) in zip(diagram.comparisons, expected) {
          // SciPy's tail is 1 minus its lower tail: what is below 1e-13 of it has no digits left.
          #expect(abs((comparison.adjustedP.known ?? 9) - p) <= 1e-9 * p + 1e-12, "\(method): \(comparison.adjustedP) \(p)")
        }
      }
    }
  }

  @Test("With Nemenyi a bar is a stretch of the line no longer than the critical difference, and no bar holds another")
  func nemenyiBars() throws {
    let cases: [Golden] = try golden("rank-tables.json")
    for golden in cases {
      let names = golden.averageRanks.indices.map { "c\($0)" }
      let diagram = try #require(CriticalDifferenceDiagram.make(names: names, values: golden.values, method: .nemenyi).known)
      let critical = try #require(diagram.criticalDifference.known)
      for group in diagram.groups {
        let ranks = group.map { diagram.averageRanks[$0] }
        #expect(ranks == ranks.sorted() && (ranks.last ?? 0) - (ranks.first ?? 0) < critical)
        let start = try #require(diagram.order.firstIndex(of: group[0]))
        #expect(Array(diagram.order[start..<start + group.count]) == group)
        #expect(diagram.groups.count { Set(group).isSubset(of: $0) } == 1)
      }
      // Every pair of the line that is close enough lies under a bar.
      for comparison in diagram.comparisons where abs(comparison.result.effect.value.known ?? 99) < critical {
        #expect(diagram.groups.contains { $0.contains(comparison.first) && $0.contains(comparison.second) })
      }
    }
  }

  @Test("Sets that cross are each drawn: the largest cliques of any graph, once each")
  func crossingSets() {
    // 0–1–2 and 1–3 and 2–3 alike, 0–3 told apart: two triangles that share an edge.
    let graph: [Set<Int>] = [[1, 2], [0, 2, 3], [0, 1, 3], [1, 2], []]
    #expect(Set(largestCliques(graph)) == [[0, 1, 2], [1, 2, 3]])
    #expect(largestCliques([[], [], []]).isEmpty)
    // A middle candidate that differs from both neighbors, who do not differ from each other.
    #expect(largestCliques([[2], [], [0]]) == [[0, 2]])
  }

  @Test("Lower is better turns the ranks round; ties share a rank; an average is the same in any order of the tasks")
  func ranks() throws {
    let values = [[3.0, 1, 2, 2], [9, 1, 5, 5], [4, 3, 2, 1]]
    let table = try #require(RankTable.make(values).known)
    #expect(table.ranks[0] == [1, 4, 2.5, 2.5])
    let turned = try #require(RankTable.make(values, higherIsBetter: false).known)
    #expect(zip(table.averageRanks, turned.averageRanks).allSatisfy { abs($0 + $1 - 5) < 1e-14 })
    #expect(try #require(RankTable.make(values.reversed()).known).averageRanks == table.averageRanks)
  }

  @Test("One task, one or two candidates, no difference and gaps are not available, with the reason")
  func notAvailable() throws {
    #expect(RankTable.make([[1, 2], [1]]).reason == "task 2 has 1 values, not 2 like the first")
    #expect(RankTable.make([]).reason == "there is no value to rank")
    #expect(RankTable.make([[1, .nan]]).reason == "task 1 has a value that is not finite")
    #expect(try #require(RankTable.make([[1, 2, 3]]).known).friedman.p.reason == "one task has no ranks to compare with another's")
    #expect(try #require(RankTable.make([[1, 2], [2, 3]]).known).friedman.p.known == nil)
    let flat = try #require(RankTable.make([[1, 1, 1], [2, 2, 2]]).known)
    #expect(flat.friedman.p.reason == "every task gives all candidates the same value")
    let alike = try #require(RankTable.make([[1, 2, 3], [1, 2, 3], [4, 5, 6]]).known)
    #expect(alike.friedman.effect.value == .value(1))
    #expect(alike.imanDavenport.p.reason == "every task ranks the candidates alike, so F is infinite")
    let diagram = CriticalDifferenceDiagram.make(names: ["a"], values: [[1, 2], [1, 2]], method: .nemenyi)
    #expect(diagram.reason == "there are 1 names for 2 candidates")
  }

  @Test("A diagram survives JSON")
  func json() throws {
    let diagram = CriticalDifferenceDiagram.make(
      names: ["a", "b", "c"], values: [[1, 2, 3], [2, 1, 3], [1, 3, 2], [1, 2, 3]], method: .wilcoxonHolm)
    let text = try CanonicalJSON.encodeText(diagram)
    #expect(try JSONDecoder().decode(Available<CriticalDifferenceDiagram>.self, from: Data(text.utf8)) == diagram)
    #expect(diagram.known?.order == [2, 1, 0])
    #expect(diagram.known?.groups == [[2, 1, 0]])
  }
}
