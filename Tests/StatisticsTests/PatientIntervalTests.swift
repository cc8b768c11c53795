import Foundations
import Testing

@testable import Statistics

@Suite("Intervals over patients")
struct PatientIntervalTests {
  struct Area: Decodable {
    let scores: [[Double]]
    let targets: [[Float]]
    let patients: [String]
    let value: Double
    let interval: [Double]
    let carriers: Double
  }
  struct Shares: Decodable {
    let shares: [[Bool?]]
    let patients: [String]
    let interval: [Double]
  }
  struct Mean: Decodable {
    let values: [Double]
    let patients: [String]
    let mean: Double
    let degreesOfFreedom: Double
    let intervals: [String: [Double]]
  }
  /// Made by Tools/goldens/patient_intervals.py.
  struct Golden: Decodable {
    let areas: [Area]
    let shares: [Shares]
    let deviations: [Mean]
  }

  private static func area(_ one: Area, order: [Int]? = nil, patients: [String]?? = nil) throws -> MacroAUROC {
    let order = order ?? Array(one.patients.indices), names = patients ?? one.patients
    return try MacroAUROC.make(
      scores: one.scores.map { column in order.map { column[$0] } }, targets: one.targets.map { column in order.map { column[$0] } },
      clusters: names.map { names in order.map { names[$0] } }, mean: one.value
    ).get()
  }

  @Test("An AUROC has the variance and the degrees of freedom of SciPy's Brunner-Munzel test, clustered and over classes those of the definitions")
  func areas() throws {
    let file: Golden = try golden("intervals.json")
    #expect(file.areas.count == 7)
    for one in file.areas {
      let own = try Self.area(one)
      #expect(agrees(own.interval, one.interval) && agrees(own.carrierCount, one.carriers), "\(own) and \(one.interval)")
    }
  }

