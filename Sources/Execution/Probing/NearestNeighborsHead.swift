import Probes
import RunStore
import Studies

/// `mode: kNN`
enum NearestNeighborsHead: FeatureHead {
  static let mode = FineTuningMode.kNN

  static func answer(_ question: HeadQuestion) throws -> HeadAnswer {
    let head = try NearestNeighbors(question.training, labels: question.labels)
    return HeadAnswer(
      validation: try head.probabilities(of: question.validation), test: try head.probabilities(of: question.test),
      nearestNeighbors: .init(asked: NearestNeighbors.standardCount, neighbors: head.neighborCounts, temperature: head.temperature),
      remarks: head.remark().map { [$0] } ?? [])
  }
}
