import Foundation
import Foundations
import Testing

@testable import Statistics

@Suite("Calibration")
struct CalibrationTests {
  struct Fits: Decodable {
    let slope: [Double]
    let intercept: [Double]
    let beside: [Double]
    let ratio: [Double]
  }
  struct Scaling: Decodable {
    let value: Double
    let before: Double
    let after: Double
  }
  struct Case: Decodable {
    let probabilities: [Double]
    let targets: [Float]
    let patients: [String]
    let plain: Fits
    let clustered: Fits
    let temperature: Scaling
  }
  struct Softmax: Decodable {
    let probabilities: [[Double]]
    let truths: [Int]
    let value: Double
    let before: Double
    let after: Double
    let scaled: [Double]
  }
  struct File: Decodable {
    let cases: [Case]
    let softmax: [Softmax]
  }

  private let file: File

  init() throws { file = try golden("calibration.json") }

  private func check(_ estimate: IntervalEstimate, _ expected: [Double], _ name: String) {
    #expect(abs((estimate.value.known ?? .nan) - expected[0]) < 1e-8 * max(1, abs(expected[0])), "\(name)")
    #expect(agrees(estimate.interval, Array(expected.dropFirst()), within: 1e-8), "\(name): \(estimate)")
  }

  @Test("Slope, intercepts and O:E with their intervals are those of statsmodels' GLM to 1e-8, by row and by patient")
  func statsmodels() throws {
    #expect(file.cases.count == 4)
    for one in file.cases {
      for (fits, patients) in [(one.plain, nil), (one.clustered, one.patients)] {
        if let patients, Set(patients).count == patients.count { continue }
        let found = try Recalibration.make(probabilities: one.probabilities, targets: one.targets, patients: patients).get()
        check(found.slope, fits.slope, "slope")
        check(found.intercept, fits.intercept, "intercept")
        check(found.interceptBesideSlope, fits.beside, "intercept beside the slope")
        check(found.observedToExpected, fits.ratio, "O:E")
        #expect(found.rowCount == one.targets.count && found.heldCount == 0)
        #expect(found.patientCount == (patients.map { Set($0).count } ?? one.targets.count))
        #expect(found.slope.interval.known?.method == (patients == nil ? "Wald, sandwich" : "Wald, sandwich, clustered by patient"))
      }
    }
  }

