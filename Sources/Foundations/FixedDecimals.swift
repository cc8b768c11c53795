internal import Foundation

extension Double {
  /// The number with a fixed count of decimals.
  public func fixed(_ decimals: Int) -> String { String(format: "%.\(decimals)f", self) }
}
