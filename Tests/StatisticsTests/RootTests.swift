import Foundation
import Testing

@testable import Statistics

@Suite("Roots")
struct RootTests {
  struct Given: Sendable, CustomTestStringConvertible {
    let name: String
    let bounds: ClosedRange<Double>
    let root: Double
    let function: @Sendable (Double) -> Double

    init(_ name: String, _ bounds: ClosedRange<Double>, root: Double, _ function: @escaping @Sendable (Double) -> Double) {
      (self.name, self.bounds, self.root, self.function) = (name, bounds, root, function)
    }

    var testDescription: String { name }
  }

  static let given: [Given] = [
    Given("line", -1...2, root: 0.3) { x in x - 0.3 },
    Given("cube", 0...100, root: pow(2, 1.0 / 3)) { x in x * x * x - 2 },
    Given("exponential", -300...10, root: log(1e-8)) { x in exp(x) - 1e-8 },
    Given("step-like", 0...50, root: 0.7) { x in tanh(1000 * (x - 0.7)) },
    Given("flat at the root", -3...2.5, root: 1) { x in pow(x - 1, 5) },
    Given("at an end", 0...1, root: 0) { x in x },
  ]

  @Test("A root is known to the last digits, for straight, bent, steep and flat functions", arguments: RootTests.given)
  func roots(_ given: Given) throws {
    var asked = 0
    let found = try root(
      of: { place in
        asked += 1
        return given.function(place)
      }, in: given.bounds)
    // Where a function is flat, no better place can be told.
    let near = given.name == "flat at the root" ? 1e-3 : 8e-16 * max(1, abs(given.root))
    #expect(abs(found - given.root) <= near && asked < (given.name == "flat at the root" ? 305 : 60), "\(found) after \(asked) values")
  }

  @Test("Where there is no root, or a value that is no number, that is said")
  func none() {
    #expect(throws: Unavailable.self) { try root(of: { _ in 1 }, in: 0...1) }
    #expect(throws: Unavailable.self) { try root(of: { $0 > 0.2 && $0 < 0.9 ? .nan : $0 - 0.5 }, in: 0...1) }
  }
}
