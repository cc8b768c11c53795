extension Interval {
  /// The part that lies in a metric's range, so that it does not say what cannot be. Its coverage is the same, since the truth lies in
  /// the range too.
  public func cut(to range: ClosedRange<Double>) -> Interval {
    guard lower < range.lowerBound || upper > range.upperBound else { return self }
    return Interval(
      lower: max(range.lowerBound, lower), upper: min(range.upperBound, upper), level: level, method: method + ", cut to the metric's range")
  }

  /// θ̂ ± half: on the logit scale for a fraction between 0 and 1, where that covers better near its ends, else cut to the range.
  static func inside(_ range: ClosedRange<Double>, center: Double, half: Double, level: Double, method: String) -> Interval {
    if range == 0...1, center > 0, center < 1 { return .onLogitScale(center, half: half, level: level, method: method) }
    return Interval(center: center, half: half, level: level, method: method).cut(to: range)
  }
}
