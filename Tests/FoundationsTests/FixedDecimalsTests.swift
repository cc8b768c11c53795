import Foundation
import Foundations
import Testing

@Suite("Numbers as text")
struct FixedDecimalsTests {
  @Test("Fixed decimals and significant digits are what C writes, at every size and for what is no number")
  func same() {
    var random = SeededGenerator(seed: 7)
    let drawn = (0..<2000).map { _ in Double.random(in: -1...1, using: &random) * pow(10, Double.random(in: -320...308, using: &random)) }
    for value in drawn + [0, -0.0, 0.5, 1.5, 2.675, .greatestFiniteMagnitude, .leastNonzeroMagnitude, .infinity, -.infinity, .nan] {
      for digits in [0, 1, 2, 6, 17, 60, 61] {
        #expect(value.fixed(digits) == String(format: "%.\(digits)f", value), "\(value)")
        #expect(value.significant(digits) == String(format: "%.\(digits)g", value), "\(value)")
      }
    }
  }
}
