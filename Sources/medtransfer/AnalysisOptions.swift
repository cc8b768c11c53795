import ArgumentParser
import Figures
import Foundations
import Reports

/// How results are compared, in every command that compares them.
struct AnalysisOptions: ParsableArguments {
  @Option(help: "student, welch, paired, mann-whitney or wilcoxon.")
  var test = "student"
  @Option(help: "two-sided; better (than another or the baseline); or worse (than the baseline).")
  var alternative = "two-sided"
  @Option(help: "none, bonferroni, holm or benjamini-hochberg: over the comparisons of a task.")
  var correction = "holm"
  @Option(help: "The level of significance.")
  var alpha = 0.05

  func settings(baseline: String?) throws -> AnalysisSettings {
    try AnalysisSettings(test: test, sidedness: alternative, correction: correction, significance: alpha, baseline: baseline)
  }
}

extension PlotlyLibrary {
  /// The installed library; where there is none, nil, and a note that the page is not written.
  static func installedOrNoted() throws -> PlotlyLibrary? {
    do {
      return try installed()
    } catch let error as FiguresError {
      Terminal().note("report.html is not written: \(error.description)")
      return nil
    }
  }
}
