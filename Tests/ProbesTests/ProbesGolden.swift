import Foundation
import Probes

/// What scikit-learn says of heads on features, from Tools/goldens/probes.py.
struct ProbesGolden: Decodable {
  struct Regression: Decodable, CustomStringConvertible {
    let name: String
    let width: Int
    let isExclusive: Bool
    let isScaled: Bool
    let strength: Double
    let features: [Float]
    let labels: [[Float]]
    let trainingCount: Int
    let weights: [[Double]]
    let intercepts: [Double]
    let probabilities: [[Double]]
    let aurocs: [Double]
    var description: String { name }
  }

  struct Neighbors: Decodable, CustomStringConvertible {
    let name: String
    let width: Int
    let isExclusive: Bool
    let neighbors: Int
    let features: [Float]
    let labels: [[Float]]
    let trainingCount: Int
    let probabilities: [[Double]]
    var description: String { name }
  }

  struct Centroids: Decodable {
    let width: Int
    let features: [Float]
    let labels: [[Float]]
    let trainingCount: Int
    let support: [[Int]]
    let distances: [[Double]]
  }

  let regressions: [Regression]
  let neighbors: [Neighbors]
  let centroids: Centroids

  static let read: ProbesGolden = {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens/probes.json")
    do {
      return try JSONDecoder().decode(ProbesGolden.self, from: Data(contentsOf: url))
    } catch {
      preconditionFailure("\(url.lastPathComponent): \(error)")
    }
  }()
}

/// The features of training images and of others, with the training images' labels.
struct Halves {
  let training: FeatureMatrix
  let others: FeatureMatrix
  let labels: ProbeLabels
  let otherLabels: ProbeLabels

  init(_ features: [Float], width: Int, _ labels: [[Float]], trainingCount: Int, isExclusive: Bool) throws {
    let all = try FeatureMatrix(features, width: width), names = labels[0].indices.map { "class \($0)" }
    let relation: ClassRelation = isExclusive ? .exclusive : .independent
    training = all.rows(0..<trainingCount)
    others = all.rows(trainingCount..<all.count)
    self.labels = try ProbeLabels(Array(labels[..<trainingCount]), classNames: names, relation: relation)
    otherLabels = try ProbeLabels(Array(labels[trainingCount...]), classNames: names, relation: relation)
  }
}
