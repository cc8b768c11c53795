import Foundation
import Foundations
import Testing

@testable import Statistics

/// Files of Goldens/, made by Tools/goldens/statistical_tests.py.
func golden<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
  let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens/\(name)")
  return try JSONDecoder().decode(Value.self, from: Data(contentsOf: url))
}

/// Whether a number is there and equals the expected one to a relative accuracy.
func agrees(_ value: Double?, _ expected: Double, within tolerance: Double = 1e-9) -> Bool {
  guard let value else { return false }
  return abs(value - expected) <= tolerance * abs(expected)
}

func agrees(_ value: Statistic, _ expected: Double, within tolerance: Double = 1e-9) -> Bool {
  agrees(value.known, expected, within: tolerance)
}

func agrees(_ interval: Available<Interval>, _ bounds: [Double], within tolerance: Double = 1e-9) -> Bool {
  guard let interval = interval.known, bounds.count == 2 else { return false }
  let width = bounds[1] - bounds[0]
  return abs(interval.lower - bounds[0]) <= tolerance * max(width, abs(bounds[0]))
    && abs(interval.upper - bounds[1]) <= tolerance * max(width, abs(bounds[1]))
}

func normals(_ count: Int, mean: Double = 0, deviation: Double = 1, _ generator: inout SeededGenerator) -> [Double] {
  (0..<count).map { _ in mean + deviation * generator.normal() }
}
