public import Foundations

/// A statistic: a number, or the reason why it is not available.
///
/// As JSON it is a bare number, or `{"notAvailable": "<reason>"}`.
public typealias Statistic = Available<Double>

extension Available<Double> {
  /// The number, or not available with the reason when it is not finite: float64 has overflowed, or a distribution's
  /// series did not converge.
  static func finite(_ number: Double, else reason: @autoclosure () -> String) -> Statistic {
    number.isFinite ? .value(number) : .notAvailable(reason: reason())
  }
}

/// Why a computation has no result. Tests throw it inside the module; it leaves the module as `.notAvailable`.
struct Unavailable: Error {
  let reason: String
  init(_ reason: String) { self.reason = reason }
}

extension Available {
  /// What the work gives, or the reason it stops with.
  init(_ work: () throws(Unavailable) -> Value) {
    do throws(Unavailable) {
      self = .value(try work())
    } catch {
      self = .notAvailable(reason: error.reason)
    }
  }

  /// The value; its absence ends the computation with the same reason.
  func get() throws(Unavailable) -> Value {
    switch self {
    case .value(let value): return value
    case .notAvailable(let reason): throw Unavailable(reason)
    }
  }
}
