internal import Foundation

/// What strata are called, and which of them can be compared. Reports know no more of a stratum than its name.
public enum StratumNames {
  /// Of images whose value is missing.
  public static let unknown = "unknown"

  /// Of a band with its lower bound, and with its upper one where `isLast`: `40 to <65`, `65 to 120`.
  public static func band(_ lower: Double, _ upper: Double, isLast: Bool) -> String {
    "\(text(lower)) to \(isLast ? "" : "<")\(text(upper))"
  }

  /// Of numbers outside all bands: `outside 0 to 120`.
  public static func outside(_ lower: Double, _ upper: Double) -> String { "outside \(text(lower)) to \(text(upper))" }

  /// Whether a stratum is one of those that are compared: missing values are counted and named, but say nothing of a group, and numbers
  /// outside the bands are mostly slips, such as an age of 414.
  public static func isCompared(_ name: String) -> Bool { name != unknown && !isOutside(name) }

  /// Bands from the lowest on, other names in the order of their letters; what is not compared at the end.
  public static func ordered(_ names: some Sequence<String>) -> [String] {
    let all = Set(names), compared = all.filter(isCompared)
    let numbers = compared.compactMap { name in lowerBound(of: name).map { ($0, name) } }
    let first = numbers.count == compared.count ? numbers.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.1) : compared.sorted()
    return first + all.filter(isOutside).sorted() + (all.contains(unknown) ? [unknown] : [])
  }

  private static func isOutside(_ name: String) -> Bool {
    let words = name.split(separator: " ", omittingEmptySubsequences: false)
    return words.count == 4 && words[0] == "outside" && words[2] == "to" && Double(words[1]) != nil && Double(words[3]) != nil
  }

  /// The number that a name begins with.
  private static func lowerBound(of name: String) -> Double? { name.split(separator: " ").first.flatMap { Double($0) } }

  /// Whole numbers without a decimal point.
  private static func text(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? "\(number)" }
}
