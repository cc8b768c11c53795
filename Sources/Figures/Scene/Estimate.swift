/// A value and how far it may be off: a mean with its standard deviation, or a statistic with its interval.
public struct Estimate: Sendable, Equatable {
  public let value: Double
  /// How far the error bar reaches down and up from the value, 0 or more; nil where nothing is known.
  public let below: Double?
  public let above: Double?
  /// What is written behind ±, where the bar is drawn shorter at one end; nil for an interval.
  private let spread: Double?

  /// A value with the same error on both sides.
  ///
  /// - Parameter range: where values can lie; a bar ends there, and what is written is the whole error.
  public init(_ value: Double, error: Double? = nil, within range: ClosedRange<Double>? = nil) {
    self.value = value
    spread = error.map(abs)
    below = error.map { min(abs($0), max(0, value - (range?.lowerBound ?? -.infinity))) }
    above = error.map { min(abs($0), max(0, (range?.upperBound ?? .infinity) - value)) }
  }

  /// A value with the ends of its interval.
  public init(_ value: Double, lower: Double, upper: Double) {
    self.value = value
    below = max(0, value - lower)
    above = max(0, upper - value)
    spread = below == above ? below : nil
  }

  /// Where the error bar ends, or the value where there is none.
  public var bottom: Double { value - (below ?? 0) }
  public var top: Double { value + (above ?? 0) }

  var isSymmetric: Bool { below == above }

  /// `67.54 ± 0.60`, `0.913 (0.880 to 0.941)` or `67.54`
  public func text(decimals: Int) -> String {
    guard let below, let above else { return fixed(value, decimals) }
    if let spread { return "\(fixed(value, decimals)) ± \(fixed(spread, decimals))" }
    return "\(fixed(value, decimals)) (\(fixed(value - below, decimals)) to \(fixed(value + above, decimals)))"
  }
}

/// What a test says, as figures mark it.
public enum SignificanceMark: Sendable, Equatable {
  /// Nothing is drawn: not tested, or in a figure that leaves out what is significantly worse.
  case none
  case notSignificant
  /// One to four stars.
  case stars(Int)
  /// Any other words, such as `p = 0.019`.
  case words(String)

  /// The mark of a p-value: one star below 0.05, two below 0.01, three below 0.001, four below 0.0001.
  public init(pValue: Double) {
    let passed = Self.levels.count { pValue < $0 }
    self = passed == 0 ? .notSignificant : .stars(passed)
  }

  /// The same, with nothing for what is significantly worse than its baseline, as the 2021 paper draws it.
  public init(pValue: Double, isWorse: Bool) {
    let mark = SignificanceMark(pValue: pValue)
    self = isWorse && mark != .notSignificant ? .none : mark
  }

  public var text: String {
    switch self {
    case .none: ""
    case .notSignificant: "n.s."
    case .stars(let count): String(repeating: "*", count: max(1, count))
    case .words(let words): words
    }
  }

  static let levels = [0.05, 0.01, 0.001, 0.0001]

  /// What the marks mean, for a caption.
  public static let legend = "n.s.: p ≥ 0.05; *: p < 0.05; **: p < 0.01; ***: p < 0.001; ****: p < 0.0001."
}
