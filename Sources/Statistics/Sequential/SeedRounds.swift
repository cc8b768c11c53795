public import Foundations

/// How seeds are added round by round until a verdict is settled.
public struct SequentialDesign: Codable, Hashable, Sendable {
  /// Seeds of every initialization before the first look: fewer hardly know their own spread.
  public let least: Int
  public let most: Int
  /// Two-sided, of all comparisons of a task together.
  public let significance: Double
  /// A comparison is hopeless where the chance that all its seeds decide it is less.
  public let leastChance: Double

  public init(most: Int, least: Int = 3, significance: Double = 0.05, leastChance: Double = 0.1) {
    (self.most, self.least) = (most, min(least, most))
    (self.significance, self.leastChance) = (significance, leastChance)
  }
}

/// One initialization on one task with the seeds that are finished, from the first on without a gap.
public struct SeededArm: Sendable {
  public let name: String
  /// One a seed.
  public let values: [Double]
  /// Of the same seeds; not available where patients cannot be compared.
  public let deviations: Available<[PatientDeviations]>
  /// Equal for arms that were tested on the same images.
  public let testSet: String
  /// Whether another seed is known to give the same: one is enough then.
  public let isSameForEverySeed: Bool
  /// Whether that is only known when one is there.
  public let asksOneFirst: Bool

  public init(
    name: String, values: [Double], deviations: Available<[PatientDeviations]>, testSet: String, isSameForEverySeed: Bool = false,
    asksOneFirst: Bool = false
  ) {
    (self.name, self.values, self.deviations) = (name, values, deviations)
    (self.testSet, self.isSameForEverySeed, self.asksOneFirst) = (testSet, isSameForEverySeed, asksOneFirst)
  }

  /// The seeds before the first look.
  func least(_ design: SequentialDesign) -> Int { asksOneFirst && values.isEmpty ? 1 : min(most(design), design.least) }

  /// The seeds that a rule asks for at most.
  func most(_ design: SequentialDesign) -> Int { isSameForEverySeed ? 1 : design.most }

  func seedsAndPatients(_ count: Int) -> Available<SeedsAndPatients> {
    deviations.flatMap { all in
      var (values, own) = (Array(self.values.prefix(count)), Array(all.prefix(count)))
      if isSameForEverySeed, values.count == 1 { (values, own) = (values + values, own + own) }
      return SeedsAndPatients.make(values: values, deviations: own)
    }
  }
}

/// What became of one task's initializations by adding seeds in rounds.
///
/// After each round the best mean is compared with each other that is still a candidate. One that is shown to be worse gets no more seeds; nor
/// does one whose comparison is hopeless, as long as it is. The next round is one seed of each that is still in question, and of the best while
/// something is in question with it. So the seeds follow from the runs alone, in whatever order and by whomever they were made.
///
/// **Level.** Any two initializations may turn out to be the best and the one beside it, so the family is all pairs of the task: Holm's levels
/// α/M, α/(M − 1), …, each spent over the looks of its comparison. Hopelessness only ever stops, so it leaves the level as it is.
public struct SeedRounds: Codable, Hashable, Sendable {
  /// How an initialization stands.
  public enum Standing: String, Codable, Hashable, Sendable {
    case best
    /// Shown to be worse than the best at that time.
    case worse
    /// No further seed is likely to settle it with the best.
    case hopeless
    /// It has the greatest number of seeds, and so has the best.
    case undecided
    /// More seeds are to come.
    case inQuestion
    /// Nothing can be compared.
    case undefined
  }

  /// The last look at a comparison.
  public struct Look: Codable, Hashable, Sendable {
    public let against: String
    /// Seeds of the other, and of this one.
    public let seeds: [Int]
    /// How often the two were compared.
    public let count: Int
    /// The share of the information that the most seeds would give.
    public let fraction: Double
    /// Of the t-test over seeds and patients.
    public let p: Double
    /// That p must fall below: the level of this look. 0 where nothing may be spent yet.
    public let level: Double
    /// What the level is a part of: α by Holm's place among all pairs.
    public let levelOfAllLooks: Double
    /// That all the seeds there may be decide it; nil where it is decided.
    public let chance: Double?
    /// That endless seeds would.
    public let chanceWithEndlessSeeds: Double?
    public let parts: TwoLevelDifference
  }

