import Foundation
import Foundations
import Testing

@testable import Statistics

@Suite("Differences over the folds of a cross-validation")
struct FoldVarianceTests {
  @Test("The numbers of folds add Nadeau and Bengio's part to a variance: that of the folds' differences, divided by one less than there are")
  func training() throws {
    let rows = (0..<20).map { Double($0 % 7) / 7 }, first = [0.5, 0.7, 0.6, 0.9, 0.55], second = [0.4, 0.5, 0.65, 0.6, 0.5]
    let plain = try PatientDeviations.ofMean(rows).get(), a = plain.withFolds(first), b = plain.withFolds(second)
    func variance(_ values: [Double]) throws -> Double { try Summary(values).moments().variance }
    #expect(abs(a.variance - plain.variance - (try variance(first)) / 4) < 1e-15)
    // What patients do alike falls out of the difference, and what is left is of the folds alone.
    let difference = try a.subtracting(b).get(), differences = zip(first, second).map(-)
    #expect(abs(difference.variance - (try variance(differences)) / 4) < 1e-15)
    #expect(abs(difference.degreesOfFreedom - 4) < 1e-12)
    #expect(plain.degreesOfFreedom == 19 && a.degreesOfFreedom < 19 && a.degreesOfFreedom > 4)
    // As many numbers, but not of the same.
    let others = try PatientDeviations.ofMean(Array(rows.dropLast(5))).get().withFolds(first)
    #expect(plain.subtracting(a).known == nil && plain.subtracting(others).known == nil)
    // Seeds whose folds are shared have them in their covariance, and not in what is between seeds and patients.
    let group = try SeedsAndPatients.make(values: [0.6, 0.62], deviations: [a, a]).get()
    #expect(abs(group.covariance - a.variance) < 1e-15 && group.interaction < 1e-15)
    let spread = TwoLevelDifference(group)
    #expect(abs(spread.patientPart - plain.variance - (try variance(first)) / 4) < 1e-15)
  }

  @Test("A mean AUROC over folds is that of the folds' own, and patients move it within their folds alone")
  func areas() throws {
    let fixture = Study(patients: 40, features: 3, folds: 4, seeds: 1, separation: 1.5, seed: 3), answers = fixture.answers(0, seed: 0)
    let targets = fixture.truths.map { Float($0) }
    let found = try PatientDeviations.ofMeanAUROC(scores: [answers], targets: [targets], among: PatientPlaces(nil, rowCount: 40), folds: fixture.rows).get()
    var sum = 0.0, variance = 0.0
    for rows in fixture.rows {
      let own = try DeLong.make(scores: [rows.map { answers[$0] }], isPositive: rows.map { targets[$0] == 1 }).get()
      (sum, variance) = (sum + own.aurocs[0], variance + own.covariance[0][0])
    }
    #expect(abs(found.auroc - sum / 4) < 1e-15 && abs(found.deviations.variance - variance / 16) < 1e-15)
    // A network with a scale of its own in each fold is as good; taken together its scores would be worthless.
    let shifted = answers.enumerated().map { row, score in 2 * score + 100 * Double(fixture.foldOf[row]) }
    let same = try PatientDeviations.ofMeanAUROC(scores: [shifted], targets: [targets], among: PatientPlaces(nil, rowCount: 40), folds: fixture.rows).get()
    #expect(same.auroc == found.auroc && same.deviations.values == found.deviations.values)
    let one = try #require(fixture.rows.first)
    let lacking = PatientDeviations.ofMeanAUROC(
      scores: [answers], targets: [targets.indices.map { one.contains($0) ? 0 : targets[$0] }], among: try PatientPlaces(nil, rowCount: 40), folds: fixture.rows)
    #expect(lacking.reason == "in fold 1 no class has a positive and a negative sample")
  }

  /// Learners that are equally good in truth, each from images of its own information, trained on the folds of the same patients: what the one
  /// data set favors differs, and the networks of all folds and seeds have it in common. Without the folds' part more than 7 % of such studies
  /// say that the two differ, up to a fifth; with it no more.
  @Test(
    "Of equal initializations in cross-validation few are said to differ, and without the part of the folds too many",
    arguments: [(60, 5, 1.0), (60, 40, 1.0), (60, 40, 2.0), (120, 60, 1.0)])
  func typeOne(patients: Int, features: Int, separation: Double) throws {
    let studies = 300, limit = 0.07
    var corrected = [Int](repeating: 0, count: 2), plain = corrected
    for number in 0..<studies {
      let study = Study(patients: patients, features: features, folds: 5, seeds: 3, separation: separation, seed: UInt64(number))
      let answers = study.allAnswers
      for (place, isArea) in [true, false].enumerated() {
        if try study.p(answers, isArea: isArea, withFolds: true) < 0.05 { corrected[place] += 1 }
        if try study.p(answers, isArea: isArea, withFolds: false) < 0.05 { plain[place] += 1 }
      }
    }
    for place in 0..<2 {
      #expect(Double(corrected[place]) / Double(studies) <= limit, "\(corrected) of \(studies)")
      #expect(Double(plain[place]) / Double(studies) > limit, "\(plain) of \(studies)")
    }
  }
}

