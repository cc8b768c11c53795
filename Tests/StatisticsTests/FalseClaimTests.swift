import Foundations
import Testing

@testable import Statistics

@Suite("The probability that a claim of superiority is false")
struct FalseClaimTests {
  struct Accuracies: Decodable {
    let imageCount: Double
    let first: Double
    let second: Double
    let congruence: Double
    let p: Double
  }
  struct Means: Decodable {
    let first: [Double]
    let second: [Double]
    let correlation: Double
    let p: Double
  }
  struct Tail: Decodable {
    let a: Double
    let b: Double
    let x: Double
    let lower: Double
    let upper: Double
  }
  struct Quantile: Decodable {
    let a: Double
    let b: Double
    let upper: Double
    let x: Double
  }
  struct File: Decodable {
    let accuracies: [Accuracies]
    let means: [Means]
    let beta: [Tail]
    let quantiles: [Quantile]
  }

  private let file: File

  init() throws { file = try golden("claims.json") }

  @Test("Of two accuracies it is SciPy's incomplete beta function at a half, to 1e-10, for whole and broken numbers of images")
  func accuracies() {
    #expect(file.accuracies.count == 7)
    for one in file.accuracies {
      let p = FalseClaim.ofAccuracies(imageCount: one.imageCount, first: one.first, second: one.second, congruence: one.congruence)
      #expect(agrees(p, one.p, within: 1e-10), "\(one)")
    }
    // 85 against 83 of a hundred, 80 of them right by both: one claim in four is false.
    #expect(agrees(file.accuracies[0].p, 0.2539, within: 1e-3))
  }

  @Test("Of two means it is SciPy's one-sided p of the paired t-test, to 1e-10, from the spreads and the correlation or from the pairs")
  func means() throws {
    #expect(file.means.count == 5)
    for one in file.means {
      #expect(agrees(FalseClaim.ofMeans(Summary(one.first), Summary(one.second), correlation: one.correlation), one.p, within: 1e-10))
      let differences = zip(one.first, one.second).map { $0 - $1 }
      let patients = try PatientDeviations.ofMean(differences).get(), mean = try Summary(differences).mean.get()
      #expect(agrees(FalseClaim.ofDifference(mean, over: patients), one.p, within: 1e-10))
    }
  }

  @Test("Who wins says nothing about n = 5: two equal networks but for one image found entirely give 0.19")
  func oneImage() throws {
    // Five images, Dice 0.90 each; the other network finds one of them entirely.
    let p = try FalseClaim.ofDifference(0.02, over: PatientDeviations.ofMean([0.1, 0, 0, 0, 0]).get()).get()
    #expect(abs(p - 0.18695) < 1e-5)
  }

  @Test("Claims of A over B and of B over A add up to 1; with equal accuracies each is a half")
  func complement() throws {
    let (one, other) = (
      try FalseClaim.ofAccuracies(imageCount: 80, first: 0.9, second: 0.8, congruence: 0.75).get(),
      try FalseClaim.ofAccuracies(imageCount: 80, first: 0.8, second: 0.9, congruence: 0.75).get()
    )
    #expect(abs(one + other - 1) < 1e-14 && one < 0.05)
    #expect(agrees(FalseClaim.ofAccuracies(imageCount: 80, first: 0.8, second: 0.8, congruence: 0.7), 0.5, within: 1e-14))
  }

  @Test("Where congruence or correlation is not known, the range holds every value of it")
  func ranges() throws {
    let range = try FalseClaim.ofAccuracies(imageCount: 60, first: 0.85, second: 0.8).get()
    for congruence in stride(from: 0.65, through: 0.8, by: 0.01) {
      let p = try FalseClaim.ofAccuracies(imageCount: 60, first: 0.85, second: 0.8, congruence: congruence).get()
      #expect(p >= range.lowerBound * (1 - 1e-9) && p <= range.upperBound * (1 + 1e-9))
    }
    let (a, b) = (Summary(count: 30, mean: 0.82, standardDeviation: 0.1), Summary(count: 30, mean: 0.8, standardDeviation: 0.12))
    let ofMeans = try FalseClaim.ofMeans(a, b).get()
    for correlation in stride(from: 0.0, through: 1, by: 0.1) {
      let p = try FalseClaim.ofMeans(a, b, correlation: correlation).get()
      #expect(p >= ofMeans.lowerBound * (1 - 1e-9) && p <= ofMeans.upperBound * (1 + 1e-9))
    }
    let alike = Summary(count: 30, mean: 0.8, standardDeviation: 0.1)
    #expect(try FalseClaim.ofMeans(Summary(count: 30, mean: 0.82, standardDeviation: 0.1), alike).get().lowerBound == 0)
  }

  @Test("What cannot be says why")
  func refused() {
    #expect(
      FalseClaim.ofAccuracies(imageCount: 10, first: 0.9, second: 0.8, congruence: 0.6).reason
        == "accuracies of 0.9 and 0.8 cannot both be right on a share of 0.6: it lies between 0.7000000000000002 and 0.8")
    #expect(FalseClaim.ofAccuracies(imageCount: 0, first: 0.9, second: 0.8, congruence: 0.75).reason == "0.0 images show nothing")
    #expect(FalseClaim.ofAccuracies(imageCount: 9, first: 90, second: 0.8, congruence: 0.75).reason == "the accuracy 90.0 is not between 0 and 1")
    let one = Summary(count: 5, mean: 0.5, standardDeviation: 0.1)
    #expect(FalseClaim.ofMeans(one, one, correlation: 1).reason == "all images differ alike")
    #expect(FalseClaim.ofMeans(one, Summary(count: 6, mean: 0.5, standardDeviation: 0.1), correlation: 0).reason == "one mean is of 5 images and the other of 6")
  }

  @Test("The beta distribution's tails and quantiles are SciPy's to 1e-10")
  func beta() {
    #expect(file.beta.count == 20 && file.quantiles.count == 12)
    for tail in file.beta {
      #expect(agrees(Beta(tail.a, tail.b).lowerTail(tail.x), tail.lower, within: 1e-10), "\(tail)")
      #expect(agrees(Beta(tail.a, tail.b).upperTail(tail.x), tail.upper, within: 1e-10), "\(tail)")
    }
    for quantile in file.quantiles { #expect(agrees(Beta(quantile.a, quantile.b).upperQuantile(quantile.upper), quantile.x, within: 1e-10)) }
    #expect(Beta(2, 3).lowerTail(-1) == .value(0) && Beta(2, 3).upperTail(1) == .value(0) && Beta(0, 1).lowerTail(0.5).reason != nil)
  }
}
