import Foundation
import Foundations
import Testing

@testable import Statistics

@Suite("Bootstrap and two-level uncertainty")
struct ResamplingTests {
  struct Bootstraps: Decodable {
    let name: String
    let strata: [[Double]]
    let estimate: Double
    let jackknife: [[Double]]
    let replicates: [Double]
    let percentile: [Double]
    let bca: [Double]
  }
  struct Levels: Decodable {
    let values: [[Double]]
    let mean: Double
    let varianceOfMean: Double
    let seedVariance: Double
    let patientVariance: Double
    let interactionVariance: Double
  }
  struct File: Decodable {
    let bootstraps: [Bootstraps]
    let twoLevel: [Levels]
  }

  private func mean(_ values: [Double]) -> (Resample) -> Double? {
    { resample in
      let count = resample.weights.reduce(0, +)
      return count == 0 ? nil : zip(values, resample.weights).reduce(0) { $0 + $1.0 * Double($1.1) } / Double(count)
    }
  }

  @Test("From the same resamples the percentile and BCa intervals are SciPy's")
  func agreesWithSciPy() throws {
    let file: File = try golden("resampling.json")
    #expect(file.bootstraps.count == 3)
    for golden in file.bootstraps {
      for (method, expected) in [(Bootstrap.Method.percentile, golden.percentile), (.bca, golden.bca)] {
        let acceleration = try Bootstrap.acceleration(golden.jackknife)
        let interval = try Bootstrap(method: method, seed: 0)
          .interval(of: golden.replicates, estimate: golden.estimate, acceleration: acceleration)
        #expect(agrees(.value(interval), expected), "\(golden.name), \(method): \(interval), \(expected)")
      }
    }
  }

