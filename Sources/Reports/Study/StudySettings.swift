internal import Foundations

/// How the numbers of a study are made from its runs' predictions.
public struct StudySettings: Codable, Hashable, Sendable {
  /// The tests of means over seeds.
  public var analysis: AnalysisSettings
  /// The largest difference of a metric in 0…1 that does not matter, for the tests of equivalence: one percentage point.
  public var equivalenceMargin: Double

  public init(analysis: AnalysisSettings = AnalysisSettings(), equivalenceMargin: Double = 0.01) {
    self.analysis = analysis
    self.equivalenceMargin = equivalenceMargin
  }
}
