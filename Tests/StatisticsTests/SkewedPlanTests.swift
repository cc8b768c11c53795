import Foundation
import Foundations
import Testing

@testable import Statistics

@Suite("Plans where patients are skewed")
struct SkewedPlanTests {
  @Test("Without dependence the power is the noncentral t's, from one degree of freedom to a million")
  func noncentral() throws {
    for degrees in [1, 2.5, 14, 200, 1e6] {
      for alternative in [Alternative.twoSided, .greater, .less] {
        for noncentrality in [-2.5, 0, 1, 3] {
          let exact = try powerOfT(noncentrality: noncentrality, degreesOfFreedom: degrees, significance: 0.05, alternative)
          let own = try powerOfT(
            noncentrality: noncentrality, degreesOfFreedom: degrees, dependence: 1e-12, significance: 0.05, alternative)
          #expect(abs(own - exact) < 1e-9, "\(degrees) \(alternative) \(noncentrality): \(own), \(exact)")
        }
      }
    }
  }

  @Test("The power for skewed values is that of 20,000 t-tests, where the noncentral t's is four points off and more")
  func skewedMean() throws {
    // χ² of 8 degrees of freedom has the skewness 1; its mean of n has 1/√n.
    let count = 20, n = Double(count), critical = try StudentT(degreesOfFreedom: n - 1).upperQuantile(0.025).get()
    var generator = SeededGenerator(seed: 31), found = [0, 0]
    let tests = 20_000, difference = 0.65
    for _ in 0..<tests {
      let values = (0..<count).map { _ in (generator.chiSquared(8) - 8) / 4 }
      for (place, sign) in [1.0, -1].enumerated() {
        let moments = try Summary(values.map { difference + sign * $0 }).moments()
        if abs(moments.mean / (moments.variance / n).squareRoot()) > critical { found[place] += 1 }
      }
    }
    let normal = try powerOfT(noncentrality: difference * n.squareRoot(), degreesOfFreedom: n - 1, significance: 0.05, .twoSided)
    for (count, sign) in zip(found, [1.0, -1]) {
      let foretold = try powerOfT(
        noncentrality: difference * n.squareRoot(), degreesOfFreedom: n - 1, dependence: sign / n.squareRoot(), significance: 0.05, .twoSided)
      #expect(abs(Double(count) / Double(tests) - foretold) < 0.015)
    }
    #expect(Double(found[0]) / Double(tests) - normal > 0.04)
  }

  @Test("An AUROC and DeLong's variance of it move together as its pairs say, over 3,000 test sets; without the pairs a fourth is missed")
  func auroc() throws {
    let (positives, negatives, sets) = (20, 40, 3000)
    let targets = (0..<positives + negatives).map { Float($0 < positives ? 1 : 0) }
    var generator = SeededGenerator(seed: 32)
    var areas: [Double] = [], variances: [Double] = [], foretold = 0.0, linear = 0.0
    for _ in 0..<sets {
      let scores = targets.map { 1.5 * Double($0) + generator.normal() }
      let found = try PatientDeviations.ofMeanAUROC(scores: [scores], targets: [targets], withPairs: true).get()
      areas.append(found.auroc)
      variances.append(found.deviations.variance)
      foretold += try #require(found.deviations.covarianceWithVariance) / Double(sets)
      linear += found.deviations.values.reduce(0) { $0 + $1 * $1 * $1 } / Double(sets)
    }
    let mean = variances.reduce(0, +) / Double(sets)
    let truth = zip(areas, variances).reduce(0) { $0 + $1.0 * ($1.1 - mean) } / Double(sets - 1)
    #expect(truth < 0 && abs(foretold / truth - 1) < 0.1, "\(foretold), \(truth)")
    #expect(linear / truth < 0.75)
  }

