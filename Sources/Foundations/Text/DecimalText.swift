/// Numbers as tables of other languages write them.
public enum DecimalText {
  /// The number of a text with a decimal point, or with a decimal comma that can be nothing else: one comma, with one or two digits
  /// behind it (`57,5`, `1,0`). `1,234` is no number here: it is a thousand to some and little more than one to others.
  public static func number(_ text: String) -> Double? {
    if let number = Double(text) { return number }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count == 2, (1...2).contains(parts[1].utf8.count) else { return nil }
    return withComma(text)
  }

  /// The number of a text whose comma is the decimal sign, whatever stands behind it: in tables whose columns are separated otherwise.
  public static func withComma(_ text: String) -> Double? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count <= 2, !text.contains("."), parts.count == 1 || parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x65 || $0 == 0x45 || $0 == 0x2D }) else {
      return parts.count == 1 ? Double(text) : nil
    }
    return Double(parts.joined(separator: "."))
  }
}
