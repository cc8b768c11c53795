internal import Foundation
public import Foundations

/// Kendall's τ-b of two rankings of the same candidates, 1 where they agree and −1 where one is the other turned around (Kendall 1945,
/// Biometrika 33):
///
///     τ_b = (C − D)/√((n₀ − n₁)(n₀ − n₂)),  n₀ = n(n − 1)/2
///
/// with the C pairs that both order alike, the D that they order otherwise, and n₁ and n₂ the pairs that are tied in each.
///
/// The p-value is of two rankings that have nothing to do with each other, over all orders of one: exact without ties up to 33
/// candidates, and with ties up to 8 (every order is gone through); else the normal approximation with the variance of ties.
/// A ranking of three candidates cannot reach 0.05: its least p is 1/3.
///
/// The candidates are fixed, but where each stands is not known exactly: the interval is of draws of seeds and patients, which are the
/// caller's (`KendallTau.interval`), and the effect of the test has none.
public func kendallTau(_ first: [Double], _ second: [Double], alternative: Alternative = .twoSided) -> TestResult {
  let plan = TestResult.Plan(
    test: "Kendall's rank correlation", alternative: alternative, statisticName: "τ", effectName: "Kendall's τ-b", counts: [first.count])
  return TestResult(plan) { () throws(Unavailable) in
    let pairs = try PairOrders(first, second), tau = try pairs.tau()
    let hasTies = pairs.tiedInFirst > 0 || pairs.tiedInSecond > 0
    let tails: (lower: Double, upper: Double), remark: String
    if !hasTies && first.count <= KendallTau.exactLimit {
      (tails, remark) = (KendallTau.exactTails(first.count, discordant: pairs.discordant), "exact")
    } else if first.count <= KendallTau.enumerationLimit {
      (tails, remark) = (KendallTau.enumeratedTails(first, second), "exact, over every order")
    } else {
      let z = Double(pairs.concordant - pairs.discordant) / KendallTau.variance(first, second).squareRoot()
      (tails, remark) = ((Normal.upper(-z), Normal.upper(z)), "normal approximation")
    }
    return TestResult.Outcome(
      statistic: tau, p: alternative.p(lower: tails.lower, upper: tails.upper), effect: tau,
      interval: .notAvailable(reason: "it is made of draws of seeds and patients"), remarks: [remark])
  }
}

/// The parts of Kendall's rank correlation.
public enum KendallTau {
  static let exactLimit = 33
  static let enumerationLimit = 8

  /// τ-b alone, as for one draw of many; not available where a ranking is all one tie.
  public static func value(_ first: [Double], _ second: [Double]) -> Statistic {
    Statistic { () throws(Unavailable) in try PairOrders(first, second).tau() }
  }

  /// How many of the n! orders have k inversions (the Mahonian numbers), summed up as shares.
  static func exactTails(_ count: Int, discordant: Int) -> (lower: Double, upper: Double) {
    var shares = [1.0]
    for size in stride(from: 2, through: count, by: 1) {
      var next = [Double](repeating: 0, count: shares.count + size - 1), sum = 0.0
      for place in next.indices {
        if place < shares.count { sum += shares[place] }
        if place >= size, place - size < shares.count { sum -= shares[place - size] }
        next[place] = sum / Double(size)
      }
      shares = next
    }
    // Many inversions are a low τ.
    let above = shares[...discordant].reduce(0, +), below = shares[discordant...].reduce(0, +)
    return (below, above)
  }

  static func enumeratedTails(_ first: [Double], _ second: [Double]) -> (lower: Double, upper: Double) {
    let observed = score(first, second)
    var (below, above, total) = (0, 0, 0)
    func visit(_ order: inout [Double], _ depth: Int) {
      if depth == order.count {
        let here = score(first, order)
        total += 1
        if here <= observed { below += 1 }
        if here >= observed { above += 1 }
        return
      }
      for place in depth..<order.count {
        order.swapAt(depth, place)
        visit(&order, depth + 1)
        order.swapAt(depth, place)
      }
    }
    var order = second
    visit(&order, 0)
    return (Double(below) / Double(total), Double(above) / Double(total))
  }

  /// C − D.
  private static func score(_ first: [Double], _ second: [Double]) -> Int {
    var sum = 0
    for a in first.indices { for b in 0..<a { sum += sign(first[a] - first[b]) * sign(second[a] - second[b]) } }
    return sum
  }

  /// Of C − D over all orders, with ties (Kendall 1970, Rank Correlation Methods, chapter 4).
  static func variance(_ first: [Double], _ second: [Double]) -> Double {
    let n = Double(first.count)
    func sums(_ values: [Double]) -> (two: Double, three: Double, five: Double) {
      DoubledMidranks(values).tieSizes.reduce((0, 0, 0)) { sum, size in
        let t = Double(size)
        return (sum.0 + t * (t - 1), sum.1 + t * (t - 1) * (t - 2), sum.2 + t * (t - 1) * (2 * t + 5))
      }
    }
    let (a, b) = (sums(first), sums(second))
    return (n * (n - 1) * (2 * n + 5) - a.five - b.five) / 18 + a.three * b.three / (9 * n * (n - 1) * (n - 2))
      + a.two * b.two / (2 * n * (n - 1))
  }
}

private func sign(_ value: Double) -> Int { value > 0 ? 1 : value < 0 ? -1 : 0 }

/// The pairs of candidates by how two rankings order them.
private struct PairOrders {
  var concordant = 0, discordant = 0, tiedInFirst = 0, tiedInSecond = 0
  let count: Int

  init(_ first: [Double], _ second: [Double]) throws(Unavailable) {
    guard first.count == second.count else { throw Unavailable("the rankings have \(first.count) and \(second.count) candidates") }
    guard first.count > 1 else { throw Unavailable("one candidate has no order") }
    guard (first + second).allSatisfy({ !$0.isNaN }) else { throw Unavailable("a value is not a number") }
    count = first.count
    for a in first.indices {
      for b in 0..<a {
        let (one, other) = (sign(first[a] - first[b]), sign(second[a] - second[b]))
        if one == 0 { tiedInFirst += 1 }
        if other == 0 { tiedInSecond += 1 }
        if one * other > 0 { concordant += 1 } else if one * other < 0 { discordant += 1 }
      }
    }
  }

  func tau() throws(Unavailable) -> Double {
    let all = count * (count - 1) / 2
    guard tiedInFirst < all, tiedInSecond < all else { throw Unavailable("all candidates of a ranking are tied") }
    return Double(concordant - discordant) / (Double(all - tiedInFirst) * Double(all - tiedInSecond)).squareRoot()
  }
}
