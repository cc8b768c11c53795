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

/// How the numbers of a study are computed, in every command that computes them.
struct StudyNumbersOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Compare every initialization with this one too; default: supervised ImageNet, else the first.", valueName: "name"))
  var baseline: String?
  @OptionGroup var comparing: AnalysisOptions
  @Option(help: ArgumentHelp("The difference in percentage points that does not matter, for the tests of equivalence and with --against.", valueName: "points"))
  var margin = 1.0
  @Option(help: "What differences hold for: patients-and-seeds (other patients), or seeds (these very test images, as in 2021).")
  var generalize = Generalization.patientsAndSeeds.rawValue
  @Option(help: "Intervals over patients by resampling: bounded (small studies alone), always or never.")
  var bootstrap = BootstrapRule.bounded.rawValue

  func settings() throws -> StudySettings {
    var analysis = try comparing.settings(baseline: baseline)
    analysis.generalization = try Generalization(parsing: generalize)
    return try StudySettings(
      analysis: analysis, marginInPoints: margin, bootstrap: BootstrapRule(parsing: bootstrap))
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
