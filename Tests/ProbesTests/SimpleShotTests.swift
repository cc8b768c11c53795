import Foundation
import Foundations
import Probes
import Testing

@Suite("SimpleShot compares with centroids of centered features of unit length")
struct SimpleShotTests {
  @Test("Scores are minus numpy's distances")
  func sameAsNumpy() throws {
    let golden = ProbesGolden.read.centroids
    let halves = try Halves(golden.features, width: golden.width, golden.labels, trainingCount: golden.trainingCount, isExclusive: true)
    let head = try SimpleShot(halves.training, labels: halves.labels)
    let found = try head.scores(of: halves.others, support: SimpleShot.Support(present: golden.support))
    for (own, other) in zip(found.flatMap { $0 }, golden.distances.flatMap { $0 }) { #expect(abs(own + other) < 1e-12) }
  }

  @Test("Supports have as many images of each class as asked for, follow from the seed, and grow by one image")
  func supports() throws {
    let golden = ProbesGolden.read.centroids
    let halves = try Halves(golden.features, width: golden.width, golden.labels, trainingCount: golden.trainingCount, isExclusive: true)
    let head = try SimpleShot(halves.training, labels: halves.labels)
    let seed = SeedPath(1) / "fewShot"
    for draw in 0..<20 {
      let four = try head.support(shots: 4, draw: draw, seed: seed), two = try head.support(shots: 2, draw: draw, seed: seed)
      #expect(four.present.map { Array($0.prefix(2)) } == two.present && four.absent.isEmpty)
      for (column, images) in four.present.enumerated() {
        #expect(Set(images).count == 4 && images.allSatisfy { halves.labels.rows[$0][column] == 1 })
      }
    }
    let drawn = try (0..<20).map { try head.support(shots: 4, draw: $0, seed: seed).present }
    #expect(Set(drawn).count > 15)
    #expect(throws: ProbesError.self) { try head.support(shots: 1000, draw: 0, seed: seed) }
  }

  @Test("An independent class has a support without it too, and the score is the same from either side")
  func independent() throws {
    let features = try FeatureMatrix([-3, 1, -1, 1, 1, 1, 3, 1], width: 2)
    let labels = try ProbeLabels([[0], [0], [1], [1]], classNames: ["a"], relation: .independent)
    let head = try SimpleShot(features, labels: labels), support = try head.support(shots: 2, draw: 0, seed: SeedPath(1))
    #expect(support.present.map(Set.init) == [[2, 3]] && support.absent.map(Set.init) == [[0, 1]])
    let scores = try head.scores(of: features, support: support).map { $0[0] }
    #expect(scores[0] < 0 && scores[3] > 0 && abs(scores[0] + scores[3]) < 1e-12)
  }

  @Test("Sizes are those that every class has images for; numbers in 0…1 keep the scores' order and the decision; a class without images is refused")
  func sizesAndProbabilities() throws {
    let features = try FeatureMatrix([-3, 1, -1, 1, 0, 2, 1, 1, 3, 1], width: 2)
    let labels = try ProbeLabels([[0], [0], [0], [1], [1]], classNames: ["a"], relation: .independent)
    let head = try SimpleShot(features, labels: labels), support = try head.support(shots: 2, draw: 0, seed: SeedPath(1))
    #expect(try head.shots() == [1, 2])
    let scores = try head.scores(of: features, support: support).map { $0[0] }
    let numbers = head.probabilities(of: try head.queries(features), support: support).map { $0[0] }
    for (score, number) in zip(scores, numbers) {
      #expect(number > 0 && number < 1)
      #expect((score > 0) == (number > 0.5))
    }
    let byScore = scores.indices.sorted { scores[$0] < scores[$1] }, byNumber = numbers.indices.sorted { numbers[$0] < numbers[$1] }
    #expect(byScore == byNumber)
    let exclusive = try SimpleShot(features, labels: ProbeLabels([[1, 0], [1, 0], [1, 0], [0, 1], [0, 1]], classNames: ["a", "b"], relation: .exclusive))
    let rows = exclusive.probabilities(of: try exclusive.queries(features), support: try exclusive.support(shots: 2, draw: 0, seed: SeedPath(1)))
    for row in rows {
      let sum: Double = row[0] + row[1]
      #expect(abs(sum - 1) < 1e-12)
    }
    #expect(rows[0][0] > 0.5)
    #expect(rows[4][1] > 0.5)
    let without = try SimpleShot(features, labels: ProbeLabels([[0], [0], [0], [0], [0]], classNames: ["a"], relation: .independent))
    #expect(throws: ProbesError.self) { try without.shots() }
  }
}