/// A study of two initializations in one number of folds: images of one patient each, of two classes in equal numbers, whose features of either
/// initialization lie around means of a random direction. A network is the nearest mean of its training images, of which a seed draws four in five.
private struct Study {
  let truths: [Double]
  let foldOf: [Int]
  /// Of each fold its rows.
  let rows: [[Int]]
  private let seedCount: Int
  /// `[initialization][patient][feature]`
  private let features: [[[Double]]]
  private let path: SeedPath

  init(patients: Int, features count: Int, folds: Int, seeds: Int, separation: Double, seed: UInt64) {
    path = SeedPath(Int(seed)) / "folds"
    var generator = path.generator()
    let truths = (0..<patients).map { Double($0 % 2) }
    self.truths = truths
    let foldOf = (0..<patients).map { ($0 / 2) % folds }
    self.foldOf = foldOf
    rows = (0..<folds).map { fold in (0..<patients).filter { foldOf[$0] == fold } }
    seedCount = seeds
    features = (0..<2).map { _ in
      var direction = (0..<count).map { _ in generator.normal() }
      let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
      direction = direction.map { separation * $0 / length }
      return truths.map { truth in direction.map { generator.normal() + (truth - 0.5) * $0 } }
    }
  }

  /// The distance of each image from the border of the network that did not see it.
  func answers(_ initialization: Int, seed: Int) -> [Double] {
    let images = features[initialization], width = images[0].count
    var answers = [Double](repeating: 0, count: truths.count)
    for (fold, tested) in rows.enumerated() {
      var generator = (path / "\(initialization)" / seed / fold).generator()
      var sums = [[Double]](repeating: [Double](repeating: 0, count: width), count: 2), counts = [0.0, 0.0]
      for row in truths.indices where foldOf[row] != fold && generator.uniform() < 0.8 {
        let kind = Int(truths[row])
        counts[kind] += 1
        for place in 0..<width { sums[kind][place] += images[row][place] }
      }
      let slope = (0..<width).map { sums[1][$0] / counts[1] - sums[0][$0] / counts[0] }
      let middle = (0..<width).map { (sums[1][$0] / counts[1] + sums[0][$0] / counts[0]) / 2 }
      let length = slope.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for row in tested {
        var sum = 0.0
        for place in 0..<width { sum += slope[place] * (images[row][place] - middle[place]) }
        answers[row] = sum / length
      }
    }
    return answers
  }

  /// `[initialization][seed][patient]`
  var allAnswers: [[[Double]]] { (0..<2).map { one in (0..<seedCount).map { answers(one, seed: $0) } } }

  private func group(_ all: [[Double]], isArea: Bool, withFolds: Bool) throws -> SeedsAndPatients {
    let targets = truths.map { Float($0) }, places = try PatientPlaces(nil, rowCount: truths.count)
    var values: [Double] = [], deviations: [PatientDeviations] = [], means = [Double](repeating: 0, count: rows.count)
    for answers in all {
      if isArea {
        let found = try PatientDeviations.ofMeanAUROC(scores: [answers], targets: [targets], among: places, folds: rows).get()
        values.append(found.auroc)
        deviations.append(found.deviations)
        for (fold, own) in rows.enumerated() {
          let area = try PatientDeviations.ofMeanAUROC(scores: [answers], targets: [targets], rows: own).get().auroc
          means[fold] += area / Double(seedCount)
        }
      } else {
        let shares = answers.indices.map { 1 / (1 + exp(-2 * (2 * truths[$0] - 1) * answers[$0])) }
        values.append(shares.reduce(0, +) / Double(shares.count))
        deviations.append(try PatientDeviations.ofMean(shares).get())
        for (fold, own) in rows.enumerated() { means[fold] += own.reduce(0) { $0 + shares[$1] } / Double(own.count * seedCount) }
      }
    }
    return try SeedsAndPatients.make(values: values, deviations: withFolds ? deviations.map { $0.withFolds(means) } : deviations).get()
  }

  func p(_ answers: [[[Double]]], isArea: Bool, withFolds: Bool) throws -> Double {
    let groups = try answers.map { try group($0, isArea: isArea, withFolds: withFolds) }
    return try TwoLevelDifference.make(groups[0], groups[1]).get().test().p.get()
  }
}
