import Figures
import Foundation
import Foundations
import Metrics
import Statistics
import Testing

@testable import Reports

@Suite("Errors in a unit of their own beside shares in percent")
struct OwnUnitTests {
  private func cell(_ name: String, _ values: [Double]) -> ResultTable.Cell {
    ResultTable.Cell(name, runs: values.enumerated().map { ResultTable.Run("seed \($0.offset + 1)", $0.element) })
  }

  private var shares: ResultTable.Task {
    ResultTable.Task("chest", metric: "AUROC", range: 0...1, cells: [cell("a", [0.81, 0.82, 0.83]), cell("b", [0.71, 0.72, 0.73])])
  }

  private var errors: ResultTable.Task {
    ResultTable.Task(
      "age", metric: "Mean absolute error, months", higherIsBetter: false, scale: .init(symbol: "months", decimals: 3),
      cells: [cell("a", [9.5, 9.6, 9.7]), cell("b", [6.25, 6.5, 6.75])])
  }

  @Test("The lowest error is the best, its values and differences are in its unit, and shares stay in points")
  func mixed() throws {
    let analysis = try Analysis(ResultTable(initializations: ["a", "b"], tasks: [shares, errors], scale: .percent), AnalysisSettings())
    #expect(analysis.tasks.map(\.best.known) == ["a", "b"])
    let results = analysis.resultsTable
    #expect(results.rows.map { $0.map(\.text) } == [["a", "82.00 ± 1.00", "9.600 ± 0.100"], ["b", "72.00 ± 1.00", "6.500 ± 0.250"]])
    #expect(results.caption.contains("Mean ± standard deviation, % where no other unit is said;"), "\(results.caption)")
    let rows = analysis.comparisonsTable.rows
    #expect(rows[0][2].text == "+10.00" && rows[1][0].text == "age, Mean absolute error, months" && rows[1][2].text == "−3.100 months", "\(rows.map { $0.map(\.text) })")
    #expect(analysis.verdicts[1].statement.hasPrefix("b (6.500 ± 0.250 months, n = 3) is best"), "\(analysis.verdicts[1].statement)")
    #expect(analysis.unitSentence == "Differences are in percentage points, “points” for short, where no other unit is said.")
  }

  @Test("Errors alone speak of no percent")
  func alone() throws {
    let analysis = try Analysis(ResultTable(initializations: ["a", "b"], tasks: [errors], scale: .percent), AnalysisSettings())
    #expect(analysis.unitSentence == nil && !analysis.resultsTable.caption.contains("%") && !analysis.comparisonsTable.caption.contains("points"))
    #expect(analysis.comparisonsTable.columns[2].title == "Difference")
  }

  @Test("How patients move a mean absolute error is the deviation of its mean, over the images whose number is known, and of two columns their mean")
  func deviations() throws {
    let rows: [NumberPredictions.Row] = (0..<12).map { (row: Int) in
      let truth = Double(row), second: Double = row == 5 ? .nan : 1
      return NumberPredictions.Row(id: "\(row)", patient: "p\(row / 2)", truths: [truth, second], values: [truth + Double(row % 5) - 2, 1.5])
    }
    let all = Predictions.numbers(NumberPredictions(names: ["x", "y"], unit: nil, rows: rows)), patients = rows.compactMap(\.patient).map { "patient \($0)" }
    let first = try #require(PatientDeviations.ofMean(rows.map { abs($0.values[0] - $0.truths[0]) }, patients: patients).known)
    let halves = rows.map { $0.truths[1].isNaN ? 0 : 0.5 }
    let second = try #require(PatientDeviations.ofMean(halves, patients: patients, rows: (0..<12).filter { $0 != 5 }).known)
    #expect(all.deviations(of: .meanAbsoluteError, className: "x").known == first)
    #expect(all.deviations(of: .meanAbsoluteError).known == PatientDeviations.mean(of: [first, second]).known)
  }
}