  @Test("The temperature and both log losses are those of SciPy's optimum, of a sigmoid and of a softmax")
  func temperature() throws {
    for one in file.cases {
      let found = try Temperature.ofSigmoid(probabilities: one.probabilities, targets: one.targets).get()
      #expect(agrees(found.value, one.temperature.value, within: 1e-6))
      #expect(agrees(found.logLossBefore, one.temperature.before, within: 1e-10) && agrees(found.logLossAfter, one.temperature.after, within: 1e-10))
      #expect(found.logLossAfter <= found.logLossBefore && found.labelCount == one.targets.count)
      #expect(abs(found.applied(to: 0.9) - 1 / (1 + exp(-log(9) / found.value))) < 1e-14)
    }
    for one in file.softmax {
      let found = try Temperature.ofSoftmax(probabilities: one.probabilities, truths: one.truths).get()
      #expect(agrees(found.value, one.value, within: 1e-6))
      #expect(agrees(found.logLossBefore, one.before, within: 1e-10) && agrees(found.logLossAfter, one.after, within: 1e-10))
      for (a, b) in zip(found.applied(to: one.probabilities[0]), one.scaled) { #expect(abs(a - b) < 1e-6) }
    }
  }

  /// Probabilities that are what they say: 400 rows of normal logits, with the slope's standard error near 0.15.
  @Test("Of calibrated probabilities the intervals of slope, intercept and O:E hold their truths in 93 to 97 of 100 sets")
  func coverage() throws {
    var generator = SeededGenerator(seed: 9), covered = (slope: 0, intercept: 0, ratio: 0)
    let sets = 1000
    for _ in 0..<sets {
      let probabilities = (0..<400).map { _ in 1 / (1 + exp(0.5 - 1.2 * generator.normal())) }
      let targets = probabilities.map { Float(generator.uniform() < $0 ? 1 : 0) }
      let found = try Recalibration.make(probabilities: probabilities, targets: targets).get()
      if try found.slope.interval.get().contains(1) { covered.slope += 1 }
      if try found.intercept.interval.get().contains(0) { covered.intercept += 1 }
      if try found.observedToExpected.interval.get().contains(1) { covered.ratio += 1 }
    }
    #expect((930...970).contains(covered.slope), "\(covered.slope) of \(sets)")
    #expect((930...970).contains(covered.intercept), "\(covered.intercept) of \(sets)")
    #expect((930...970).contains(covered.ratio), "\(covered.ratio) of \(sets)")
  }

  /// Positives whose scores spread twice as wide: no logistic line of the logits.
  @Test("Where the truth is no logistic line of the logits, the intervals still hold what many patients would give in 93 to 97 of 100 sets")
  func misspecified() throws {
    var generator = SeededGenerator(seed: 3)
    func set(_ count: Int) -> (probabilities: [Double], targets: [Float]) {
      let targets = (0..<count).map { _ in Float(generator.uniform() < 0.25 ? 1 : 0) }
      return (targets.map { 1 / (1 + exp(-2.3 * ($0 == 1 ? 1.15 + 2 * generator.normal() : generator.normal() - 1.15))) }, targets)
    }
    let many = set(1_000_000), truth = try Recalibration.make(probabilities: many.probabilities, targets: many.targets).get()
    var covered = (slope: 0, intercept: 0)
    let sets = 1000
    for _ in 0..<sets {
      let drawn = set(200), found = try Recalibration.make(probabilities: drawn.probabilities, targets: drawn.targets).get()
      if try found.slope.interval.get().contains(truth.slope.value.get()) { covered.slope += 1 }
      if try found.intercept.interval.get().contains(truth.intercept.value.get()) { covered.intercept += 1 }
    }
    #expect((930...970).contains(covered.slope), "\(covered.slope) of \(sets)")
    #expect((930...970).contains(covered.intercept), "\(covered.intercept) of \(sets)")
  }

  @Test("Probabilities of 0 and 1 count as the nearest that float32 tells from them, and are counted")
  func held() throws {
    let found = try Recalibration.make(probabilities: [0, 0.2, 0.4, 0.6, 0.7, 1], targets: [0, 1, 0, 1, 0, 1]).get()
    #expect(found.heldCount == 2 && found.slope.value.known.map { $0 > 0 && $0 < 1 } == true)
    let temperature = try Temperature.ofSigmoid(probabilities: [0, 0.2, 0.4, 0.6, 0.7, 1], targets: [0, 1, 0, 1, 0, 1]).get()
    #expect(temperature.value > 1 && temperature.logLossAfter.isFinite)
  }

  @Test("What cannot be computed says why; the slope alone where it is steeper than any")
  func notAvailable() throws {
    func reason(_ probabilities: [Double], _ targets: [Float], _ patients: [String]? = nil) -> String? {
      Recalibration.make(probabilities: probabilities, targets: targets, patients: patients).reason
    }
    #expect(reason([0.1, 0.9], [1, 1]) == "no negative sample")
    #expect(reason([0.1, 0.9], [0, .nan]) == "no positive sample")
    #expect(reason([0.1, 1.2], [0, 1]) == "probability 1 is 1.2, not between 0 and 1")
    #expect(reason([0.1, 0.2], [0, 2]) == "the label of sample 1 is 2.0, neither 0 nor 1")
    #expect(reason([0.1, 0.9], [0, 1], ["a", "a"]) == "one patient says nothing about other patients")
    let apart = try Recalibration.make(probabilities: [0.1, 0.2, 0.7, 0.9], targets: [0, 0, 1, 1]).get()
    #expect(
      apart.slope.value.reason
        == "the probabilities of the positive and of the negative samples do not overlap, so that no slope is steep enough")
    #expect(apart.intercept.value.known != nil && apart.observedToExpected.value.known != nil)
    #expect(try Recalibration.make(probabilities: [0.3, 0.3, 0.3], targets: [0, 1, 0]).get().slope.value.reason == "all probabilities are alike")
    #expect(
      Temperature.ofSigmoid(probabilities: [0.9, 0.2], targets: [1, 0]).reason
        == "no temperature is low enough: the probabilities are never on the wrong side")
    #expect(
      Temperature.ofSigmoid(probabilities: [0.1, 0.8], targets: [1, 0]).reason
        == "no temperature helps: the probabilities are on the wrong side of chance more often than on the right one")
  }
}
