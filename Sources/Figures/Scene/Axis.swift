internal import Foundation
internal import Foundations

/// One axis of a panel. Places on it are plain numbers: categories sit at 0, 1, 2 … and have ticks with their names.
public struct Axis: Sendable, Equatable {
  public struct Tick: Sendable, Equatable {
    public let place: Double
    public let label: String

    public init(_ place: Double, _ label: String) {
      self.place = place
      self.label = label
    }
  }

  /// What is measured, with its unit: `AUC, %`.
  public var title: String
  public var lower: Double
  public var upper: Double
  public var ticks: [Tick]
  public var hasGrid: Bool
  /// False for a scale that only places things and says nothing itself.
  public var isVisible: Bool

  public init(title: String = "", lower: Double, upper: Double, ticks: [Tick] = [], hasGrid: Bool = false, isVisible: Bool = true) {
    self.title = title
    self.lower = lower
    self.upper = upper
    self.ticks = ticks
    self.hasGrid = hasGrid
    self.isVisible = isVisible
  }

  /// An axis for names, each at its number.
  public static func categories(_ names: [String], title: String = "") -> Axis {
    Axis(
      title: title, lower: -0.6, upper: Double(max(1, names.count)) - 0.4,
      ticks: names.enumerated().map { Tick(Double($0), $1) })
  }

  /// An axis for numbers from `lower` to `upper`, with round ticks and a grid.
  public static func numbers(_ lower: Double, _ upper: Double, title: String, count: Int = 5) -> Axis {
    Axis(title: title, lower: lower, upper: upper, ticks: roundTicks(lower, upper, count: count), hasGrid: true)
  }

  /// Round numbers within a range, about `count` of them, all with the same number of decimals.
  public static func roundTicks(_ lower: Double, _ upper: Double, count: Int = 5) -> [Tick] {
    guard upper > lower, (upper - lower).isFinite else { return [] }
    let step = roundStep((upper - lower) / Double(max(1, count)))
    let decimals = max(0, Int((-log10(step)).rounded(.up)) + (isQuarter(step) ? 1 : 0))
    var ticks = [Tick]()
    var index = (lower / step - 1e-9).rounded(.up)
    while index * step <= upper + step * 1e-9 {
      let place = index * step
      ticks.append(Tick(place, fixed(place == 0 ? 0 : place, decimals).replacingMinus))
      index += 1
    }
    return ticks
  }

  /// The round step (1, 2, 2.5 or 5 times a power of ten) that is at least `step`.
  static func roundStep(_ step: Double) -> Double {
    let power = pow(10, log10(step).rounded(.down))
    let least: Double = step * (1 - 1e-9)
    let factor: Double = [1, 2, 2.5, 5].first { $0 * power >= least } ?? 10
    return factor * power
  }

  private static func isQuarter(_ step: Double) -> Bool {
    let mantissa = step / pow(10, log10(step).rounded(.down))
    return abs(mantissa - 2.5) < 1e-6
  }
}

/// The lowest and the highest of the finite numbers; nil where there is none.
func extent(_ numbers: some Sequence<Double>) -> (lower: Double, upper: Double)? {
  var result: (lower: Double, upper: Double)?
  for number in numbers where number.isFinite {
    result = (min(result?.lower ?? number, number), max(result?.upper ?? number, number))
  }
  return result
}

/// A number with so many decimals; never `-0.00`.
func fixed(_ number: Double, _ decimals: Int) -> String {
  guard number.isFinite else { return "–" }
  let text = number.fixed(decimals)
  return text.hasPrefix("-") && text.allSatisfy({ "-0.".contains($0) }) ? String(text.dropFirst()) : text
}
