internal import Foundation
public import Foundations

extension PatientDeviations {
  /// On which scale an interval is symmetric.
  public enum Scale: String, Codable, Hashable, Sendable {
    case linear
    /// Of a value in 0...1: logit θ̂ ± half/(θ̂(1 − θ̂)), mapped back. It stays inside, and covers better near an end.
    case logit
    /// Of a value above 0: ln θ̂ ± half/θ̂, mapped back.
    case log
  }

  /// θ̂ ± t(1 − α/2; ν)·√Σaᵢ², for other patients with the same network.
  ///
  /// - Parameter value: whose deviations these are.
  public func interval(of value: Double, scale: Scale = .linear, level: Double = 0.95) -> Available<Interval> {
    Available { () throws(Unavailable) in
      try checkSpread(variance.squareRoot(), magnitude: abs(value), "all patients are alike")
      let half = try StudentT.halfWidth(level: level, degreesOfFreedom: degreesOfFreedom) * variance.squareRoot(), method = "t over patients"
      switch scale {
      case .linear: return Interval(center: value, half: half, level: level, method: method)
      case .logit:
        guard value > 0, value < 1 else { throw Unavailable("\(value) has no logit") }
        return .onLogitScale(value, half: half, level: level, method: method)
      case .log:
        guard value > 0 else { throw Unavailable("\(value) has no logarithm") }
        return Interval(
          lower: value * exp(-half / value), upper: value * exp(half / value), level: level, method: method + ", log scale")
      }
    }
  }

  /// How many patients carry the variance: as many that all move the value alike would share it as unevenly, (Σaᵢ²)²/Σaᵢ⁴. A third of the
  /// patients where they are normal; where it is small, a few decide, and others like them may be missing.
  public var carrierCount: Double { Self.carrierCount(of: values) }

  /// How lopsided patients move the value: the third central moment of the deviations by the second's power of 1.5; 0 where none moves it.
  public var skewness: Double {
    let count = Double(max(1, values.count)), mean = values.reduce(0, +) / count
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count, cube = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) * ($1 - mean) } / count
    return square > 0 ? cube / (square * square.squareRoot()) : 0
  }

  static func carrierCount(of values: [Double]) -> Double {
    let square = dot(values, values), fourth = values.reduce(0) { $0 + $1 * $1 * $1 * $1 }
    return fourth > 0 ? square * square / fourth : 0
  }
}
