import Foundation
import Foundations
import Probes
import Testing

@Suite("Nearest neighbors vote as Wu's classifier does")
struct NearestNeighborTests {
  @Test("Probabilities are scikit-learn's", arguments: ProbesGolden.read.neighbors)
  func sameAsScikitLearn(_ golden: ProbesGolden.Neighbors) throws {
    let halves = try Halves(
      golden.features, width: golden.width, golden.labels, trainingCount: golden.trainingCount, isExclusive: golden.isExclusive)
    let head = try NearestNeighbors(halves.training, labels: halves.labels, neighbors: golden.neighbors)
    let found = try head.probabilities(of: halves.others)
    #expect(found.count == golden.probabilities.count)
    for (own, other) in zip(found.flatMap { $0 }, golden.probabilities.flatMap { $0 }) { #expect(abs(own - other) < 1e-12) }
    if golden.isExclusive {
      for row in found {
        let sum: Double = row.reduce(0, +)
        #expect(abs(sum - 1) < 1e-12)
      }
    }
  }

  /// The formula, without anything that makes it quick. Features are whole numbers, whose products float64 holds exactly.
  private func plain(_ training: [[Float]], _ labels: [[Float]], _ query: [Float], k: Int) -> [Double] {
    func length(_ row: [Float]) -> Double { Double(row.map { $0 * $0 }.reduce(0, +)).squareRoot() }
    let similarities = training.map { row -> Double in
      let lengths = length(row) * length(query)
      return lengths > 0 ? Double(zip(row, query).map(*).reduce(0, +)) / lengths : 0
    }
    return labels[0].indices.map { column in
      var left = training.indices.filter { !labels[$0][column].isNaN }, votes = 0.0, total = 0.0
      for _ in 0..<min(k, left.count) {
        let next = left.reduce(left[0]) { similarities[$1] > similarities[$0] ? $1 : $0 }
        left.removeAll { $0 == next }
        votes += exp(similarities[next] / 0.07) * Double(labels[next][column])
        total += exp(similarities[next] / 0.07)
      }
      return votes / total
    }
  }

  @Test("Probabilities equal the formula to the last bit, with ties, unknown labels and features of zeros", arguments: [1, 5, 20, 200])
  func sameAsFormula(_ k: Int) throws {
    var random = (SeedPath(1) / "neighbors" / k).generator()
    func image() -> [Float] { (0..<9).map { _ in Float(random.integer(below: 5)) - 1 } }
    var training = (0..<150).map { _ in image() }
    training[3] = [Float](repeating: 0, count: 9)
    training[17] = training[40]
    let queries = (0..<25).map { _ in image() } + [[Float](repeating: 0, count: 9)]
    let labels = training.map { _ in (0..<3).map { _ in [Float.nan, 0, 0, 1, 1][random.integer(below: 5)] } }
    let known = labels.map { $0.map { $0.isNaN ? 0 : $0 } }
    for labels in [labels, known] {
      let head = try NearestNeighbors(
        FeatureMatrix(training.flatMap { $0 }, width: 9), labels: ProbeLabels(labels, classNames: ["a", "b", "c"], relation: .independent),
        neighbors: k)
      let found = try head.probabilities(of: FeatureMatrix(queries.flatMap { $0 }, width: 9))
      for (query, row) in zip(queries, found) { #expect(row == plain(training, labels, query, k: k)) }
    }
  }

  @Test("Where there are fewer images than neighbors, all vote, and that is said")
  func fewImages() throws {
    let features = try FeatureMatrix([1, 0, 0, 1, 1, 1], width: 2)
    let labels = try ProbeLabels([[1, 0], [0, .nan], [1, 1]], classNames: ["a", "b"], relation: .independent)
    let head = try NearestNeighbors(features, labels: labels)
    #expect(head.neighborCounts == [3, 2])
    #expect(head.remark() == "There are only 2 training images to vote, fewer than the 20 nearest neighbors that were asked for.")
    #expect(try NearestNeighbors(features, labels: labels, neighbors: 2).remark(asked: 2) == nil)
  }

  @Test("What cannot be voted on is refused in a sentence")
  func refusals() throws {
    func message(_ body: () throws -> Void) -> String {
      do { try body() } catch { return sentence(for: error) }
      return "nothing was refused"
    }
    let features = try FeatureMatrix([1, 0, 0, 1], width: 2)
    let labels = try ProbeLabels([[1, .nan], [0, .nan]], classNames: ["effusion", "mass"], relation: .independent)
    #expect(
      message { _ = try NearestNeighbors(features, labels: labels) }
        == "No training image has a known label for “mass”. Leave the class out, or give it labels.")
    #expect(
      message { _ = try FeatureMatrix([1, .nan], width: 2) }
        == "Feature 1 of image 0 is nan. Check the weights with medtransfer weights inspect; a network whose features are no numbers cannot be compared.")
    #expect(
      message { _ = try ProbeLabels([[1, 1]], classNames: ["a", "b"], relation: .exclusive) }
        == "The labels of image 0 are [1.0, 1.0], but its classes exclude each other. Give exactly one class the label 1 and the others 0.")
    let whole = try NearestNeighbors(features, labels: ProbeLabels([[1], [0]], classNames: ["a"], relation: .independent))
    #expect(
      message { _ = try whole.probabilities(of: FeatureMatrix([1, 2, 3], width: 3)) }
        == "These images have 3 features each, those that the head was made of 2. Take the features of one network.")
  }
}
