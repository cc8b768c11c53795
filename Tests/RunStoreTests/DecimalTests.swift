import CDecimals
import Foundation
import Foundations
import Testing

@Suite struct DecimalTests {
  /// The value and the length that a reader finds, nil for none.
  private func read(_ text: String) -> (value: Double, length: Int)? {
    var value = 0.0, text = text
    let length = text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { cdec_read($0.baseAddress, $0.count, &value) }
    }
    return length > 0 ? (value, length) : nil
  }

  private func strtod(_ text: String) -> (value: Double, length: Int) {
    text.withCString { start in
      var stop: UnsafeMutablePointer<CChar>?
      let value = Foundation.strtod(start, &stop)
      return (value, stop.map { UnsafePointer($0) - start } ?? 0)
    }
  }

  @Test("A decimal number is read as strtod reads it, bit for bit and to the same end")
  func likeStrtod() {
    var generator = SeedPath(11).generator()
    var texts = ["0", "1", "1.", "0.5e", "0.5e+", "1e0005", "5e-324", "2.2250738585072011e-308", "9007199254740993", "0.1,0.2", "1e22", "1e23"]
    for _ in 0..<30_000 {
      // Any float64 in its shortest spelling, and probabilities as files hold them.
      let any = Double(bitPattern: generator.next() >> 1)
      if any.isFinite { texts.append("\(any)") }
      texts.append("\(generator.uniform()),")
      // Digits of any length, with a point and an exponent somewhere.
      var digits = String((0..<1 + generator.integer(below: 40)).map { _ in Character(String(generator.integer(below: 10))) })
      if generator.integer(below: 2) == 0 { digits.insert(".", at: digits.index(digits.startIndex, offsetBy: 1 + generator.integer(below: digits.count))) }
      if generator.integer(below: 2) == 0 { digits += "e\(generator.integer(below: 700) - 350)" }
      texts.append(digits)
      // Half way between two float32 and one digit beside it: the hardest to round.
      let low = Float(generator.uniform()), middle = (Double(low) + Double(low.nextUp)) / 2
      texts.append(String(format: "%.60f", middle) + (generator.integer(below: 2) == 0 ? "1" : ""))
    }
    var wrong: [String] = []
    for text in texts {
      let expected = strtod(text)
      guard let found = read(text) else {
        // What float64 cannot hold is refused instead of rounded to infinity or 0.
        if expected.value.isNormal { wrong.append(text) }
        continue
      }
      if found.value.bitPattern != expected.value.bitPattern || found.length != expected.length { wrong.append(text) }
    }
    #expect(wrong.isEmpty, "\(wrong.count) of \(texts.count), such as \(wrong.prefix(3))")
    #expect(read("x") == nil && read("") == nil && read("1e999") == nil)
  }
}
