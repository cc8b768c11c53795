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
      let covariance = try #require(CaseCovariance.ofMeans(golden.values).known)
      let means = golden.values.map { $0.reduce(0, +) / Double($0.count) }
      let result = TwoLevel("Dice", values: means, caseCovariance: covariance)
      #expect(agrees(result.estimate.value, golden.mean))
      let error = try #require(result.standardError.known)
      #expect(agrees(error * error, golden.varianceOfMean))
      #expect(abs((result.seedVariance.known ?? 9) - max(0, golden.seedVariance)) < 1e-12)
      #expect(agrees(result.patientVariance, golden.patientVariance))
      #expect(agrees(result.interactionVariance, golden.interactionVariance))
    }
  }

  @Test("The jackknife's covariance of means is the formula's, with and without patients of many rows")
  func jackknifeCovariance() throws {
    let file: File = try golden("resampling.json")
    let values = file.twoLevel[1].values
    let units = try #require(ResamplingUnits.make(rowCount: values[0].count).known)
    let exact = try #require(CaseCovariance.ofMeans(values).known)
    let jackknife = try #require(
      CaseCovariance.jackknife(over: units, seed: 0) { resample in values.compactMap { mean($0)(resample) } }.known)
    for a in exact.indices { for b in exact.indices { #expect(agrees(jackknife[a][b], exact[a][b])) } }
    let doubled = values.map { $0 + $0 }
    let names = (0..<2 * values[0].count).map { "p\($0 % values[0].count)" }
    let clustered = try #require(CaseCovariance.ofMeans(doubled, clusters: names).known)
    for a in exact.indices { for b in exact.indices { #expect(agrees(clustered[a][b], exact[a][b])) } }
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
    let delong = try #require(DeLong.make(scores: scores, isPositive: isPositive).known)
    let both = TwoLevel("AUROC", values: delong.aurocs, caseCovariance: delong.covariance)
    let error = try #require(both.standardError.known)
    #expect(error * error > (try #require(both.patientVariance.known)))
    #expect(error > (try #require(Summary(delong.aurocs).standardDeviation.known)) / 5.0.squareRoot())
    #expect(try #require(both.degreesOfFreedom.known) >= 4)
  }

  @Test("Two initializations on the same patients: exchange turns the difference round, and shared patients cancel")
  func comparison() throws {
    var generator = SeededGenerator(seed: 22)
    let patients = normals(200, &generator)
    func seeds(_ shift: Double) -> [[Double]] {
      (0..<4).map { _ in
        let seed = 0.05 * generator.normal() + shift
        return patients.map { $0 + seed + 0.1 * generator.normal() }
      }
    }
    let (a, b) = (seeds(0.3), seeds(0))
    func means(_ group: [[Double]]) -> [Double] { group.map { $0.reduce(0, +) / 200 } }
    let forth = TwoLevel.compare(means(a), means(b), caseCovariance: try #require(CaseCovariance.ofMeans(a + b).known))
    let back = TwoLevel.compare(means(b), means(a), caseCovariance: try #require(CaseCovariance.ofMeans(b + a).known))
    #expect(agrees(forth.p, try #require(back.p.known)))
    #expect(agrees(forth.effect.value, -(try #require(back.effect.value.known))))
    // The patients' standard deviation of 1 over 200 patients would alone be 0.07 on each mean.
    #expect(forth.isSignificant(at: 0.001) == true)
    #expect(try #require(forth.effect.interval.known).contains(0.3))
  }

  @Test("One seed, covariances that do not fit, and no variance at all are not available, with the reason")
  func notAvailable() {
    #expect(TwoLevel("x", values: [1], caseCovariance: [[1]]).estimate.value.reason == "one seed says nothing about other seeds")
    let misfit = TwoLevel("x", values: [1, 2], caseCovariance: [[1]])
    #expect(misfit.estimate.value.reason == "the covariance over patients does not fit 2 values")
    let zero = [[0.0, 0], [0, 0]]
    let constant = TwoLevel("x", values: [1, 1], caseCovariance: zero)
    #expect(constant.standardError.reason == "neither seeds nor patients make any difference")
    let patientsOnly = TwoLevel("x", values: [1, 1], caseCovariance: [[0.04, 0.04], [0.04, 0.04]])
    #expect(agrees(patientsOnly.standardError, 0.2))
    #expect(patientsOnly.degreesOfFreedom.known == nil)
    #expect(agrees(patientsOnly.estimate.interval, [1 - 1.959963984540054 * 0.2, 1 + 1.959963984540054 * 0.2]))
    #expect(CaseCovariance.ofMeans([[1]]).reason == "one patient says nothing about other patients")
    #expect(CaseCovariance.ofMeans([[1, 2], [1]]).reason == "the seeds do not have the same rows")
    let lone = TwoLevel.compare([1], [1, 2], caseCovariance: [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    #expect(lone.p.reason == "one seed says nothing about other seeds")
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
      let covariance = try #require(CaseCovariance.ofMeans(values).known)
      let result = TwoLevel("mean", values: values.map { $0.reduce(0, +) / 30 }, caseCovariance: covariance)
      if try #require(result.estimate.interval.known).contains(0) { covered += 1 }
    }
    #expect((365...396).contains(covered))
  }
}
