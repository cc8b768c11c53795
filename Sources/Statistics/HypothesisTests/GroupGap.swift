internal import Foundation
public import Foundations

/// How far the best and the worst group of patients are apart, beside what chance alone would show: the greatest of several differences is
/// above 0 even where the groups do not differ, the more so the more and the smaller they are.
///
/// Null distribution: the groups' names dealt anew among the patients. p = (1 + b)/(1 + B) for b of B deals with a gap of at least the one
/// seen (Phipson and Smyth 2010, Statistical Applications in Genetics and Molecular Biology 9), so that it is never 0.
public struct GroupGap: Codable, Hashable, Sendable {
  /// Of each group; not available where it is undefined in one.
  public let values: [Statistic]
  /// The greatest value of any group minus the least.
  public let gap: Statistic
  public let p: Statistic
  /// The mean gap of the deals, and the one that a share of `level` of them stay below: what groups that do not differ would show.
  public let expected: Statistic
  public let limit: Statistic
  public let level: Double
  public let dealCount: Int
  public let seed: UInt64

  public static let standardDealCount = 1999

  /// The groups with the greatest and with the least value; nil without a gap.
  public var extremes: (greatest: Int, least: Int)? {
    guard gap.known != nil else { return nil }
    let known = values.map { $0.known ?? 0 }
    guard let greatest = known.indices.max(by: { known[$0] < known[$1] }), let least = known.indices.min(by: { known[$0] < known[$1] })
    else { return nil }
    return (greatest, least)
  }

  /// - Parameters:
  ///   - groups: the group of each patient, from 0; every number below the greatest must be there. A patient is dealt whole, with all rows.
  ///   - blocks: patients are dealt among those of the same block alone, such as those with the finding and those without it, so that each
  ///     group keeps how many of both it has; nil for one block.
  ///   - value: of the patients of a group; nil where it is undefined, which may happen in one deal of twenty.
  public static func test(
    groups: [Int], blocks: [Int]? = nil, dealCount: Int = standardDealCount, level: Double = 0.95, seed: UInt64 = 0,
    value: ([Int]) -> Double?
  ) -> GroupGap {
    let count = max(0, (groups.max() ?? -1) + 1)
    var values: [Statistic] = []
    let gap = Statistic { () throws(Unavailable) in
      guard groups.allSatisfy({ $0 >= 0 }), Set(groups).count == count, blocks == nil || blocks?.count == groups.count else {
        throw Unavailable("the patients, their groups and their blocks do not fit")
      }
      values = Dealer.members(groups, count).map { members in
        value(members).map { .finite($0, else: "it is not finite") } ?? .notAvailable(reason: "it is undefined in this group")
      }
      guard count > 1 else { throw Unavailable("one group has no gap") }
      guard let gap = Self.gap(values.map(\.known)) else { throw Unavailable("it is undefined in one of the groups") }
      return gap
    }
    let null = Available<[Double]> { () throws(Unavailable) in
      _ = try gap.get()
      guard dealCount > 0, level > 0, level < 1 else { throw Unavailable("\(dealCount) deals show nothing") }
      let dealer = Dealer(groups, blocks)
      var generator = SeededGenerator(seed: seed)
      let gaps = (0..<dealCount).compactMap { _ in Self.gap(Dealer.members(dealer.deal(&generator), count).map(value)) }
      guard Double(dealCount - gaps.count) <= Bootstrap.undefinedLimit * Double(dealCount) else {
        throw Unavailable("it is undefined in \(dealCount - gaps.count) of \(dealCount) deals")
      }
      return gaps.sorted()
    }
    // Deals that are the same but for the order of addition count as equal.
    let least = (gap.known ?? 0) * (1 - 1e-12) - 1e-15
    return GroupGap(
      values: values, gap: gap, p: null.map { gaps in Double(1 + gaps.count - gaps.partitionIndex { $0 >= least }) / Double(1 + gaps.count) },
      expected: null.map { $0.reduce(0, +) / Double($0.count) }, limit: null.map { Bootstrap.quantile($0, level) }, level: level,
      dealCount: dealCount, seed: seed)
  }

  /// Of a ratio of sums over patients, such as the mean of their images' Dice or the share of their positive images that are found.
  ///
  /// - Parameters:
  ///   - numerators: what each patient adds above the line.
  ///   - denominators: what each adds below it, such as their number of images.
  public static func test(
    numerators: [Double], denominators: [Double], groups: [Int], blocks: [Int]? = nil, dealCount: Int = standardDealCount,
    level: Double = 0.95, seed: UInt64 = 0
  ) -> GroupGap {
    // Sums of other patients than the groups are of leave every group undefined, and say so.
    let fits = numerators.count == groups.count && denominators.count == groups.count
    return test(groups: groups, blocks: blocks, dealCount: dealCount, level: level, seed: seed) { patients in
      let below = fits ? patients.reduce(0) { $0 + denominators[$1] } : 0
      return below > 0 ? patients.reduce(0) { $0 + numerators[$1] } / below : nil
    }
  }

  private static func gap(_ values: [Double?]) -> Double? {
    let known = values.compactMap { $0.flatMap { $0.isFinite ? $0 : nil } }
    guard known.count == values.count, let most = known.max(), let least = known.min() else { return nil }
    return most - least
  }
}

/// Deals the groups' names among the patients of each block.
private struct Dealer {
  let groups: [Int]
  let blocks: [[Int]]

  init(_ groups: [Int], _ blocks: [Int]?) {
    self.groups = groups
    self.blocks = Dictionary(grouping: groups.indices, by: { blocks?[$0] ?? 0 }).sorted { $0.key < $1.key }.map(\.value)
  }

  static func members(_ groups: [Int], _ count: Int) -> [[Int]] {
    var members = [[Int]](repeating: [], count: count)
    for (patient, group) in groups.enumerated() { members[group].append(patient) }
    return members
  }

  func deal(_ generator: inout SeededGenerator) -> [Int] {
    var dealt = groups
    for patients in blocks {
      for (place, other) in generator.permutation(of: patients.count).enumerated() { dealt[patients[place]] = groups[patients[other]] }
    }
    return dealt
  }
}
