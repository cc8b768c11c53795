internal import Foundation
public import Foundations

/// What of the variance of a difference seeds make smaller, and what they do not.
public struct SeedInformation: Codable, Hashable, Sendable {
  /// The variance of one seed of each of the two.
  public let ofOneSeed: [Double]
  /// What other patients of the same number would change, however many seeds there are.
  public let ofPatients: Double

  init(_ difference: TwoLevelDifference) {
    ofOneSeed = zip(difference.seedParts, difference.seedCounts).map { $0 * Double($1) }
    ofPatients = difference.patientPart
  }

  /// Of the difference, with so many seeds of each.
  func variance(_ seeds: [Int]) -> Double { zip(ofOneSeed, seeds).reduce(ofPatients) { $0 + $1.0 / Double($1.1) } }

  /// The share of the information that the greatest numbers of seeds would give: information is one by the variance, of which the patients'
  /// part stays, so it is near 1 with the first seeds where patients make most of the variance.
  ///
  /// - Parameter most: the greatest number of seeds of each.
  public func fraction(_ seeds: [Int], most: [Int]) -> Double {
    let variance = variance(seeds)
    return variance > 0 ? min(1, self.variance(most) / variance) : 1
  }

  /// The share of what endless seeds would give: 0 where patients make no difference.
  func fractionOfEndless(_ seeds: [Int]) -> Double {
    let variance = variance(seeds)
    return variance > 0 ? ofPatients / variance : 1
  }
}

/// One comparison that is looked at while its seeds become more.
///
/// A look's share of the information follows from the parts of the variance, which few seeds know poorly. Each look therefore judges all looks
/// before it by the parts as they are known now, and keeps their boundaries as they were: where too much was spent on what turned out to be
/// little information, nothing more is until there is enough.
struct SequentialComparison {
  private struct Look {
    let information: SeedInformation
    let seeds: [Int]
  }

  /// The greatest number of seeds of each.
  let most: [Int]
  private var looks: [Look] = []
  /// The boundaries of the looks so far, by the level of the comparison.
  private var boundaries: [Double: [Double]] = [:]

  init(most: [Int]) { self.most = most }

  var lookCount: Int { looks.count }

  /// Takes a look, unless it is none: as many seeds as at the last one, or hardly more information.
  mutating func look(_ difference: TwoLevelDifference) {
    let look = Look(information: SeedInformation(difference), seeds: difference.seedCounts)
    if let last = looks.last {
      let (before, now) = (look.information.fraction(last.seeds, most: most), look.information.fraction(look.seeds, most: most))
      guard now * (1 - SequentialLooks.leastGain) >= before else { return }
    }
    looks.append(look)
  }

  /// The boundary of the last look at a level: what it would be had the comparison had this level from the first look on (Maurer and Bretz
  /// 2013, Statistics in Biopharmaceutical Research 5, for levels that rise as other comparisons are decided).
  mutating func boundary(level: Double) throws(Unavailable) -> Double {
    var found = boundaries[level] ?? []
    while found.count < looks.count { found.append(try boundary(level: level, of: found.count, before: found)) }
    boundaries[level] = found
    return found.last ?? .infinity
  }

  private func boundary(level: Double, of index: Int, before: [Double]) throws(Unavailable) -> Double {
    let now = looks[index].information, spending = AlphaSpending(level: level)
    let fractions = looks[...index].map { now.fraction($0.seeds, most: most) }
    var past = SequentialLooks()
    for place in 0..<index where past.fractions.last.map({ fractions[place] * (1 - SequentialLooks.leastGain) >= $0 }) ?? true {
      let next = fractions[(place + 1)...].first { $0 * (1 - SequentialLooks.leastGain) >= fractions[place] }
      past.add(before[place], at: fractions[place], next: next)
    }
    guard past.fractions.last.map({ fractions[index] * (1 - SequentialLooks.leastGain) >= $0 }) ?? true else { return .infinity }
    return try past.boundary(at: fractions[index], spending: try spending.spentBy(fractions[index]))
  }

  /// The share of the information at the last look.
  var fraction: Double { looks.last.map { $0.information.fraction($0.seeds, most: most) } ?? 0 }

  /// The chance that all the seeds there may be will decide it, by what is known now: of all differences that the estimate leaves, without
  /// prior (Spiegelhalter, Freedman and Blackburn 1986, Controlled Clinical Trials 7), as if there were no look between now and the last.
  ///
  /// - Parameter z: of the last look.
  func chanceToDecide(z: Double, level: Double) throws(Unavailable) -> Double {
    try Self.chance(z: z, fraction: fraction, level: level)
  }

  /// The same of endless seeds: what remains is the patients' part.
  func chanceWithEndlessSeeds(z: Double, level: Double) throws(Unavailable) -> Double {
    guard let last = looks.last else { return 1 }
    return try Self.chance(z: z, fraction: last.information.fractionOfEndless(last.seeds), level: level)
  }

  private static func chance(z: Double, fraction: Double, level: Double) throws(Unavailable) -> Double {
    guard fraction < 1 else { return 0 }
    // Without patients' part endless seeds find any difference.
    guard fraction > 0 else { return 1 }
    let critical = try Normal().upperQuantile(level / 2).get(), expected = z / fraction.squareRoot(), spread = ((1 - fraction) / fraction).squareRoot()
    return Normal.upper((critical - expected) / spread) + Normal.upper((critical + expected) / spread)
  }
}
