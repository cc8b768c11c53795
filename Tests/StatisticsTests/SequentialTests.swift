import Foundation
import Foundations
import Testing

@testable import Statistics

@Suite("Seeds that are added round by round")
struct SequentialTests {
  struct Case: Decodable {
    let fractions: [Double]
    let level: Double
    let boundaries: [Double]
    let spent: [Double]
  }
  struct File: Decodable {
    let published: [Double]
    let cases: [Case]
  }

  @Test("Boundaries equal those of another integration to 1e-6, and the published ones of five equal looks as they are printed, to 2e-4")
  func boundariesAreGolden() throws {
    let file: File = try golden("sequential.json")
    #expect(file.cases.count == 8)
    for one in file.cases {
      let found = try #require(sequentialBoundaries(fractions: one.fractions, level: one.level).known)
      #expect(found.count == one.boundaries.count)
      for (own, expected) in zip(found, one.boundaries) { #expect(agrees(own, expected, within: 1e-6), "\(one.fractions): \(own) \(expected)") }
      for (fraction, expected) in zip(one.fractions, one.spent) { #expect(agrees(AlphaSpending(level: one.level).spent(at: fraction), expected)) }
    }
    let five = try #require(sequentialBoundaries(fractions: [0.2, 0.4, 0.6, 0.8, 1], level: 0.05).known)
    for (own, printed) in zip(five, file.published) { #expect(abs(own - printed) < 2e-4) }
  }

  @Test("The looks spend what the function says and the whole level at the end; information that does not rise is refused")
  func levelIsSpent() throws {
    let fractions = [0.25, 0.5, 0.6, 0.97, 1], spending = AlphaSpending(level: 0.05)
    var looks = SequentialLooks()
    for (place, fraction) in fractions.enumerated() {
      let total = try spending.spent(at: fraction).get()
      looks.add(try looks.boundary(at: fraction, spending: total), at: fraction, next: place + 1 < fractions.count ? fractions[place + 1] : nil)
      #expect(abs(looks.crossing - total) < 1e-9)
    }
    #expect(spending.spent(at: 1) == .value(0.05))
    #expect(spending.spent(at: 0).reason == "a share 0.0 of the information is none")
    #expect(sequentialBoundaries(fractions: [0.5, 0.5], level: 0.05).reason == "the information does not rise from look 1 to look 2")
    // One look is the plain test.
    #expect(agrees(sequentialBoundaries(fractions: [1], level: 0.05).known?.first, 1.959963984540054))
  }

  /// Seeds of an initialization: each patient's number is the mean, what the patient does to all, and what seed and patient do.
  private static func arm(
    _ name: String, mean: Double, seeds: Int, ofSeed: Double, patients: [Double], same: Bool = false, testSet: String = "t", _ generator: inout SeededGenerator
  ) -> SeededArm {
    let own = patients.map { _ in generator.normal() * 0.3 }
    let columns = (0..<seeds).map { _ in
      let seed = ofSeed * generator.normal()
      return zip(patients, own).map { mean + seed + $0 + $1 + 0.3 * generator.normal() }
    }
    let deviations = columns.map { PatientDeviations.ofMean($0) }
    return SeededArm(
      name: name, values: columns.map { $0.reduce(0, +) / Double($0.count) }, deviations: .value(deviations.compactMap(\.known)), testSet: testSet,
      isSameForEverySeed: same)
  }

  private static func study(_ number: Int, means: [Double], seeds: Int = 12, ofSeed: Double = 0.5, patients: Int = 30) -> [SeededArm] {
    var generator = (SeedPath(number) / "rounds").generator()
    let patients = (0..<patients).map { _ in generator.normal() }
    return means.enumerated().map { arm("\($0.offset)", mean: $0.element, seeds: seeds, ofSeed: ofSeed, patients: patients, &generator) }
  }

  @Test("Of equal initializations at most 5 % are said to differ, within what 300 studies can tell; a clear difference spares 40 % of the seeds")
  func levelHolds() {
    let design = SequentialDesign(most: 12)
    for count in [2, 3] {
      let means = [Double](repeating: 0, count: count)
      let told = concurrentMap(300) { study -> Bool in
        let rounds = SeedRounds(Self.study(study, means: means), design: design, higherIsBetter: true)
        return rounds.arms.contains { $0.standing == .worse }
      }
      // 300 × (0.05 + 2.6 standard errors) is 24.8.
      let falseClaims = told.count { $0 }
      #expect(falseClaims <= 24, "\(falseClaims)")
    }
    let clear = concurrentMap(60) { study -> (isFound: Bool, runs: Int) in
      let rounds = SeedRounds(Self.study(study, means: [0, 0, 1.6]), design: design, higherIsBetter: true)
      let worse = rounds.arms.count { $0.standing == .worse }
      return (rounds.arm("2")?.standing == .best && worse == 2, rounds.arms.map(\.seedCount).reduce(0, +))
    }
    let found = clear.count { $0.isFound }, runs = clear.map(\.runs).reduce(0, +), most = 60 * 3 * 12
    #expect(found >= 57, "\(found)")
    #expect(runs * 10 <= most * 6, "\(runs) of \(most)")
  }

  @Test("The rounds follow from the seeds that they ask for: those beyond change nothing, and one after another leads to the same end")
  func roundsAreReplayed() throws {
    let design = SequentialDesign(most: 12)
    for study in 0..<12 {
      let all = Self.study(study, means: [0, 0.3, 0.6]), whole = SeedRounds(all, design: design, higherIsBetter: true)
      #expect(whole.isSettled)
      var counts = [0, 0, 0], asked = 0
      while asked < 40 {
        let now = SeedRounds(zip(all, counts).map { $0.prefix($1) }, design: design, higherIsBetter: true)
        if now.isSettled {
          #expect(now == whole)
          break
        }
        for (place, arm) in all.enumerated() {
          for seed in now.next[arm.name] ?? [] {
            #expect(seed >= counts[place])
            counts[place] = max(counts[place], seed + 1)
          }
        }
        asked += 1
      }
      #expect(counts == whole.arms.map(\.seedCount))
    }
  }

  @Test("Where patients make the variance the information is there with the first seeds, and no number of seeds will settle it")
  func patientsAreHopeless() throws {
    let arms = Self.study(5, means: [0, 0], ofSeed: 0.001, patients: 12), rounds = SeedRounds(arms, design: SequentialDesign(most: 20), higherIsBetter: true)
    let other = try #require(rounds.arms.first { $0.standing == .hopeless }), look = try #require(other.look)
    #expect(rounds.isSettled)
    #expect(rounds.arms.allSatisfy { $0.seedCount <= 4 })
    #expect(look.fraction > 0.6)
    #expect((look.chanceWithEndlessSeeds ?? 1) < 0.1)
    #expect(look.p > look.level)
    // Without patients' part the share is that of the seeds; without seeds' part it is whole.
    let ofSeeds = SeedInformation(.init(value: 1, seedParts: [0.2, 0.1], interactionParts: [0, 0], seedCounts: [4, 4], patientPart: 0, patientDegreesOfFreedom: 9, magnitude: 1))
    #expect(agrees(ofSeeds.fraction([5, 5], most: [20, 20]), 0.25))
    let ofPatients = SeedInformation(.init(value: 1, seedParts: [0, 0], interactionParts: [0, 0], seedCounts: [4, 4], patientPart: 1, patientDegreesOfFreedom: 9, magnitude: 1))
    #expect(ofPatients.fraction([1, 1], most: [20, 20]) == 1)
  }

  @Test("What cannot be compared says why and asks for no more seeds; what is the same for every seed asks for one; a flawed best ends it")
  func undefinedEnds() throws {
    let design = SequentialDesign(most: 12)
    var generator = SeededGenerator(seed: 3)
    let patients = (0..<20).map { _ in generator.normal() }
    let normal = Self.arm("a", mean: 4, seeds: 12, ofSeed: 0.5, patients: patients, &generator)
    let same = Self.arm("b", mean: 0, seeds: 1, ofSeed: 0.5, patients: patients, same: true, &generator)
    let elsewhere = Self.arm("c", mean: 0, seeds: 12, ofSeed: 0.5, patients: patients, testSet: "u", &generator)
    let broken = SeededArm(name: "d", values: [0, 0, 0], deviations: .notAvailable(reason: "no row is positive"), testSet: "t")
    let rounds = SeedRounds([normal, same, elsewhere, broken], design: design, higherIsBetter: true)
    #expect(rounds.isSettled)
    #expect(rounds.pairCount == 6)
    #expect(rounds.arm("b")?.seedCount == 1)
    #expect(rounds.arm("c")?.reason == "it was not tested on the same images as a")
    #expect(rounds.arm("c")?.seedCount == 3)
    #expect(rounds.arm("d")?.reason == "no row is positive")
    #expect(rounds.arm("d")?.standing == .undefined)
    let alone = SeedRounds([normal], design: design, higherIsBetter: true)
    #expect(alone.isSettled)
    #expect(alone.arms[0].seedCount == 3)
    #expect(alone.arms[0].standing == .best)
    let flawed = SeedRounds([normal, elsewhere], design: design, higherIsBetter: true) { name, _ in name == "a" ? "is at chance" : nil }
    #expect(flawed.isSettled)
    #expect(flawed.arm("c")?.reason == "the best mean is none: a is at chance")
    let begun = SeedRounds([normal.prefix(2), broken.prefix(0)], design: design, higherIsBetter: true)
    #expect(begun.next == ["a": [2], "d": [0, 1, 2]])
    #expect(begun.arms.allSatisfy { $0.standing == .inQuestion && $0.look == nil })
  }
}

extension SeededArm {
  fileprivate func prefix(_ count: Int) -> SeededArm {
    SeededArm(
      name: name, values: Array(values.prefix(count)), deviations: deviations.map { Array($0.prefix(count)) }, testSet: testSet,
      isSameForEverySeed: isSameForEverySeed)
  }
}
