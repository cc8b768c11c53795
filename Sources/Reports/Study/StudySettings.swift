internal import Foundations

/// How the numbers of a study are made from its runs' predictions.
public struct StudySettings: Codable, Hashable, Sendable {
  /// The tests of means over seeds.
  public var analysis: AnalysisSettings
  /// The largest difference of a metric in 0…1 that does not matter, for the tests of equivalence: one percentage point.
  public var equivalenceMargin: Double
  /// Which metrics get intervals over patients from a bootstrap.
  public var bootstrap: BootstrapRule

  public init(analysis: AnalysisSettings = AnalysisSettings(), equivalenceMargin: Double = 0.01, bootstrap: BootstrapRule = .bounded) {
    self.analysis = analysis
    self.equivalenceMargin = equivalenceMargin
    self.bootstrap = bootstrap
  }

  /// - Throws: `ReportsError` for a margin that is none.
  public init(analysis: AnalysisSettings, marginInPoints: Double, bootstrap: BootstrapRule = .bounded) throws {
    guard marginInPoints > 0, marginInPoints <= 50 else {
      throw ReportsError.unfitSetting(
        "The margin \(significant(marginInPoints, 6)) is not between 0 and 50 percentage points.", remedy: "Give one such as 1.")
    }
    self.init(analysis: analysis, equivalenceMargin: marginInPoints / 100, bootstrap: bootstrap)
  }
}
