internal import Foundation

/// The root of a continuous function that is at most 0 at the lower bound and at least 0 at the upper, to the last digits of float64.
///
/// By Brent's rule (1973, chapter 4): inverse quadratic interpolation or the secant where they shrink the bracket, halving where they do
/// not. Functions here are costly, such as the noncentral t, and it asks for a third of the values that regula falsi needs.
func root(of function: (Double) -> Double, in bounds: ClosedRange<Double>) throws(Unavailable) -> Double {
  let low = (place: bounds.lowerBound, value: function(bounds.lowerBound)), high = (place: bounds.upperBound, value: function(bounds.upperBound))
  if low.value == 0 { return low.place }
  if high.value == 0 { return high.place }
  guard low.value < 0, high.value > 0 else { throw Unavailable("there is no root between \(low.place) and \(high.place)") }
  var bracket = Bracket(best: high, former: low)
  for _ in 0..<300 {
    guard let next = bracket.next() else { break }
    let there = function(next)
    guard !there.isNaN else { throw Unavailable("the function has no value at \(next)") }
    bracket.add((next, there))
  }
  return bracket.best.place
}

/// Two places between which a function passes 0, and the one before.
private struct Bracket {
  typealias Point = (place: Double, value: Double)
  /// The last one, of the smallest value.
  private(set) var best: Point
  /// The best one before.
  private(set) var former: Point
  /// On the other side of the root than the best.
  private var opposite: Point
  private var step: Double
  private var stepBefore: Double

  init(best: Point, former: Point) {
    (self.best, self.former, opposite) = (best, former, former)
    step = best.place - former.place
    stepBefore = step
    order()
  }

  mutating func add(_ point: Point) {
    best = point
    order()
  }

  private mutating func order() {
    if (best.value > 0) == (opposite.value > 0) {
      opposite = former
      step = best.place - former.place
      stepBefore = step
    }
    if abs(opposite.value) < abs(best.value) { (former, best, opposite) = (best, opposite, best) }
  }

  /// Where to ask next; nil where the root is known.
  mutating func next() -> Double? {
    let tolerance = 2 * Double.ulpOfOne * abs(best.place), half = (opposite.place - best.place) / 2
    if best.value == 0 || abs(half) <= tolerance { return nil }
    if let interpolated = interpolation(half, tolerance) {
      (stepBefore, step) = (step, interpolated)
    } else {
      (stepBefore, step) = (half, half)
    }
    former = best
    return best.place + (abs(step) > tolerance ? step : half < 0 ? -tolerance : tolerance)
  }

  /// The step to where a parabola or a line passes 0; nil where it would shrink the bracket too slowly.
  private func interpolation(_ half: Double, _ tolerance: Double) -> Double? {
    guard abs(stepBefore) >= tolerance, abs(former.value) > abs(best.value) else { return nil }
    let ratio = best.value / former.value
    var numerator: Double, denominator: Double
    if former.place == opposite.place {
      (numerator, denominator) = (2 * half * ratio, 1 - ratio)
    } else {
      let q = former.value / opposite.value, r = best.value / opposite.value
      numerator = ratio * (2 * half * q * (q - r) - (best.place - former.place) * (r - 1))
      denominator = (q - 1) * (r - 1) * (ratio - 1)
    }
    if numerator > 0 { denominator = -denominator } else { numerator = -numerator }
    guard 2 * numerator < min(3 * half * denominator - abs(tolerance * denominator), abs(stepBefore * denominator)) else { return nil }
    return numerator / denominator
  }
}

extension Array {
  /// The first index whose element meets the condition, where elements that do not come before all that do.
  func partitionIndex(where condition: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if condition(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
