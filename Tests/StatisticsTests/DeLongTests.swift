import Foundation
import Foundations
import Testing

@testable import Statistics

@Suite("DeLong")
struct DeLongTests {
  /// Scores of two models that agree in part, with ties, and labels.
  private func samples(_ count: Int, seed: UInt64) -> (scores: [[Double]], isPositive: [Bool]) {
    var generator = SeededGenerator(seed: seed)
    var isPositive = (0..<count).map { _ in generator.uniform() < 0.3 }
    for index in 0..<4 { isPositive[index] = index < 2 }
    let shared = normals(count, &generator)
    let scores = (0..<2).map { _ in
      (0..<count).map { ((shared[$0] + generator.normal() + (isPositive[$0] ? 1 : 0)) * 4).rounded() / 4 }
    }
    return (scores, isPositive)
  }

  /// The definition, over all pairs of a positive and a negative sample: U-statistic components and their covariance.
  private func reference(_ scores: [[Double]], _ isPositive: [Bool]) -> (aurocs: [Double], covariance: [[Double]]) {
    let positives = isPositive.indices.filter { isPositive[$0] }, negatives = isPositive.indices.filter { !isPositive[$0] }
    func kernel(_ column: [Double], _ positive: Int, _ negative: Int) -> Double {
      column[positive] > column[negative] ? 1 : column[positive] == column[negative] ? 0.5 : 0
    }
    let ofPositives = scores.map { column in
      positives.map { p in negatives.reduce(0) { $0 + kernel(column, p, $1) } / Double(negatives.count) }
    }
    let ofNegatives = scores.map { column in
      negatives.map { n in positives.reduce(0) { $0 + kernel(column, $1, n) } / Double(positives.count) }
    }
    func covariance(_ a: [Double], _ b: [Double]) -> Double {
      let (meanA, meanB) = (a.reduce(0, +) / Double(a.count), b.reduce(0, +) / Double(b.count))
      return zip(a, b).reduce(0) { $0 + ($1.0 - meanA) * ($1.1 - meanB) } / Double(a.count - 1)
    }
    let matrix = scores.indices.map { a in
      scores.indices.map { b in
        covariance(ofPositives[a], ofPositives[b]) / Double(positives.count)
          + covariance(ofNegatives[a], ofNegatives[b]) / Double(negatives.count)
      }
    }
    return (ofPositives.map { $0.reduce(0, +) / Double($0.count) }, matrix)
  }

  @Test("AUROC and covariance are the definition's over all pairs, ties included", arguments: [4, 7, 30, 150])
  func agreesWithTheDefinition(count: Int) throws {
    for seed in UInt64(0)..<5 {
      let (scores, isPositive) = samples(count, seed: seed)
      let ours = try #require(DeLong.make(scores: scores, isPositive: isPositive).known)
      let expected = reference(scores, isPositive)
      for a in 0..<2 {
        #expect(agrees(ours.aurocs[a], expected.aurocs[a], within: 1e-12))
        for b in 0..<2 { #expect(abs(ours.covariance[a][b] - expected.covariance[a][b]) < 1e-13) }
      }
      let variance = expected.covariance[0][0] + expected.covariance[1][1] - 2 * expected.covariance[0][1]
      if variance > 1e-9 {
        let z = (expected.aurocs[0] - expected.aurocs[1]) / variance.squareRoot()
        let result = ours.compare()
        #expect(abs((result.statistic.known ?? .infinity) - z) < 1e-9 * max(1, abs(z)))
        #expect(agrees(result.p, erfc(abs(z) / 2.0.squareRoot()), within: 1e-8))
      }
    }
  }

  @Test("Any growing map of the scores changes nothing; negated scores give 1 − AUROC and the same variance")
  func laws() throws {
    let (scores, isPositive) = samples(120, seed: 11)
    let plain = try #require(DeLong.make(scores: scores, isPositive: isPositive).known)
    #expect(DeLong.make(scores: scores.map { $0.map { exp($0) * 3 - 1 } }, isPositive: isPositive).known == plain)
    let negated = try #require(DeLong.make(scores: scores.map { $0.map { -$0 } }, isPositive: isPositive).known)
    for index in 0..<2 {
      #expect(abs(negated.aurocs[index] - (1 - plain.aurocs[index])) < 1e-15)
      #expect(agrees(negated.covariance[index][index], plain.covariance[index][index], within: 1e-12))
    }
    #expect(agrees(plain.compare(0, 1, alternative: .less).p, try #require(plain.compare(1, 0, alternative: .greater).p.known)))
  }

  @Test("Patients of one sample each change nothing; repeating every sample as the same patient keeps the variance")
  func clusters() throws {
    let (scores, isPositive) = samples(90, seed: 12)
    let plain = try #require(DeLong.make(scores: scores, isPositive: isPositive).known)
    let single = try #require(DeLong.make(scores: scores, isPositive: isPositive, clusters: Array(0..<90)).known)
    let doubled = try #require(
      DeLong.make(scores: scores.map { $0 + $0 }, isPositive: isPositive + isPositive, clusters: Array(0..<90) + Array(0..<90)).known)
    for a in 0..<2 {
      for b in 0..<2 {
        #expect(agrees(single.covariance[a][b], plain.covariance[a][b], within: 1e-12))
        #expect(agrees(doubled.covariance[a][b], plain.covariance[a][b], within: 1e-12))
      }
    }
    #expect(doubled.clusterCount == 90)
    let blind = try #require(DeLong.make(scores: scores.map { $0 + $0 }, isPositive: isPositive + isPositive).known)
    #expect(blind.covariance[0][0] < 0.6 * plain.covariance[0][0])
  }

