import Foundation
import Foundations
import Testing

@testable import Statistics

@Suite("How many patients a test set needs")
struct PatientsNeededTests {
  struct Mean: Decodable {
    let deviation: Double
    let half: Double
    let count: Int
  }
  struct Area: Decodable {
    let auroc: Double
    let prevalence: Double
    let half: Double
    let count: Int
  }
  struct Validation: Decodable {
    let auroc: Double
    let prevalence: Double
    let normal: [Double]
    let ratioWidth: Double
    let slopeWidth: Double
    let areaWidth: Double
    let ofRatio: Int
    let ofSlope: Int
    let ofArea: Int
  }
  struct File: Decodable {
    let means: [Mean]
    let areas: [Area]
    let validation: [Validation]
  }

  private let file: File

  init() throws { file = try golden("patients-needed.json") }

  @Test("For a mean and for an AUROC the formulas' numbers, by SciPy")
  func formulas() throws {
    for one in file.means { #expect(PatientsNeeded.forMean(standardDeviation: one.deviation, halfWidth: one.half) == .value(one.count)) }
    for one in file.areas {
      #expect(PatientsNeeded.forAUROC(one.auroc, prevalence: one.prevalence, halfWidth: one.half) == .value(one.count))
    }
    #expect(file.means.count == 3 && file.areas.count == 3)
  }

  @Test("For the calibration and the AUROC of a validation the numbers of pmvalsampsize, its published example of 905, 4,544 and 4,252 among them")
  func validation() throws {
    #expect(file.validation.map { [$0.ofRatio, $0.ofSlope, $0.ofArea] }.first == [905, 4544, 4252])
    for one in file.validation {
      #expect(PatientsNeeded.forObservedToExpected(prevalence: one.prevalence, width: one.ratioWidth) == .value(one.ofRatio))
      #expect(
        PatientsNeeded.forAUROC(one.auroc, prevalence: one.prevalence, halfWidth: one.areaWidth / 2, variance: .newcombe) == .value(one.ofArea))
      // Theirs is of a million simulated patients.
      let slope = try PatientsNeeded.forCalibrationSlope(
        normalMean: one.normal[0], standardDeviation: one.normal[1], halfWidth: one.slopeWidth / 2
      ).get()
      #expect(abs(Double(slope) / Double(one.ofSlope) - 1) < 0.01, "\(slope) and \(one.ofSlope)")
    }
  }

  @Test("A pilot's logits give what their distribution gives")
  func pilot() throws {
    var generator = SeededGenerator(seed: 12)
    let logits = normals(200_000, mean: -1, deviation: 1.5, &generator)
    let own = try PatientsNeeded.forCalibrationSlope(logits: logits, halfWidth: 0.2).get()
    let whole = try PatientsNeeded.forCalibrationSlope(normalMean: -1, standardDeviation: 1.5, halfWidth: 0.2).get()
    #expect(abs(Double(own) / Double(whole) - 1) < 0.02, "\(own) and \(whole)")
  }

  @Test("A pilot of a hundred patients with a standard error of 0.02 needs four times as many for half the width it has")
  func scaled() throws {
    let now = try Normal.halfWidth(level: 0.95) * 0.02
    #expect(PatientsNeeded.scaled(standardError: 0.02, patients: 100, halfWidth: now / 2) == .value(400))
    #expect(PatientsNeeded.scaled(standardError: 0.02, patients: 100, halfWidth: now) == .value(100))
  }

  @Test("What plans nothing says why")
  func refused() {
    #expect(PatientsNeeded.forMean(standardDeviation: 0, halfWidth: 0.1).reason == "the pilot shows no spread")
    #expect(PatientsNeeded.forMean(standardDeviation: 0.1, halfWidth: 0).reason == "an interval of width 0.0 is none")
    #expect(PatientsNeeded.forMean(standardDeviation: 0.1, halfWidth: 1e-9).reason == "more than 100,000,000 patients are needed")
    #expect(PatientsNeeded.forAUROC(1, prevalence: 0.5, halfWidth: 0.1).reason == "an AUROC of 1.0 has a variance of 0")
    #expect(
      PatientsNeeded.forAUROC(0.8, prevalence: 0, halfWidth: 0.1).reason == "the share 0.0 of patients with the finding is not between 0 and 1")
    #expect(PatientsNeeded.forCalibrationSlope(logits: [0.3, 0.3], halfWidth: 0.1).reason == "the probabilities are all alike")
  }
}
