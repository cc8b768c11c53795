internal import Foundations
public import Statistics

/// What a difference between initializations is to hold for.
public enum Generalization: String, Codable, Hashable, Sendable, CaseIterable {
  /// Other patients of the same kind, and other seeds: what one chooses a model for.
  case patientsAndSeeds = "patients-and-seeds"
  /// Other seeds, on the very same test images: the protocol of 2021. It says nothing about other patients.
  case seeds

  /// From the word of a command line, refused with the nearest one that is known.
  public init(parsing word: String) throws {
    guard let found = Self(rawValue: word.lowercased()) else {
      throw ReportsError.unknownName(word, what: "generalization", valid: Self.allCases.map(\.rawValue))
    }
    self = found
  }

  /// Behind what a verdict says.
  var words: String { self == .patientsAndSeeds ? "for other patients" : "on these test images" }
}

/// How results are compared: stated with every table that is made of them.
public struct AnalysisSettings: Codable, Hashable, Sendable {
  public enum Test: String, Codable, Hashable, Sendable, CaseIterable {
    case student, welch, paired
    case mannWhitney = "mann-whitney"
    case wilcoxon

    var name: String {
      switch self {
      case .student: "Student's t-test"
      case .welch: "Welch's t-test"
      case .paired: "paired t-test"
      case .mannWhitney: "Mann–Whitney U test"
      case .wilcoxon: "Wilcoxon signed-rank test"
      }
    }
  }

  public enum Sidedness: String, Codable, Hashable, Sendable, CaseIterable {
    case twoSided = "two-sided"
    /// Whether the best is better than another, or an initialization better than the baseline.
    case better
    /// Whether an initialization is worse than the baseline.
    case worse
  }

  /// What the differences are to hold for. Where the predictions are not known, it is these test images all the same.
  public var generalization = Generalization.patientsAndSeeds
  /// Of the values over seeds, on the very test images.
  public var test = Test.student
  public var sidedness = Sidedness.twoSided
  public var correction = Correction.holm
  /// α, also of the intervals, whose level is 1 − α.
  public var significance = 0.05
  /// Compares every other initialization with this one too.
  public var baseline: String?
  /// The power that planned runs are to have, and the most runs each that are worth planning.
  public var power = 0.8
  public var runLimit = 1000
  /// The most test patients that are worth planning.
  public var patientLimit = 100_000

  public init() {}

  /// From the words of a command line, each refused with the nearest one that is known.
  public init(test: String, sidedness: String, correction: String, significance: Double, baseline: String?) throws {
    self.test = try Self.choice(test, "test", Test.allCases.map { ($0.rawValue, $0) })
    self.sidedness = try Self.choice(sidedness, "alternative", Sidedness.allCases.map { ($0.rawValue, $0) })
    self.correction = try Self.choice(
      correction, "correction",
      [("none", .none), ("bonferroni", .bonferroni), ("holm", .holm), ("benjamini-hochberg", .benjaminiHochberg)])
    guard significance > 0 && significance < 1 else {
      throw ReportsError.unfitSetting("The level \(significance) is not between 0 and 1.", remedy: "Give one such as 0.05.")
    }
    self.significance = significance
    self.baseline = baseline
    if self.sidedness == .worse && baseline == nil {
      throw ReportsError.unfitSetting(
        "The alternative “worse” needs a baseline: nothing can be tested for being worse than the best.",
        remedy: "Name one with --baseline.")
    }
  }

  private static func choice<Value>(_ word: String, _ what: String, _ known: [(String, Value)]) throws -> Value {
    guard let found = known.first(where: { $0.0 == word.lowercased() }) else {
      throw ReportsError.unknownName(word, what: what, valid: known.map(\.0))
    }
    return found.1
  }

  /// The alternative of `first − second`, where `first` is the one that may be better.
  func alternative(higherIsBetter: Bool, againstBest: Bool) -> Alternative {
    switch sidedness {
    case .twoSided: .twoSided
    case .worse where !againstBest: higherIsBetter ? .less : .greater
    // The best can only be tested for being better.
    case .better, .worse: higherIsBetter ? .greater : .less
    }
  }

  var level: Double { 1 - significance }

  /// The shortest way of writing α: 0.05, 0.001.
  var significanceText: String { significant(significance, 6) }
}
