internal import Foundation

/// The root of a continuous function that is at most 0 at the lower bound and at least 0 at the upper, by the Illinois rule
/// (regula falsi that halves the value of an end that stays), to the last digits of float64.
func root(of function: (Double) -> Double, in bounds: ClosedRange<Double>) throws(Unavailable) -> Double {
  var (low, high) = (bounds.lowerBound, bounds.upperBound)
  var (atLow, atHigh) = (function(low), function(high))
  if atLow == 0 { return low }
  if atHigh == 0 { return high }
  guard atLow < 0, atHigh > 0 else { throw Unavailable("there is no root between \(low) and \(high)") }
  for step in 0..<300 where high - low > 2 * Double.ulpOfOne * max(abs(low), abs(high)) {
    var middle = low - (high - low) * atLow / (atHigh - atLow)
    // Every third step halves, so that a badly bent function is still done in time.
    if step % 3 == 2 || !(middle > low && middle < high) { middle = low + (high - low) / 2 }
    let there = function(middle)
    if there == 0 { return middle }
    guard !there.isNaN else { throw Unavailable("the function has no value at \(middle)") }
    if there < 0 {
      (low, atLow) = (middle, there)
      atHigh /= 2
    } else {
      (high, atHigh) = (middle, there)
      atLow /= 2
    }
  }
  return low + (high - low) / 2
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
