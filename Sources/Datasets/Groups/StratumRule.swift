import Foundation
import Foundations
import Studies

/// Which stratum of a group a row's values make.
struct StratumRule {
  private let group: GroupColumn

  init(_ group: GroupColumn) { self.group = group }

  /// - Parameter values: of the group's columns, in their order.
  /// - Returns: nil where the group has bands and the values are no number.
  func stratum(of values: [String]) -> String? {
    let values = values.map { $0.trimmingCharacters(in: .whitespaces) }
    if values.contains(where: Self.isMissing) { return StratumNames.unknown }
    guard let lowest = group.bands.first, let highest = group.bands.last else { return values[0] }
    guard let number = group.yearsSince == nil ? Self.number(values[0]) : Self.years(to: values[0], since: values[1]) else { return nil }
    guard (lowest...highest).contains(number) else { return StratumNames.outside(lowest, highest) }
    let last = group.bands.count - 2, band = min(last, (group.bands.lastIndex { $0 <= number } ?? 0))
    return StratumNames.band(group.bands[band], group.bands[band + 1], isLast: band == last)
  }

  private static let missingWords: Set = [
    "", "-", ".", "?", "na", "n/a", "nan", "none", "null", "nil", "unk", "unknown", "missing", "not known", "not reported",
  ]

  private static func isMissing(_ text: String) -> Bool { missingWords.contains(text.lowercased()) }

  /// A number, or an age as DICOM writes it: `058Y`, `011M`, `003W`, `020D` (PS3.5, value representation AS), in years.
  private static func number(_ text: String) -> Double? {
    if let number = DecimalText.number(text) { return number.isFinite ? number : nil }
    guard let unit = text.last.flatMap({ unitsAYear[$0.uppercased()] }), text.dropLast().allSatisfy({ $0.isASCII && $0.isNumber }),
      let count = Double(text.dropLast())
    else { return nil }
    return count / unit
  }

  private static let unitsAYear: [String: Double] = ["Y": 1, "M": 12, "W": 365.25 / 7, "D": 365.25]

  /// Whole years between two days; the difference of the years where one is but a year.
  private static func years(to end: String, since start: String) -> Double? {
    guard let (year, day) = date(end), let (firstYear, firstDay) = date(start) else { return nil }
    var years = year - firstYear
    if let day, let firstDay, day < firstDay { years -= 1 }
    return Double(years)
  }

  /// The year, and the month and day as one number, of `1954`, `1954.0`, `20140915`, `20140915.0`, `2014-09-15` or `2014/09/15`.
  private static func date(_ text: String) -> (year: Int, day: Int?)? {
    let parts = text.split { "-/".contains($0) }
    if parts.count == 3, parts[0].count == 4, let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]) {
      return dated(year, month, day)
    }
    guard let number = Double(text), let whole = Int(exactly: number) else { return nil }
    if (1000...9999).contains(whole) { return (whole, nil) }
    guard (10_000_000...99_999_999).contains(whole) else { return nil }
    return dated(whole / 10_000, whole / 100 % 100, whole % 100)
  }

  private static func dated(_ year: Int, _ month: Int, _ day: Int) -> (year: Int, day: Int?)? {
    (1...12).contains(month) && (1...31).contains(day) ? (year, month * 100 + day) : nil
  }
}
