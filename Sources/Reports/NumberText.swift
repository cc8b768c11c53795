internal import Foundation
internal import Foundations

/// A number with a fixed count of decimals.
func fixed(_ value: Double, _ decimals: Int) -> String { value.fixed(decimals) }

/// A number with so many significant digits, and an exponent where it is very large or small.
func significant(_ value: Double, _ digits: Int) -> String { value.significant(digits) }

/// A whole number with commas between thousands.
func grouped(_ value: Int) -> String {
  var digits = String(value.magnitude)
  var groups: [Substring] = []
  while digits.count > 3 {
    groups.insert(digits.suffix(3), at: 0)
    digits = String(digits.dropLast(3))
  }
  return (value < 0 ? "-" : "") + ([digits[...]] + groups).joined(separator: ",")
}
