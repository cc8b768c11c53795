internal import Foundation

extension Double {
  /// The number with a fixed count of decimals.
  public func fixed(_ decimals: Int) -> String { printed("%.*f", decimals) }

  /// The number with so many significant digits, and an exponent where it is very large or small.
  public func significant(_ digits: Int) -> String { printed("%.*g", digits) }

  /// As C writes it, without the way through Foundation's format strings: reports write hundreds of thousands of numbers.
  private func printed(_ format: String, _ precision: Int) -> String {
    // The longest number has 309 digits before its point.
    guard isFinite, (0...60).contains(precision) else { return String(format: format.replacingOccurrences(of: "*", with: "\(precision)"), self) }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { buffer in
      let count = withVaList([Int32(precision), self]) { vsnprintf(buffer.baseAddress, buffer.count, format, $0) }
      return String(decoding: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[0..<max(0, Int(count))]), as: UTF8.self)
    }
  }
}
