internal import Foundation

/// What stands in the denominator of standard deviations as they were printed. Papers seldom say it: programs in Python that call
/// `numpy.std` have n, which is smaller by √((n − 1)/n), 5 % at ten runs.
///
/// One setting for every printed deviation that a command reads, of a file of means and of the papers' values alike.
public enum PrintedDeviations: String, Codable, Hashable, Sendable, CaseIterable {
  case n
  case nMinusOne = "n-1"

  /// What is taken where nothing is said: what tests of means are defined by.
  public static let standard = PrintedDeviations.nMinusOne

  /// From the word of a command line, refused with the nearest one that is known.
  public init(parsing word: String) throws {
    guard let found = Self(rawValue: word.lowercased().replacingOccurrences(of: "−", with: "-")) else {
      throw ReportsError.unknownName(word, what: "denominator of printed standard deviations", valid: Self.allCases.map(\.rawValue))
    }
    self = found
  }

  /// A printed deviation of so many runs, with n − 1 in its denominator. One of fewer than two runs stays as it is.
  func sample(_ printed: Double, count: Int) -> Double {
    guard self == .n, count > 1 else { return printed }
    return printed * (Double(count) / Double(count - 1)).squareRoot()
  }

  /// `n − 1`.
  public var text: String { self == .n ? "n" : "n − 1" }

  /// The convention, for a Methods section.
  var sentence: String {
    switch self {
    case .nMinusOne: "Printed standard deviations were taken as made with n − 1 in the denominator (--printed-deviations n-1)."
    case .n:
      "Printed standard deviations were taken as made with n in the denominator (--printed-deviations n) and multiplied by √(n / (n − 1))."
    }
  }
}
