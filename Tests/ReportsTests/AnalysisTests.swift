import Figures
import Foundation
import Foundations
import Statistics
import Testing

@testable import Reports

@Suite("An analysis of results")
struct AnalysisTests {
  static let runs = """
    task,initialization,run,value
    TXC,random,1,0.81
    TXC,random,2,0.84
    TXC,random,3,0.80
    TXC,random,4,0.83
    TXC,ImageNet,1,0.91
    TXC,ImageNet,2,0.93
    TXC,ImageNet,3,0.90
    TXC,ImageNet,4,0.92
    TXC,SwAV,1,0.915
    TXC,SwAV,2,0.940
    TXC,SwAV,3,0.905
    TXC,SwAV,4,0.930

    """

  private func analysis(_ text: String = runs, _ change: (inout AnalysisSettings) -> Void = { _ in }) throws -> Analysis {
    var settings = AnalysisSettings()
    change(&settings)
    return try Analysis(ResultTable(csv: text, source: "results.csv"), settings)
  }

  private func comparison(_ analysis: Analysis, with name: String) throws -> Comparison {
    try #require(analysis.tasks.first?.againstBest?.comparison(with: name))
  }

  private struct Golden: Decodable {
    let p: [String: [String: Double]]
  }

  /// SciPy's own for the values above, by Tools/goldens/analysis.py.
  @Test("Each test's p-values are SciPy's for the same runs", arguments: AnalysisSettings.Test.allCases)
  func tests(test: AnalysisSettings.Test) throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens/analysis.json")
    let golden = try #require(try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file)).p[test.rawValue])
    let analysis = try analysis { $0.test = test }
    #expect(analysis.tasks[0].best == .value("SwAV") && golden.count == 2)
    for (name, expected) in golden {
      let p = try #require(try comparison(analysis, with: name).p.known)
      #expect(abs(p - expected) <= 1e-9 * expected, "\(name): \(p)")
    }
  }

  @Test("Holm doubles the smaller of two p-values; the family is the comparisons of a task with the best")
  func correction() throws {
    let holm = try analysis()
    let plain = try analysis { $0.correction = .none }
    let raw = try comparison(plain, with: "random")
    #expect(raw.adjustedP == raw.p)
    let p = try #require(raw.p.known)
    #expect(try comparison(holm, with: "random").adjustedP.known == 2 * p)
    #expect(try comparison(holm, with: "ImageNet").adjustedP == comparison(plain, with: "ImageNet").p)
    #expect(holm.tasks[0].notToldFromBest == ["ImageNet"] && holm.tasks[0].untested.isEmpty)
    #expect(holm.tasks[0].againstBest?.testedCount == 2)
  }

  @Test("The verdict says the best, what cannot be told from it, and what would settle it")
  func verdict() throws {
    let verdict = try #require(try analysis().verdicts.first)
    #expect(verdict.standing == .open)
    #expect(
      verdict.statement
        == "SwAV (0.9225 ± 0.0155, n = 4) has the best mean, but it and ImageNet cannot be told apart on these test images; it differs from the other.")
    #expect(
      verdict.details == [
        "The probability that SwAV is the best on these test images is 0.72, and choosing it is expected to cost 0.0031.",
        "About 67 more seeds each of SwAV and ImageNet would show the difference of +0.0075, if it is the true one (power 80 %).",
      ])
  }

  @Test("The plan reaches its power with the runs it names, and not with one fewer")
  func plan() throws {
    let analysis = try analysis()
    let comparison = try comparison(analysis, with: "ImageNet")
    let remedy = try #require(comparison.toSettle?.known), needed = try #require(remedy.seeds.known)
    #expect(remedy.significance == 0.025 && needed.moreOfFirst == needed.runsPerGroup - 4)
    #expect(remedy.advice == .seeds && remedy.morePatients == nil)
    let best = try #require(analysis.table.tasks[0].cell(of: "SwAV")).summary
    let other = try #require(analysis.table.tasks[0].cell(of: "ImageNet")).summary
    let plan = try #require(PowerPlan.pooled(best, other, significance: 0.025).known)
    let power = [0, 1].compactMap { fewer in
      let runs = needed.runsPerGroup - fewer
      return plan.power(difference: remedy.difference, first: runs, second: runs).known
    }
    try #require(power.count == 2)
    #expect(power[0] >= 0.8 && power[1] < 0.8)
  }

  @Test("With a baseline every other is compared with it, the difference being its gain over the baseline")
  func baseline() throws {
    let analysis = try analysis { $0.baseline = "random" }
    let family = try #require(analysis.tasks[0].againstBaseline?.known)
    #expect(family.comparisons.map(\.first) == ["ImageNet", "SwAV"] && family.comparisons.allSatisfy { $0.second == "random" })
    let gain = try #require(family.comparisons[0].difference.value.known)
    #expect(abs(gain - 0.095) < 1e-12)
    #expect(throws: ReportsError.self) { try self.analysis { $0.baseline = "Swav" } }
  }

  @Test("One-sided p is half the two-sided where the first is better; where lower is better the smallest mean is best")
  func direction() throws {
    let two = try #require(try comparison(analysis { $0.correction = .none }, with: "random").p.known)
    let one = try #require(
      try comparison(
        analysis {
          $0.correction = .none
          $0.sidedness = .better
        }, with: "random"
      ).p.known)
    #expect(abs(one - two / 2) <= 1e-12 * two)
    var reading = ResultTable.Reading()
    reading.lowerIsBetter = ["all"]
    var settings = AnalysisSettings()
    settings.sidedness = .better
    let lower = try Analysis(ResultTable(csv: Self.runs, source: "x", reading), settings)
    #expect(lower.tasks[0].best == .value("random"))
    #expect(try #require(try comparison(lower, with: "ImageNet").p.known) < 0.001)
  }

  @Test("What cannot be computed says why, and is neither 0 nor NaN")
  func notAvailable() throws {
    let single = try analysis("task,initialization,run,value\nt,a,1,0.5\nt,b,1,0.6\n")
    #expect(
      single.verdicts[0].statement
        == "b (0.6000, n = 1) has the highest mean on these test images, but nothing could be tested: b: one value has no spread.")
    #expect(single.verdicts[0].standing == .insufficient && single.tasks[0].untested == ["a"])
    let equal = try analysis("task,initialization,mean,std,n\nt,a,0.5,0,3\nt,b,0.6,0,3\n")
    #expect(equal.tasks[0].againstBest?.comparisons[0].p == .notAvailable(reason: "neither group has any spread"))
    let means = try analysis("task,initialization,mean,std,n\nt,a,0.5,0.1,3\nt,b,0.6,0.1,3\n") { $0.test = .mannWhitney }
    #expect(
      means.tasks[0].againstBest?.comparisons[0].p.reason
        == "The Mann–Whitney test needs the runs themselves; of b and a only the mean and standard deviation are known")
    let alone = try analysis("task,initialization,run,value\nt,a,1,0.5\n")
    #expect(alone.verdicts[0].statement == "Only a (0.5000, n = 1) has a result: there is nothing to compare.")
    let same = try analysis("task,initialization,mean,std,n\nt,a,0.5,0.1,3\nt,b,0.5,0.1,3\n")
    #expect(same.tasks[0].againstBest?.comparisons[0].toSettle == .notAvailable(reason: "no number of runs shows a difference of 0"))
    let near = try analysis("task,initialization,mean,std,n\nt,a,0.5,0.1,3\nt,b,0.5001,0.1,3\n")
    #expect(near.verdicts[0].details.last == "What would settle b and a: not available (no number of runs up to 1,000 would).")
    for analysis in [single, equal, means, alone, same, near] {
      let text = analysis.terminalText(width: 100).lowercased()
      #expect(!text.contains("nan") && !text.contains("inf"))
    }
  }

  @Test("Ranks need enough tasks that all initializations have, and say how many")
  func ranks() throws {
    func table(_ tasks: Int, _ names: [String]) throws -> Analysis {
      var text = "task,initialization,mean,std,n\n"
      for task in 0..<tasks { for (index, name) in names.enumerated() { text += "t\(task),\(name),\(Double(index) + Double(task) / 10),1,5\n" } }
      return try analysis(text)
    }
    let few = try table(4, ["a", "b", "c"]).ranking
    #expect(few.averageRanks == .value([3, 2, 1]))
    #expect(few.nemenyi.reason == "4 tasks have a result of every initialization; Friedman's test needs 5 or more")
    #expect(
      few.wilcoxonHolm.reason
        == "Wilcoxon tests of 3 pairs, corrected by Holm, cannot reach 0.05 with fewer than 7 tasks; 4 have a result of every initialization")
    let enough = try table(7, ["a", "b", "c"]).ranking
    #expect(enough.nemenyi.known?.averageRanks == [3, 2, 1])
    // Seven equal signs: p = 2/128, and three times that is below 0.05; with six tasks it is not.
    #expect(enough.wilcoxonHolm.known?.groups == [])
    #expect(try table(6, ["a", "b", "c"]).ranking.wilcoxonHolm.known == nil)
    #expect(try table(2, ["a"]).ranking.averageRanks.reason == "there is one initialization only")
  }

  @Test("A rank test that could find nothing with so few runs says so")
  func tooFewRuns() throws {
    let wilcoxon = try analysis { $0.test = .wilcoxon }
    // Four pairs: 2/2⁴, twice that for two comparisons.
    #expect(
      wilcoxon.verdicts[0].details.last
        == "What would settle SwAV and random, ImageNet: not available (the runs are too few for this test: its p-value cannot fall below 0.12, and 0.25 is the least after the correction)."
    )
    let ranks = try analysis { $0.test = .mannWhitney }
    // 2/70 for four and four, twice that for two comparisons.
    #expect(
      ranks.tasks[0].againstBest?.comparisons[1].toSettle?.reason
        == "the runs are too few for this test: its p-value cannot fall below 0.029, and 0.057 is the least after the correction")
    let alone = try analysis {
      $0.test = .mannWhitney
      $0.correction = .none
    }
    #expect(try comparison(alone, with: "random").isToldApart == true)
  }

  @Test("JSON holds the whole analysis and gives it back")
  func json() throws {
    let analysis = try analysis { $0.baseline = "random" }
    let data = try CanonicalJSON.encodePretty(analysis)
    #expect(try JSONDecoder().decode(Analysis.self, from: data) == analysis)
  }

  @Test("The methods say what was computed, word for word")
  func methods() throws {
    #expect(
      try analysis().methods
        == "Values are means ± standard deviations (n − 1 in the denominator) of 4 runs a cell. On each task every initialization was compared with the best mean by the two-sided Student's t-test over runs on these test images at α = 0.05. The best was chosen by the same runs, so its p-values are somewhat too small. Differences hold for other seeds on these very test images and say nothing about other patients: the predictions are not known, only what they come to. P-values were corrected by Holm over all comparisons of a task with the same initialization. Differences have 95 % Student intervals and Hedges' g, neither corrected.\n\nFurther runs were planned for a power of 80 % by the noncentral t distribution, with the pooled standard deviation, the difference seen, and α divided by the number of comparisons.\n\nThe probability of being best and the expected regret are those of independent normal runs with the reference prior p(μ, σ) ∝ 1/σ."
    )
    #expect(
      try analysis {
        $0.test = .wilcoxon
        $0.correction = .none
      }.methods.contains(
        "by the two-sided Wilcoxon signed-rank test over runs on these test images at α = 0.05. Runs of the same name are pairs; others are left out."))
  }

  @Test("Captions name the test, its sidedness, n and the correction")
  func captions() throws {
    let analysis = try analysis()
    #expect(
      analysis.resultsTable.caption
        == "Mean ± standard deviation; n = 4 runs each; two-sided Student's t-test over runs on these test images against the best of each task, Holm's correction, α = 0.05.")
    #expect(
      analysis.comparisonsTable.caption
        == "First minus second; two-sided Student's t-test over runs on these test images, Holm's correction over the comparisons of a task with the same initialization, α = 0.05, n = 4 runs each."
    )
  }

  @Test("A verdict on many initializations counts those that cannot be told from the best, and names the few that can")
  func manyNames() throws {
    func statement(_ count: Int) throws -> String {
      let near = (1...count).map { "A,n\($0),\(90 + 0.001 * Double($0)),3,5\n" }.joined()
      return try #require(analysis("task,initialization,mean,std,n\n\(near)A,far,40,3,5\nA,farther,30,3,5\n").verdicts.first).statement
    }
    #expect(try statement(12).hasSuffix("it and each of 11 of the 13 others cannot be told apart on these test images; it differs from far and farther."))
    #expect(
      try statement(6).hasSuffix("it and each of n1, n2, n3, n4 and n5 cannot be told apart on these test images; it differs from the 2 others."))
  }

  @Test("No probability is said to be 0 or 1", arguments: [(0.0, "below 0.01"), (0.004, "below 0.01"), (0.005, "0.01"), (0.5, "0.50"), (0.995, "above 0.99"), (1, "above 0.99")])
  func probabilities(p: Double, words: String) {
    #expect(probabilityText(p) == words)
  }

  @Test("The headline names the tasks that are decided, by whom, and who is nowhere told from the best")
  func headline() throws {
    func headline(_ rows: String) throws -> String? { try analysis("task,initialization,mean,std,n\n" + rows).headline() }
    let decided = "A,x,90,0.1,5\nA,y,80,0.1,5\nA,z,70,0.1,5\n", open = "B,x,90,3,5\nB,y,89.9,3,5\nB,z,70,3,5\n"
    #expect(
      try headline(decided + open)
        == "One initialization is shown to be best on these test images on 1 of 2 tasks: x on A. Best, or not told from the best, on every task tested: x (2 tasks).")
    #expect(
      try headline(open + open.replacingOccurrences(of: "B,", with: "C,"))
        == "None of the 2 tasks shows one initialization to be best on these test images. Best, or not told from the best, on every task tested: x (2 tasks), y (2 tasks).")
    let split = decided + "B,x,70,0.1,5\nB,y,80,0.1,5\nB,z,90,0.1,5\n"
    #expect(
      try headline(split)
        == "One initialization is shown to be best on these test images on 2 of 2 tasks: x on A; z on B. None is the best, or not told from the best, on every task tested; most often x (1 of 2), z (1 of 2)."
    )
    // Tasks that could not be tested are named, and do not count among those that were.
    let single = "C,x,90,,1\nC,y,80,,1\nC,z,70,,1\n"
    #expect(
      try headline(decided + open + single)
        == "One initialization is shown to be best on these test images on 1 of 2 tasks: x on A. Best, or not told from the best, on every task tested: x (2 tasks). Nothing could be tested on C (one value has no spread)."
    )
    #expect(
      try #require(try headline(decided + open + single + single.replacingOccurrences(of: "C,", with: "D,"))).hasSuffix(
        "Nothing could be tested on C and D (one value has no spread)."))
    #expect(
      try headline(open + single)
        == "The one task tested does not show one initialization to be best on these test images. Best, or not told from the best, on every task tested: x (1 task), y (1 task). Nothing could be tested on C (one value has no spread)."
    )
    let alike = "B,x,90,3,5\nB,y,89.9,3,5\nB,z,89.8,3,5\n"
    #expect(
      try headline(alike + single)
        == "The initializations cannot be told apart on these test images: the one task tested shows no difference from the best mean. Best, or not told from the best, on every task tested: x (1 task), y (1 task), z (1 task). Nothing could be tested on C (one value has no spread)."
    )
    // What has one result has nothing to compare, which is no spread that is missing.
    #expect(try #require(try headline(decided + open + single + "D,x,90,0.1,5\n")).hasSuffix("Nothing could be tested on C and D."))
    // One task has its verdict; a headline would say it again. Single runs are tested by nothing.
    #expect(try headline(decided) == nil)
    #expect(
      try headline("A,x,90,,1\nA,y,80,,1\nB,x,90,,1\nB,y,80,,1\n")
        == "Nothing could be tested on any of the 2 tasks (one value has no spread); the highest means are those on these test images.")
  }

  @Test("A pair that is compared with the best and with the baseline is a row once; rows say which of them they are of")
  func pairs() throws {
    let rows = try analysis("task,initialization,mean,std,n\nA,x,90,1,5\nA,y,89,1,5\nB,x,90,1,5\nB,y,89,1,5\nB,z,88,1,5\n") { $0.baseline = "y" }
      .comparisonsTable.rows.map { [$0[0].text, $0[1].text] }
    #expect(
      rows == [
        ["A", "x (best) – y (baseline)"], ["B", "x (best) – y (baseline)"], ["B", "x (best) – z"], ["B", "z – y (baseline)"],
      ])
  }

  @Test("Each paragraph of Methods is wrapped for itself, with an empty line between two")
  func paragraphs() throws {
    let analysis = try analysis(), methods = try #require(analysis.terminalText(width: 80).components(separatedBy: "Methods\n═══════\n").last)
    let paragraphs = methods.components(separatedBy: "\n\n"), wanted = analysis.methodsParagraphs
    #expect(wanted.count > 1 && paragraphs.count == wanted.count)
    for (found, wanted) in zip(paragraphs, wanted) {
      let lines = found.split(separator: "\n")
      #expect(lines.map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ") == wanted.text)
      // No line ends before the next word would not fit any more.
      for (line, next) in zip(lines, lines.dropFirst()) {
        #expect(line.count + 1 + (next.trimmingCharacters(in: .whitespaces).split(separator: " ").first?.count ?? 0) > 78, "\(line)")
      }
    }
    #expect(flowed("", 80) == "\n")
  }

  @Test("No line of the text is wider than the terminal, for narrow and wide ones", arguments: [80, 100, 120])
  func width(columns: Int) throws {
    var text = "task,initialization,mean,std,n\n"
    for task in ["DXC14", "a task with a rather long name", "PXS"] {
      for index in 0..<12 { text += "\(task),an initialization of a very long name \(index),\(80 + Double(index) / 3),0.5,10\n" }
    }
    for line in try analysis(text).terminalText(width: columns).split(separator: "\n") { #expect(line.count <= columns, "\(line)") }
  }
}