  public struct Arm: Codable, Hashable, Sendable {
    public let name: String
    /// That count.
    public let seedCount: Int
    public internal(set) var standing: Standing
    /// Nil for the best, and where nothing was compared.
    public internal(set) var look: Look?
    /// Why nothing can be compared, or why no more seeds are to come though nothing is settled.
    public internal(set) var reason: String?
  }

  public let design: SequentialDesign
  /// All pairs of the task.
  public let pairCount: Int
  /// In the order of the study.
  public let arms: [Arm]
  /// The seeds that are to come next: of each name which, from 0. Empty where all is settled.
  public let next: [String: [Int]]

  public var isSettled: Bool { next.isEmpty }

  public func arm(_ name: String) -> Arm? { arms.first { $0.name == name } }
}

extension SeedRounds {
  /// - Parameters:
  ///   - flaw: why the best of a round is not to be compared, as where it is at chance: by its name and number of seeds; nil where it may be.
  public init(_ arms: [SeededArm], design: SequentialDesign, higherIsBetter: Bool, flaw: (String, Int) -> String? = { _, _ in nil }) {
    var state = RoundState(arms: arms, design: design, higherIsBetter: higherIsBetter)
    self.design = design
    pairCount = state.pairCount
    next = state.play(flaw)
    self.arms = zip(arms, state.counts).enumerated().map { index, pair in
      Arm(name: pair.0.name, seedCount: pair.1, standing: state.standings[index], look: state.looks[index], reason: state.reasons[index])
    }
  }
}

/// The rounds as they are played again from the finished seeds.
private struct RoundState {
  let arms: [SeededArm]
  let design: SequentialDesign
  let higherIsBetter: Bool
  private(set) var counts: [Int]
  private(set) var standings: [SeedRounds.Standing]
  private(set) var looks: [SeedRounds.Look?]
  private(set) var reasons: [String?]
  private var rejected = 0
  private var comparisons: [[Int]: SequentialComparison] = [:]

  var pairCount: Int { arms.count * (arms.count - 1) / 2 }

  init(arms: [SeededArm], design: SequentialDesign, higherIsBetter: Bool) {
    (self.arms, self.design, self.higherIsBetter) = (arms, design, higherIsBetter)
    counts = arms.map { min($0.values.count, $0.least(design)) }
    standings = arms.map { _ in .inQuestion }
    looks = arms.map { _ in nil }
    reasons = arms.map { _ in nil }
  }

  /// Plays as far as the seeds go.
  ///
  /// - Returns: the seeds that are to come next.
  mutating func play(_ flaw: (String, Int) -> String?) -> [String: [Int]] {
    // With one initialization there is nothing to settle beside its own spread.
    var wanted = arms.map { $0.least(design) }
    while true {
      let missing = arms.indices.filter { arms[$0].values.count < wanted[$0] }
      guard missing.isEmpty else {
        return Dictionary(uniqueKeysWithValues: missing.map { (arms[$0].name, Array(arms[$0].values.count..<wanted[$0])) })
      }
      counts = wanted
      let asked = compare(flaw)
      if asked.isEmpty { return [:] }
      for index in asked { wanted[index] += 1 }
    }
  }

  /// One round: who is best, who is shown to be worse, who is in question.
  ///
  /// - Returns: those that are to have one more seed.
  private mutating func compare(_ flaw: (String, Int) -> String?) -> [Int] {
    let candidates = arms.indices.filter { standings[$0] != .worse && standings[$0] != .undefined }
    let groups = arms.indices.map { arms[$0].seedsAndPatients(counts[$0]) }
    for index in candidates {
      // What its own seeds do not have no further seed brings.
      if let reason = groups[index].reason { end(index, .undefined, reason) }
    }
    let fit = candidates.filter { standings[$0] != .undefined }
    guard let best = fit.max(by: { isWorse(groups[$0], groups[$1]) }), let own = groups[best].known else { return [] }
    (standings[best], looks[best], reasons[best]) = (.best, nil, nil)
    let others = fit.filter { $0 != best }
    if let reason = flaw(arms[best].name, counts[best]) {
      for index in others { end(index, .undefined, "the best mean is none: \(arms[best].name) \(reason)") }
      return []
    }
    var tests: [Int: Test] = [:]
    for index in others {
      guard let group = groups[index].known else { continue }
      guard arms[index].testSet == arms[best].testSet else {
        end(index, .undefined, "it was not tested on the same images as \(arms[best].name)")
        continue
      }
      let test = TwoLevelDifference.make(own, group).flatMap { parts in parts.test().p.map { Test(parts: parts, p: $0) } }
      switch test {
      case .value(let found):
        tests[index] = found
        take(groups, best, index)
      // As where neither seeds nor patients make any difference.
      case .notAvailable(let reason): end(index, .undefined, reason)
      }
    }
    decide(tests, best)
    return asked(tests.keys.sorted().filter { standings[$0] != .worse }, best)
  }

