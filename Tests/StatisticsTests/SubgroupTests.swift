import Foundation
import Foundations
import Testing

@testable import Statistics

@Suite("Contrasts of strata and their interaction with the initialization")
struct SubgroupTests {
  /// Made-up scores of one class: two initializations with seeds on the same images, half of which are of stratum 0. Given the class, scores
  /// of two initializations are correlated by 0.7 and those of two seeds by 0.85.
  struct Study {
    let targets: [Float]
    let patients: [String]
    /// `[initialization][seed][row]`
    let scores: [[[Double]]]
    let rows: [[Int]]

    /// - Parameter advantage: how much larger the AUROC of the first initialization is in stratum 0, from 0.80 on.
    init(images: Int, seeds: Int = 2, advantage: Double = 0, _ generator: inout SeededGenerator) {
      // Φ⁻¹ of 0.80 and 0.85, times √2: the distance of two normal populations with such an AUROC.
      let distance = 1.19021, larger = advantage == 0 ? distance : 1.46575
      let truths = (0..<images).map { $0 % 10 < 3 }
      targets = truths.map { $0 ? 1 : 0 }
      patients = (0..<images).map { "p\($0)" }
      let strata = (0..<images).map { ($0 / 10) % 2 }
      rows = [0, 1].map { stratum in strata.indices.filter { strata[$0] == stratum } }
      let shared = normals(images, deviation: 0.7.squareRoot(), &generator)
      var all: [[[Double]]] = []
      for initialization in 0..<2 {
        let own = normals(images, deviation: 0.15.squareRoot(), &generator)
        all.append(
          (0..<seeds).map { _ -> [Double] in
            let noise = normals(images, deviation: 0.15.squareRoot(), &generator)
            return (0..<images).map { row -> Double in
              let apart = initialization == 0 && strata[row] == 0 ? larger : distance
              return (truths[row] ? apart : 0) + shared[row] + own[row] + noise[row]
            }
          })
      }
      scores = all
    }

    func values(_ initialization: Int, _ rows: [Int]) throws -> [StratumValue] {
      try scores[initialization].map {
        let found = try PatientDeviations.ofMeanAUROC(scores: [$0], targets: [targets], patients: patients, rows: rows).get()
        return StratumValue(value: found.auroc, deviations: found.deviations)
      }
    }

    var interaction: TwoLevelDifference {
      get throws {
        let contrasts = try (0..<2).map { try SeedsAndPatients.contrast(values($0, rows[0]), values($0, rows[1])).get() }
        return try TwoLevelDifference.make(contrasts[0], contrasts[1]).get()
      }
    }
  }

  @Test("The interaction is the difference of differences, with the variance of the four means")
  func definition() throws {
    var generator = SeededGenerator(seed: 1)
    let study = Study(images: 200, seeds: 3, &generator), interaction = try study.interaction
    let means = try (0..<2).map { start in try study.rows.map { try study.values(start, $0).reduce(0) { $0 + $1.value } / 3 } }
    #expect(abs(interaction.value - ((means[0][0] - means[1][0]) - (means[0][1] - means[1][1]))) < 1e-15)
    // Strata share no image, so the contrast's variance over patients is the sum of the strata's.
    let ofStrata = try study.rows.map { rows in
      try TwoLevelDifference.make(SeedsAndPatients.of(study.values(0, rows)).get(), SeedsAndPatients.of(study.values(1, rows)).get()).get()
    }
    #expect(abs(interaction.patientPart - ofStrata[0].patientPart - ofStrata[1].patientPart) < 1e-12)
  }

  @Test("What a stratum is like for both initializations falls out: the same runs have no interaction")
  func nothing() throws {
    var generator = SeededGenerator(seed: 2)
    let study = Study(images: 100, &generator)
    let contrast = try SeedsAndPatients.contrast(study.values(0, study.rows[0]), study.values(0, study.rows[1])).get()
    let interaction = try TwoLevelDifference.make(contrast, contrast).get()
    #expect(interaction.value == 0 && interaction.patientPart < 1e-18)
  }

  @Test("One seed has no contrast for other seeds")
  func oneSeed() throws {
    var generator = SeededGenerator(seed: 3)
    let study = Study(images: 100, seeds: 1, &generator)
    let contrast = try SeedsAndPatients.contrast(study.values(0, study.rows[0]), study.values(0, study.rows[1]))
    #expect(contrast.reason == "one seed says nothing about other seeds")
  }

  /// The whole simulation, through a study's report, is `make benchmark-subgroups`; its table is in Documentation/subgroups.md.
  @Test("Without an interaction 7 % of studies or fewer show one; a planted one of 0.05 is found in 80 % with 2,000 images")
  func errorRates() throws {
    func found(_ studies: Int, images: Int, advantage: Double) throws -> Int {
      try concurrentMap(studies) { number in
        Result { () throws -> Bool in
          var generator = (SeedPath(4) / images / number).generator()
          return try Study(images: images, advantage: advantage, &generator).interaction.test().isSignificant() == true
        }
      }.count { try $0.get() }
    }
    // A rate of 5 % gives more than 56 of 800 with a chance of four in a thousand, and one of 10 % gives as few with a chance of three.
    let nulls = try found(800, images: 200, advantage: 0), planted = try found(40, images: 2000, advantage: 0.05)
    #expect(nulls <= 56, "\(nulls) of 800")
    #expect(planted >= 32, "\(planted) of 40")
  }

  @Test("An interval of a fraction stays in its range, and is that of one run for patients alone where there is one")
  func intervals() throws {
    var generator = SeededGenerator(seed: 5)
    let study = Study(images: 60, &generator), values = try study.values(0, study.rows[0])
    let both = try SeedsAndPatients.of(values).get().fractionInterval().get(), one = try values[0].fractionInterval().get()
    #expect(both.lower > 0 && both.upper < 1 && both.contains((values[0].value + values[1].value) / 2))
    #expect(one.contains(values[0].value) && one.method == "patients of one run, logit scale")
    let perfect = StratumValue(value: 1, deviations: PatientDeviations(values: [0, 0], degreesOfFreedom: 1))
    #expect(perfect.fractionInterval().reason == "the value is at the end of its range")
  }

  @Test("The AUROC of any units is the share of their pairs in the right order, ties half")
  func subsets() {
    var generator = SeededGenerator(seed: 6)
    let count = 80
    let scores = (0..<count).map { _ in Double(generator.integer(below: 12)) / 12 }
    let targets = (0..<count).map { row -> Float in row % 17 == 0 ? .nan : generator.uniform() < 0.4 ? 1 : 0 }
    let units = (0..<count).map { $0 % 19 == 0 ? -1 : $0 / 3 }
    let area = SubsetAUROC(scores: scores, targets: targets, units: units)
    for _ in 0..<20 {
      let isMember = (0...count / 3).map { _ in generator.uniform() < 0.5 }
      let rows = (0..<count).filter { units[$0] >= 0 && isMember[units[$0]] }
      let pairs = rows.filter { targets[$0] == 1 }.flatMap { one in rows.filter { targets[$0] == 0 }.map { (scores[one], scores[$0]) } }
      let wins = pairs.reduce(0.0) { $0 + ($1.0 > $1.1 ? 1 : $1.0 == $1.1 ? 0.5 : 0) }
      #expect(abs((area.value(where: isMember) ?? -1) - wins / Double(pairs.count)) < 1e-14)
    }
    #expect(area.value(where: [Bool](repeating: false, count: count)) == nil)
  }
}