  @Test("The jackknife leaves out what SciPy's does")
  func jackknife() throws {
    let file: File = try golden("resampling.json")
    let golden = try #require(file.bootstraps.first)
    let units = try #require(ResamplingUnits.make(rowCount: golden.strata[0].count).known)
    let values = units.jackknifeGroups(limit: 1000, seed: 0).map { $0.map { mean(golden.strata[0])(units.leaving(out: $0)) ?? .nan } }
    #expect(values.count == 1)
    for (ours, theirs) in zip(values[0], golden.jackknife[0]) { #expect(agrees(ours, theirs, within: 1e-12)) }
  }

  @Test("The same seed gives the same interval, another seed another; the estimate is the statistic of all rows")
  func determinism() throws {
    var generator = SeededGenerator(seed: 1)
    let values = normals(40, &generator)
    let units = try #require(ResamplingUnits.make(rowCount: 40).known)
    func run(_ seed: UInt64) -> BootstrapEstimate {
      Bootstrap(resampleCount: 300, seed: seed).estimate("mean", over: units, mean(values))
    }
    #expect(run(7) == run(7))
    #expect(run(7).estimate.interval != run(8).estimate.interval)
    #expect(agrees(run(7).estimate.value, values.reduce(0, +) / 40, within: 1e-12))
    #expect(agrees(run(7).standardError, try #require(Summary(values).standardDeviation.known) / 40.0.squareRoot(), within: 0.15))
  }

  @Test("Whole patients are drawn: rows of one patient always come together, strata keep their numbers")
  func units() throws {
    let patients = ["a", "a", "b", "c", "c", "c", "d", "e"]
    let strata = [0, 0, 0, 1, 1, 1, 1, 1]
    let units = try #require(ResamplingUnits.make(rowCount: 8, clusters: patients, strata: strata).known)
    #expect((units.clusterCount, units.stratumCount) == (5, 2))
    var generator = SeededGenerator(seed: 2)
    var differs = false
    for _ in 0..<100 {
      let weights = units.draw(&generator).weights
      #expect(weights[0] == weights[1] && weights[3] == weights[4] && weights[4] == weights[5])
      #expect(weights[0] + weights[2] == 2)
      #expect(weights[3] + weights[6] + weights[7] == 3)
      if weights != [1, 1, 1, 1, 1, 1, 1, 1] { differs = true }
    }
    #expect(differs)
    #expect(Resample(weights: [0, 2, 1]).rows == [1, 1, 2])
    #expect(
      ResamplingUnits.make(rowCount: 2, clusters: ["a", "a"]).reason == "one patient cannot be resampled")
    #expect(
      ResamplingUnits.make(rowCount: 3, clusters: ["a", "a", "b"], strata: [0, 1, 1]).reason == "the patient of row 1 lies in two strata")
    #expect(ResamplingUnits.make(rowCount: 0).known == nil)
    #expect(ResamplingUnits.make(rowCount: 3, clusters: ["a"]).known == nil)
  }

  @Test("Correlated rows of a patient widen the interval, which rows alone would make too narrow")
  func clustering() throws {
    var generator = SeededGenerator(seed: 4)
    let effects = normals(30, &generator)
    let values = (0..<240).map { effects[$0 / 8] + 0.1 * generator.normal() }
    let clusters = (0..<240).map { "p\($0 / 8)" }
    func error(_ units: Available<ResamplingUnits>) throws -> Double {
      let bootstrap = Bootstrap(method: .percentile, resampleCount: 800, seed: 5)
      let known = try #require(units.known)
      return try #require(bootstrap.estimate("mean", over: known, mean(values)).standardError.known)
    }
    let ratio = try error(ResamplingUnits.make(rowCount: 240, clusters: clusters)) / error(ResamplingUnits.make(rowCount: 240))
    // √8, within four standard errors of a ratio of two spreads of 800.
    #expect(abs(ratio - 8.0.squareRoot()) < 0.4)
  }

  @Test("Both intervals cover the mean of skewed values about as often as they say", arguments: [Bootstrap.Method.percentile, .bca])
  func coverage(method: Bootstrap.Method) throws {
    var generator = SeededGenerator(seed: 6)
    let units = try #require(ResamplingUnits.make(rowCount: 50).known)
    var covered = 0
    for repetition in 0..<100 {
      let values = (0..<50).map { _ in -log(1 - generator.uniform()) }
      let bootstrap = Bootstrap(method: method, resampleCount: 199, level: 0.9, seed: UInt64(repetition))
      let result = bootstrap.estimate("mean", over: units, mean(values))
      if try #require(result.estimate.interval.known).contains(1) { covered += 1 }
    }
    // Three standard errors around 0.9 are 0.81...0.99; the bootstrap of 50 skewed values is known to cover a little less.
    #expect((79...98).contains(covered))
  }

  @Test("Undefined resamples are counted, and too many of them, or no spread, leave no interval")
  func undefined() throws {
    let units = try #require(ResamplingUnits.make(rowCount: 12).known)
    var generator = SeededGenerator(seed: 4)
    let values = normals(12, &generator)
    func run(_ statistic: @escaping (Resample) -> Double?) -> BootstrapEstimate {
      Bootstrap(method: .percentile, resampleCount: 400, seed: 1).estimate("it", over: units, statistic)
    }
    // A row is missing from a resample with chance (11/12)^12 = 0.35; one of two rows from both with 0.11; of four with 0.008.
    let rare = run { $0.weights[0...3].allSatisfy { $0 == 0 } ? nil : self.mean(values)($0) }
    #expect((1...20).contains(rare.undefinedCount) && rare.estimate.interval.known != nil)
    let often = run { $0.weights[0] == 0 ? nil : self.mean(values)($0) }
    #expect(often.estimate.interval.reason?.hasPrefix("it is undefined in ") == true)
    #expect(often.estimate.value.known != nil)
    #expect(run { _ in 3 }.estimate.interval.reason == "the statistic is the same in every resample")
    #expect(run { _ in nil }.estimate.value.reason == "it is undefined for all rows")
    let constant = Bootstrap(resampleCount: 100, seed: 1).estimate("it", over: units) { _ in 3 }
    #expect(constant.estimate.interval.reason == "the statistic is the same whichever patient is left out")
  }

  @Test("More than a thousand patients are left out in groups, each once, and BCa stays close")
  func groupedJackknife() throws {
    var generator = SeededGenerator(seed: 8)
    let values = (0..<2500).map { _ in -log(1 - generator.uniform()) }
    let units = try #require(ResamplingUnits.make(rowCount: 2500).known)
    let groups = units.jackknifeGroups(limit: 500, seed: 1)[0]
    #expect(groups.count == 500)
    #expect(groups.flatMap { $0 }.sorted() == Array(0..<2500))
    let single = try Bootstrap.acceleration(
      units.jackknifeGroups(limit: 5000, seed: 1).map { $0.map { mean(values)(units.leaving(out: $0)) } })
    let grouped = try Bootstrap.acceleration([groups.map { mean(values)(units.leaving(out: $0)) }])
    // The acceleration of the mean of exponential values is 2/(6√n).
    #expect(abs(single - 1 / (3 * 2500.0.squareRoot())) < 0.002)
    #expect(abs(grouped - single) < 0.004)
  }

  @Test("Of a metric that is a mean, the two levels are the crossed analysis of variance")
  func twoLevelIsAnalysisOfVariance() throws {
    let file: File = try golden("resampling.json")
    #expect(file.twoLevel.count == 3)
    for golden in file.twoLevel {
      let result = TwoLevel("Dice", ofMeans(golden.values))
      #expect(agrees(result.estimate.value, golden.mean))
      let error = try #require(result.standardError.known)
      #expect(agrees(error * error, golden.varianceOfMean))
      #expect(abs((result.seedVariance.known ?? 9) - max(0, golden.seedVariance)) < 1e-12)
      #expect(agrees(result.patientVariance, golden.patientVariance))
      #expect(agrees(result.interactionVariance, golden.interactionVariance))
    }
  }

  private func ofMeans(_ values: [[Double]]) -> Available<SeedsAndPatients> {
    let deviations = values.compactMap { PatientDeviations.ofMean($0).known }
    return SeedsAndPatients.make(values: values.map { $0.reduce(0, +) / Double($0.count) }, deviations: deviations)
  }

  @Test("DeLong's covariance over seeds gives an interval wider than either level alone")
  func auroc() throws {
    var generator = SeededGenerator(seed: 21)
    let isPositive = (0..<300).map { _ in generator.uniform() < 0.4 }
    let signal = isPositive.map { generator.normal() + ($0 ? 1.2 : 0) }
    let scores = (0..<5).map { _ in
      let quality = 0.5 + generator.uniform()
      return signal.map { $0 + quality * generator.normal() }
    }
    let found = scores.compactMap { PatientDeviations.ofMeanAUROC(scores: [$0], targets: [isPositive.map { $0 ? 1 : 0 }]).known }
    let aurocs = found.map(\.auroc)
    let both = TwoLevel("AUROC", SeedsAndPatients.make(values: aurocs, deviations: found.map(\.deviations)), range: 0...1)
    let error = try #require(both.standardError.known)
    #expect(error * error > (try #require(both.patientVariance.known)))
    #expect(error > (try #require(Summary(aurocs).standardDeviation.known)) / 5.0.squareRoot())
    #expect(try #require(both.degreesOfFreedom.known) >= 4)
    // On the logit scale it is longer towards 0.5.
    let mean = try #require(both.estimate.value.known), interval = try #require(both.estimate.interval.known)
    #expect(interval.upper < 1 && mean - interval.lower > interval.upper - mean)
  }

  @Test("One seed, values of other patients, and no variance at all are not available, with the reason")
  func notAvailable() {
    func made(_ values: [Double], _ deviations: [[Double]], degrees: Double = 1) -> Available<SeedsAndPatients> {
      SeedsAndPatients.make(values: values, deviations: deviations.map { PatientDeviations(values: $0, degreesOfFreedom: degrees) })
    }
    #expect(TwoLevel("x", made([1], [[1]])).estimate.value.reason == "one seed says nothing about other seeds")
    #expect(made([1, 2], [[1]]).reason == "there are 2 values and deviations of 1")
    #expect(made([1, 2], [[1, 2], [1]]).reason == "the values are not of the same patients")
    let constant = TwoLevel("x", made([1, 1], [[0, 0], [0, 0]]))
    #expect(constant.standardError.reason == "neither seeds nor patients make any difference")
    #expect(constant.estimate.value.reason == constant.standardError.reason)
    // Without any spread over seeds only patients count, and so do their degrees of freedom: t(0.975; 8) = 2.306004135.
    let patientsOnly = TwoLevel("x", made([1, 1], [[0.2, 0], [0.2, 0]], degrees: 8))
    #expect(agrees(patientsOnly.standardError, 0.2) && agrees(patientsOnly.degreesOfFreedom, 8))
    let reach: Double = 2.306004135033371 * 0.2
    #expect(agrees(patientsOnly.estimate.interval, [1 - reach, 1 + reach]))
    #expect(PatientDeviations.ofMean([1]).reason == "one patient says nothing about other patients")
    #expect(PatientDeviations.ofMean([1, 2], patients: ["a"]).reason == "the rows and their patients do not fit")
  }

  @Test("An interval lies in the metric's range: on the logit scale for a fraction, else cut, and says so")
  func ranges() {
    let far = Interval(lower: -223, upper: 332, level: 0.95, method: "t")
    #expect(far.cut(to: 0 ... .infinity) == Interval(lower: 0, upper: 332, level: 0.95, method: "t, cut to the metric's range"))
    #expect(Interval(lower: 0.2, upper: 0.9, level: 0.95, method: "t").cut(to: 0...1).method == "t")
    let wide = Interval.inside(0...1, center: 0.9, half: 1.4, level: 0.95, method: "t")
    #expect(wide.lower > 0 && wide.upper < 1 && wide.method == "t, logit scale")
    #expect(Interval.inside(0...1, center: 1, half: 0.1, level: 0.95, method: "t").upper == 1)
    #expect(Interval.inside(-1...1, center: -0.5, half: 0.7, level: 0.95, method: "t").lower == -1)
  }

  @Test("The two-level interval covers the truth under new seeds and new patients")
  func twoLevelCoverage() throws {
    var generator = SeededGenerator(seed: 31)
    var covered = 0
    for _ in 0..<400 {
      let patients = normals(30, &generator)
      let values = (0..<4).map { _ in
        let seed = 0.3 * generator.normal()
        return patients.map { $0 + seed + 0.5 * generator.normal() }
      }
      let result = TwoLevel("mean", ofMeans(values))
      if try #require(result.estimate.interval.known).contains(0) { covered += 1 }
    }
    #expect((365...396).contains(covered))
  }
}