  private struct Test {
    let parts: TwoLevelDifference
    let p: Double
    /// |Z| of the same p.
    var z: Double { Normal().upperQuantile(max(p, .leastNormalMagnitude) / 2).known ?? 0 }
  }

  private func isWorse(_ one: Available<SeedsAndPatients>, _ other: Available<SeedsAndPatients>) -> Bool {
    guard let one = one.known?.mean, let other = other.known?.mean else { return false }
    return higherIsBetter ? one < other : one > other
  }

  private mutating func end(_ index: Int, _ standing: SeedRounds.Standing, _ reason: String) {
    (standings[index], reasons[index]) = (standing, reason)
  }

  /// A look at the comparison of two, whose parts stand in the order of the arms.
  private mutating func take(_ groups: [Available<SeedsAndPatients>], _ best: Int, _ other: Int) {
    let key = [best, other].sorted()
    guard let first = groups[key[0]].known, let second = groups[key[1]].known, let parts = TwoLevelDifference.make(first, second).known else { return }
    var comparison = comparisons[key] ?? SequentialComparison(most: key.map { arms[$0].most(design) })
    comparison.look(parts)
    comparisons[key] = comparison
  }

  /// Holm's steps over the comparisons of this round: whenever one is decided, the others have more of the level.
  private mutating func decide(_ tests: [Int: Test], _ best: Int) {
    var open = tests.keys.sorted(), isAgain = true
    while isAgain {
      isAgain = false
      let level = design.significance / Double(max(1, pairCount - rejected))
      for index in open {
        guard let test = tests[index] else { continue }
        let look = look(test, best, index, level)
        looks[index] = look
        guard look.p < look.level else { continue }
        standings[index] = .worse
        reasons[index] = nil
        rejected += 1
        open.removeAll { $0 == index }
        isAgain = true
        break
      }
    }
  }

  private mutating func look(_ test: Test, _ best: Int, _ index: Int, _ level: Double) -> SeedRounds.Look {
    let key = [best, index].sorted()
    var comparison = comparisons[key] ?? SequentialComparison(most: [1, 1])
    let boundary = (try? comparison.boundary(level: level)) ?? .infinity
    comparisons[key] = comparison
    let ofLook = boundary.isFinite ? 2 * Normal.upper(boundary) : 0, isDecided = test.p < ofLook
    return SeedRounds.Look(
      against: arms[best].name, seeds: [counts[best], counts[index]], count: comparison.lookCount, fraction: comparison.fraction, p: test.p,
      level: ofLook, levelOfAllLooks: level, chance: isDecided ? nil : try? comparison.chanceToDecide(z: test.z, level: level),
      chanceWithEndlessSeeds: isDecided ? nil : try? comparison.chanceWithEndlessSeeds(z: test.z, level: level), parts: test.parts)
  }

  /// Which of those that are not decided are to have more seeds, and the best with them.
  private mutating func asked(_ open: [Int], _ best: Int) -> [Int] {
    var asked: Set<Int> = []
    for index in open {
      let can = [index, best].filter { counts[$0] < arms[$0].most(design) }
      if can.isEmpty {
        (standings[index], reasons[index]) = (.undecided, nil)
      } else if let chance = looks[index]?.chance, chance < design.leastChance {
        (standings[index], reasons[index]) = (.hopeless, nil)
      } else {
        (standings[index], reasons[index]) = (.inQuestion, nil)
        asked.formUnion(can)
      }
    }
    return asked.sorted()
  }
}