  @Test("Clustered variance is Obuchowski's sums over patients, mixed patients included")
  func obuchowski() throws {
    let (scores, isPositive) = samples(60, seed: 13)
    let clusters = (0..<60).map { $0 % 17 }
    let ours = try #require(DeLong.make(scores: scores, isPositive: isPositive, clusters: clusters).known)
    let column = scores[0]
    let m = Double(isPositive.count { $0 }), n = 60 - m
    var positive = [Double](repeating: 0, count: 17), negative = positive, positives = positive, negatives = positive
    for i in 0..<60 {
      for j in 0..<60 where isPositive[i] && !isPositive[j] {
        let kernel = column[i] > column[j] ? 1 : column[i] == column[j] ? 0.5 : 0.0
        positive[clusters[i]] += kernel / n
        negative[clusters[j]] += kernel / m
      }
      if isPositive[i] { positives[clusters[i]] += 1 } else { negatives[clusters[i]] += 1 }
    }
    let θ = positive.reduce(0, +) / m
    func count(_ x: [Double]) -> Double { Double(x.count { $0 > 0 }) }
    var s10 = 0.0, s01 = 0.0, s11 = 0.0
    for c in 0..<17 {
      s10 += pow(positive[c] - positives[c] * θ, 2)
      s01 += pow(negative[c] - negatives[c] * θ, 2)
      s11 += (positive[c] - positives[c] * θ) * (negative[c] - negatives[c] * θ)
    }
    s10 *= count(positives) / ((count(positives) - 1) * m)
    s01 *= count(negatives) / ((count(negatives) - 1) * n)
    s11 *= 17.0 / 16
    #expect(agrees(ours.covariance[0][0], s10 / m + s01 / n + 2 * s11 / (m * n), within: 1e-12))
  }

  @Test("Intervals stay in 0...1, and the logit's lies inside where the linear one is cut")
  func intervals() throws {
    let scores = [0.1, 0.2, 0.3, 0.35, 0.5, 0.6, 0.7, 0.8], isPositive = [false, false, false, true, false, true, true, true]
    let delong = try #require(DeLong.make(scores: [scores], isPositive: isPositive).known)
    let linear = try #require(delong.estimate().interval.known)
    let logit = try #require(delong.estimate(scale: .logit).interval.known)
    #expect(linear.upper == 1)
    #expect(logit.upper < 1 && logit.lower > 0 && logit.contains(delong.aurocs[0]))
  }

  @Test("Perfect separation, equal orders, too few samples and bad scores are not available, with the reason")
  func notAvailable() throws {
    let perfect = try #require(DeLong.make(scores: [[1, 2, 3, 4]], isPositive: [false, false, true, true]).known)
    #expect(perfect.estimate().value == .value(1))
    #expect(perfect.estimate().interval.reason == "the AUROC of 1.0 has a variance of 0")
    let (scores, isPositive) = samples(40, seed: 1)
    let same = try #require(DeLong.make(scores: [scores[0], scores[0].map { 2 * $0 }], isPositive: isPositive).known)
    #expect(same.compare().p.reason == "the difference of the AUROCs has a variance of 0")
    #expect(DeLong.make(scores: [[1, 2]], isPositive: [true, true]).reason == "no negative sample")
    #expect(DeLong.make(scores: [[1, 2]], isPositive: [false, false]).reason == "no positive sample")
    #expect(DeLong.make(scores: [[1, 2, 3]], isPositive: [true, false, false]).known == nil)
    #expect(DeLong.make(scores: [[1, .nan]], isPositive: [true, false]).reason == "the score of sample 1 is not a number")
    #expect(DeLong.make(scores: [[1]], isPositive: [true, false]).reason == "there are 1 scores but 2 labels")
    #expect(
      DeLong.make(scores: [[1, 2, 3, 4]], isPositive: [false, true, false, true], clusters: [0, 0, 0, 0]).reason
        == "the variance of an AUROC needs two patients with positive and two with negative samples")
  }

  @Test("Counts do not overflow and time grows as n log n: 200 000 samples in any build")
  func large() throws {
    var generator = SeededGenerator(seed: 3)
    let count = 200_000
    let isPositive = (0..<count).map { _ in generator.uniform() < 0.5 }
    let scores = isPositive.map { generator.uniform() + ($0 ? 0.2 : 0) }
    let start = ContinuousClock.now
    let delong = try #require(DeLong.make(scores: [scores], isPositive: isPositive).known)
    #expect(ContinuousClock.now - start < .seconds(20))
    // P(U + 0.2 > U') = 1 − 0.8²/2 = 0.68
    #expect(abs(delong.aurocs[0] - 0.68) < 0.005)
    #expect(try #require(delong.estimate().interval.known).width < 0.01)
  }
}
