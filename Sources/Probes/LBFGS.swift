/// The limited-memory method of Broyden, Fletcher, Goldfarb and Shanno for smooth functions of many variables (Nocedal and Wright 2006,
/// Numerical Optimization, algorithms 7.4 and 7.5), with a line search for the strong Wolfe conditions (algorithms 3.5 and 3.6).
///
/// Close to the minimum the values of the function differ by less than they are rounded by; there a step is judged by its slopes alone
/// (the approximate Wolfe conditions of Hager and Zhang 2005, SIAM Journal on Optimization 16, equation 4.1).
struct LBFGS {
  /// Pairs of steps and changes of the gradient that are remembered.
  var memory = 10
  /// It ends where no component of the gradient is larger.
  var tolerance: Double
  var maximumIterations: Int

  struct Outcome {
    var point: [Double]
    var gradientNorm: Double
    var iterations: Int
  }

  /// A place, with the function's value and gradient there.
  private struct Place {
    let point: [Double]
    let value: Double
    let gradient: [Double]
  }

  /// - Parameter function: gives the value and writes the gradient.
  func minimize(from start: [Double], _ function: (_ point: [Double], _ gradient: inout [Double]) -> Double) -> Outcome {
    func evaluated(_ point: [Double]) -> Place {
      var gradient = [Double](repeating: 0, count: point.count)
      let value = function(point, &gradient)
      return Place(point: point, value: value, gradient: gradient)
    }
    var place = evaluated(start), pairs: [Pair] = [], iterations = 0
    while norm(place.gradient) > tolerance, iterations < maximumIterations {
      var direction = self.direction(place.gradient, pairs)
      if dot(direction, place.gradient) >= 0 {
        // Rounding has left no way down in what is remembered.
        pairs = []
        direction = place.gradient.map { -$0 }
      }
      let length = dot(direction, direction).squareRoot()
      guard let next = search(place, direction, first: pairs.isEmpty ? min(1, 1 / length) : 1, evaluated) else {
        if pairs.isEmpty { break }
        pairs = []
        continue
      }
      let pair = Pair(step: difference(next.point, place.point), change: difference(next.gradient, place.gradient))
      if pair.curvature > 0 { pairs = pairs.suffix(memory - 1) + [pair] }
      place = next
      iterations += 1
    }
    return Outcome(point: place.point, gradientNorm: norm(place.gradient), iterations: iterations)
  }

  private func norm(_ gradient: [Double]) -> Double { gradient.reduce(0) { max($0, abs($1)) } }

  private func difference(_ a: [Double], _ b: [Double]) -> [Double] { a.indices.map { a[$0] - b[$0] } }

  // MARK: - The direction

  private struct Pair {
    let step: [Double]
    let change: [Double]
    let curvature: Double

    init(step: [Double], change: [Double]) { (self.step, self.change, curvature) = (step, change, dot(step, change)) }
  }

  /// −H g, by the two loops over what is remembered.
  private func direction(_ gradient: [Double], _ pairs: [Pair]) -> [Double] {
    var q = gradient, alphas = [Double](repeating: 0, count: pairs.count)
    for (index, pair) in pairs.enumerated().reversed() {
      alphas[index] = dot(pair.step, q) / pair.curvature
      for place in q.indices { q[place] -= alphas[index] * pair.change[place] }
    }
    if let last = pairs.last {
      let scale = last.curvature / dot(last.change, last.change)
      for place in q.indices { q[place] *= scale }
    }
    for (index, pair) in pairs.enumerated() {
      let beta = dot(pair.change, q) / pair.curvature
      for place in q.indices { q[place] += (alphas[index] - beta) * pair.step[place] }
    }
    return q.map { -$0 }
  }

  // MARK: - The line search

  private static let sufficientDecrease = 1e-4, curvature = 0.9, stepLimit = 60

  /// A point along the direction: how far it is, the place there and the slope.
  private struct Trial {
    let step: Double
    let place: Place
    let slope: Double
  }

  /// A place on the way that is enough lower and flatter; nil where rounding lets none be found.
  private func search(_ start: Place, _ direction: [Double], first: Double, _ evaluated: ([Double]) -> Place) -> Place? {
    let origin = Trial(step: 0, place: start, slope: dot(start.gradient, direction))
    func trial(_ step: Double) -> Trial {
      let place = evaluated(start.point.indices.map { start.point[$0] + step * direction[$0] })
      return Trial(step: step, place: place, slope: dot(place.gradient, direction))
    }
    var lower = origin, step = first
    for _ in 0..<Self.stepLimit {
      let next = trial(step)
      if isTooHigh(next, origin) || lower.step > 0 && next.place.value >= lower.place.value && !isAccepted(next, origin) {
        return zoom(lower, next, origin, trial)
      }
      if isAccepted(next, origin) { return next.place }
      if next.slope >= 0 { return zoom(next, lower, origin, trial) }
      lower = next
      step *= 2
    }
    return nil
  }

  /// Between a lower end and another such that a step which is accepted lies between.
  private func zoom(_ first: Trial, _ second: Trial, _ origin: Trial, _ trial: (Double) -> Trial) -> Place? {
    var low = first, high = second
    for _ in 0..<Self.stepLimit {
      let width = abs(high.step - low.step)
      if width <= 1e-16 * max(abs(low.step), abs(high.step)) { break }
      let next = trial(Self.between(low, high))
      if isAccepted(next, origin) { return next.place }
      if isTooHigh(next, origin) || next.place.value > low.place.value {
        high = next
      } else {
        if next.slope * (high.step - low.step) >= 0 { high = low }
        low = next
      }
    }
    return low.step > 0 && low.place.value < origin.place.value ? low.place : nil
  }

  /// The minimum of the cubic through both ends, kept away from them; the middle where that is none.
  private static func between(_ a: Trial, _ b: Trial) -> Double {
    let d1 = a.slope + b.slope - 3 * (a.place.value - b.place.value) / (a.step - b.step)
    let square = d1 * d1 - a.slope * b.slope
    let (least, most) = (min(a.step, b.step), max(a.step, b.step)), middle = (least + most) / 2
    guard square >= 0 else { return middle }
    let d2 = square.squareRoot() * (b.step > a.step ? 1 : -1)
    let found = b.step - (b.step - a.step) * (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2)
    let margin = 0.1 * (most - least)
    return found.isFinite && found > least + margin && found < most - margin ? found : middle
  }

  private func isTooHigh(_ trial: Trial, _ origin: Trial) -> Bool {
    let value = trial.place.value
    if !value.isFinite { return true }
    return value > origin.place.value + Self.sufficientDecrease * trial.step * origin.slope && !isFlatEnoughInRounding(trial, origin)
  }

  private func isAccepted(_ trial: Trial, _ origin: Trial) -> Bool {
    !isTooHigh(trial, origin) && abs(trial.slope) <= -Self.curvature * origin.slope
  }

  private func isFlatEnoughInRounding(_ trial: Trial, _ origin: Trial) -> Bool {
    trial.place.value <= origin.place.value + 1e-14 * abs(origin.place.value)
      && trial.slope <= (2 * Self.sufficientDecrease - 1) * origin.slope && trial.slope >= Self.curvature * origin.slope
  }
}