  @Test("Of a difference of two AUROCs over seeds the pairs are those of the differences; of a large test set some pairs stand for all")
  func pairs() throws {
    var generator = SeededGenerator(seed: 33)
    let targets = (0..<900).map { Float($0 % 3 == 0 ? 1 : 0) }
    let shared = targets.map { 1.2 * Double($0) + generator.normal() }
    func group(_ shift: Double) throws -> PatientDeviations {
      let all = try (0..<2).map { _ in
        let scores = zip(shared, targets).map { $0 + shift * Double($1) + 0.5 * generator.normal() }
        return try PatientDeviations.ofMeanAUROC(scores: [scores], targets: [targets], withPairs: true).get().deviations
      }
      return try PatientDeviations.mean(of: all).get()
    }
    let (a, b) = (try group(0.8), try group(0))
    let difference = try a.subtracting(b).get(), own = try #require(difference.covarianceWithVariance)
    #expect(own == -(try #require(try b.subtracting(a).get().covarianceWithVariance)))
    #expect(abs(try #require((2 * difference).covarianceWithVariance) / (8 * own) - 1) < 1e-5)
    // The better one is nearer to 1 and varies less, so a greater difference comes with a greater variance of the worse one.
    #expect(own > 0)
    // Of several rows a patient nothing is said, and nothing is known of values made in other ways.
    let patients = (0..<900).map { "\($0 / 2)" }
    let clustered = try PatientDeviations.ofMeanAUROC(scores: [shared], targets: [targets], patients: patients, withPairs: true).get().deviations
    #expect(clustered.covarianceWithVariance == nil)
  }

  @Test("Resamples say the same of a mean's third moment as its patients do")
  func resamples() throws {
    var generator = SeededGenerator(seed: 34)
    let values = (0..<40).map { _ in generator.chiSquared(2) }
    let exact = try #require(try PatientDeviations.ofMean(values).get().covarianceWithVariance)
    let units = try ResamplingUnits.make(rowCount: 40, clusters: nil).get()
    let drawn = try PatientDeviations.byBootstrap(over: units, resampleCount: 20_000) { resample in
      let products: [Double] = zip(values, resample.weights).map { $0 * Double($1) }
      return products.reduce(0, +) / 40
    }.get()
    #expect(abs(try #require(drawn.covarianceWithVariance) / exact - 1) < 0.15)
  }

  @Test("A plan for an AUROC of few positives foretells more power than the noncentral t does")
  func plan() throws {
    var generator = SeededGenerator(seed: 35)
    // So many that the third moment is not chance; the plan is for a tenth of them.
    let targets = (0..<600).map { Float($0 % 4 == 0 ? 1 : 0) }, shared = targets.map { 1.2 * Double($0) + generator.normal() }
    func group(_ shift: Double, withPairs: Bool) throws -> SeedsAndPatients {
      var generator = SeededGenerator(seed: 36 + UInt64(shift * 10))
      let runs = try (0..<4).map { _ in
        let scores = zip(shared, targets).map { $0 + shift * Double($1) + 0.8 * generator.normal() }
        return try PatientDeviations.ofMeanAUROC(scores: [scores], targets: [targets], withPairs: withPairs).get()
      }
      return try SeedsAndPatients.make(values: runs.map(\.auroc), deviations: runs.map(\.deviations)).get()
    }
    let known = try TwoLevelDifference.make(group(1, withPairs: true), group(0, withPairs: true)).get()
    #expect(try #require(known.patientSkew) > 0 && known.dependence > 0)
    let plan = TwoLevelPlan(known, patientCount: 600)
    let planned = known.planned(seedCounts: [4, 4], patientFactor: 0.1)
    let normal = try powerOfT(noncentrality: 3, degreesOfFreedom: planned.degreesOfFreedom, significance: 0.05, .twoSided)
    let own = try plan.power(difference: 3 * planned.standardError, patients: 60).get()
    #expect(normal > 0.7 && own > normal + 0.01, "\(own), \(normal)")
    // A tenth of the patients: the third moment is a hundred times as large.
    let skew: Double = try #require(planned.patientSkew), knownSkew: Double = try #require(known.patientSkew)
    #expect(abs(skew / 100 / knownSkew - 1) < 1e-12)
    #expect(TwoLevelDifference.pooled([known, known]) == known)
    // It is kept with the numbers, and numbers from before there was one are read.
    let bytes = try JSONEncoder().encode(known)
    #expect(try JSONDecoder().decode(TwoLevelDifference.self, from: bytes) == known)
    var object = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    object["patientSkew"] = nil
    #expect(try JSONDecoder().decode(TwoLevelDifference.self, from: JSONSerialization.data(withJSONObject: object)).patientSkew == nil)
  }
}