  @Test("A mean of shares has Newcombe's interval of two, as statsmodels has it, and of several that of their correlation")
  func shares() throws {
    let file: Golden = try golden("intervals.json")
    #expect(file.shares.count == 3)
    for one in file.shares { #expect(agrees(Proportion.interval(ofMean: one.shares, patients: one.patients), one.interval)) }
  }

  @Test("A mean has the t interval of statsmodels' clustered regression, and on the other scales that of the delta method")
  func means() throws {
    let file: Golden = try golden("intervals.json")
    #expect(file.deviations.count == 3)
    for one in file.deviations {
      let own = try PatientDeviations.ofMean(one.values, patients: one.patients).get()
      #expect(own.degreesOfFreedom == one.degreesOfFreedom)
      for (name, bounds) in one.intervals {
        let scale = try #require(PatientDeviations.Scale(rawValue: name))
        #expect(agrees(own.interval(of: one.mean, scale: scale), bounds), "\(name)")
      }
    }
  }

  @Test("No interval depends on the order of the rows or on what patients are called, and rows of no patient are patients of their own")
  func invariance() throws {
    let file: Golden = try golden("intervals.json")
    var generator = SeededGenerator(seed: 5)
    func same(_ a: Available<Interval>, _ b: Available<Interval>) throws -> Bool {
      let (a, b) = (try a.get(), try b.get())
      return abs(a.lower - b.lower) < 1e-12 && abs(a.upper - b.upper) < 1e-12
    }
    for one in file.areas {
      let plain = try Self.area(one).interval, order = generator.permutation(of: one.patients.count)
      #expect(try same(plain, Self.area(one, order: order).interval))
      #expect(try same(plain, Self.area(one, patients: one.patients.map { "x" + $0 }).interval))
      if Set(one.patients).count == one.patients.count { #expect(try same(plain, Self.area(one, patients: .some(nil)).interval)) }
    }
    for one in file.shares {
      let order = generator.permutation(of: one.patients.count)
      let moved = Proportion.interval(ofMean: one.shares.map { share in order.map { share[$0] } }, patients: order.map { one.patients[$0] })
      #expect(try same(Proportion.interval(ofMean: one.shares, patients: one.patients), moved))
    }
    for one in file.deviations {
      let order = generator.permutation(of: one.values.count)
      let plain = try PatientDeviations.ofMean(one.values, patients: one.patients).get().interval(of: one.mean, scale: .logit)
      let moved = try PatientDeviations.ofMean(order.map { one.values[$0] }, patients: order.map { one.patients[$0] }).get()
      #expect(try same(plain, moved.interval(of: one.mean, scale: .logit)))
    }
  }

  @Test("A patient whose images all say the same is worth one image")
  func copies() throws {
    var generator = SeededGenerator(seed: 6)
    let values = (0..<20).map { _ in generator.uniform() }, names = (0..<20).map { "p\($0)" }, mean = values.reduce(0, +) / 20
    let once = try PatientDeviations.ofMean(values).get().interval(of: mean, scale: .logit).get()
    let thrice = try PatientDeviations.ofMean(values + values + values, patients: names + names + names).get().interval(of: mean, scale: .logit).get()
    #expect(abs(once.lower - thrice.lower) < 1e-12 && abs(once.upper - thrice.upper) < 1e-12)
    let targets = (0..<20).map { Float($0 % 3 == 0 ? 1 : 0) }
    let area = try MacroAUROC.make(scores: [values], targets: [targets], mean: 0.6).get()
    let doubled = try MacroAUROC.make(scores: [values + values], targets: [targets + targets], clusters: names + names, mean: 0.6).get()
    #expect(try abs(area.interval.get().width - doubled.interval.get().width) < 1e-12 && abs(area.carrierCount - doubled.carrierCount) < 1e-9)
  }

  @Test("Intervals of fractions stay inside their range and hold the value, the wider the higher the level")
  func range() throws {
    var generator = SeededGenerator(seed: 7)
    for count in [4, 9, 40] {
      for _ in 0..<20 {
        let values = (0..<count).map { _ in generator.uniform() < 0.8 ? 0.9 + 0.1 * generator.uniform() : 0.3 * generator.uniform() }
        let mean = values.reduce(0, +) / Double(count), deviations = try PatientDeviations.ofMean(values).get()
        let logit = try deviations.interval(of: mean, scale: .logit).get(), log = try deviations.interval(of: mean, scale: .log).get()
        #expect(logit.lower > 0 && logit.upper < 1 && logit.contains(mean) && log.lower > 0 && log.contains(mean))
        #expect(try deviations.interval(of: mean, scale: .logit, level: 0.99).get().width > logit.width)
        let decisions = values.map { Optional($0 > 0.5) }, others = values.map { Optional($0 > 0.95) }
        let both = try Proportion.interval(ofMean: [decisions, others], patients: (0..<count).map(String.init)).get()
        #expect(both.lower >= 0 && both.upper <= 1 && both.width > 0)
      }
    }
    // Two shares that are all right still leave room below, where a bootstrap would see none.
    let right = [Bool?](repeating: true, count: 12)
    let all = try Proportion.interval(ofMean: [right, right], patients: (0..<12).map(String.init)).get()
    #expect(all.upper == 1 && all.lower < 0.9)
  }

  @Test("So many patients carry the variance as would share it evenly: all where they are alike in size, one where one is far away")
  func carriers() {
    #expect(PatientDeviations(values: [1, -1, 1, -1, 1], degreesOfFreedom: 4).carrierCount == 5)
    #expect(abs(PatientDeviations(values: [100, 1, -1, 1, -1], degreesOfFreedom: 4).carrierCount - 1) < 0.01)
    #expect(PatientDeviations(values: [0, 0], degreesOfFreedom: 1).carrierCount == 0)
  }

  @Test("Leaving each patient out gives a mean the variance of the mean, and a ratio that of the ratio")
  func jackknife() throws {
    var generator = SeededGenerator(seed: 8)
    let values = (0..<30).map { _ in generator.uniform() }, below = (0..<30).map { _ in 1 + generator.uniform() }, names = (0..<30).map { "p\($0 / 2)" }
    func mean(_ resample: Resample) -> Double { zip(values, resample.weights).reduce(0) { $0 + $1.0 * Double($1.1) } / Double(resample.weights.reduce(0, +)) }
    func ratio(_ resample: Resample) -> Double {
      zip(values, resample.weights).reduce(0) { $0 + $1.0 * Double($1.1) } / zip(below, resample.weights).reduce(0) { $0 + $1.0 * Double($1.1) }
    }
    let apart = PatientDeviations.byJackknife(1, over: try ResamplingUnits.make(rowCount: 30).get()) { [mean($0)] }
    #expect(agrees(try apart[0].get().variance, try PatientDeviations.ofMean(values).get().variance))
    let clustered = PatientDeviations.byJackknife(2, over: try ResamplingUnits.make(rowCount: 30, clusters: names).get(), degreesOfFreedom: [3, 4]) {
      [ratio($0), $0.weights[0] == 0 ? nil : 1]
    }
    let own = try clustered[0].get()
    #expect(agrees(own.variance, try PatientDeviations.ofRatio(numerators: values, denominators: below, patients: names).get().variance))
    #expect(own.degreesOfFreedom == 3 && clustered[1].reason == "the value is undefined without one of the patients")
  }

  @Test("What has no spread, no logit or no logarithm says so")
  func undefined() throws {
    let alike = PatientDeviations(values: [0, 0, 0], degreesOfFreedom: 2), some = PatientDeviations(values: [0.1, -0.1], degreesOfFreedom: 1)
    #expect(alike.interval(of: 0.5).reason == "all patients are alike")
    #expect(some.interval(of: 1, scale: .logit).reason == "1.0 has no logit" && some.interval(of: 0, scale: .log).reason == "0.0 has no logarithm")
    let perfect = MacroAUROC.make(scores: [[0, 1, 2, 3]], targets: [[0, 0, 1, 1]], mean: 1)
    #expect(perfect.known?.interval.reason == "the AUROC of 1.0 has a variance of 0")
    #expect(MacroAUROC.make(scores: [[0, 1, 2]], targets: [[0, 0, 1]], mean: 1).reason == "the variance of an AUROC needs two positive and two negative samples")
    #expect(Proportion.interval(ofMean: [], patients: []).reason == "there is no share")
    #expect(Proportion.interval(ofMean: [[nil, nil]], patients: ["a", "b"]).reason == "there is no row")
  }

  @Test("The interval of a mean of many shares holds the truth on both sides as often as it says, where MOVER misses one in eleven; of one share many times it is Wilson's")
  func manyShares() throws {
    let patients = (0..<60).map(String.init), count = 14, sets = 400
    var generator = SeededGenerator(seed: 8), above = 0, below = 0
    for _ in 0..<sets {
      let shares: [[Bool?]] = (0..<count).map { _ in patients.map { _ in generator.uniform() < 0.95 } }
      // Each share is of rows of its own.
      let apart = shares.indices.map { place in shares.indices.flatMap { $0 == place ? shares[place] : patients.map { _ -> Bool? in nil } } }
      let found = try Proportion.interval(ofMean: apart, patients: (0..<60 * count).map(String.init)).get()
      above += found.lower > 0.95 ? 1 : 0
      below += found.upper < 0.95 ? 1 : 0
    }
    #expect(above + below <= sets * 7 / 100 && max(above, below) <= sets * 45 / 1000, "\(above) \(below)")
    let share: [Bool?] = patients.indices.map { $0 % 5 > 0 }
    let one = try Proportion.interval(share.map { $0 == true }, patients: patients).get()
    for times in [3, 7] {
      let same = try Proportion.interval(ofMean: Array(repeating: share, count: times), patients: patients).get()
      #expect(abs(same.lower - one.lower) < 1e-12 && abs(same.upper - one.upper) < 1e-12)
    }
  }
}
