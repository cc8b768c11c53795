import Containers
import Foundation
import Foundations
import Metrics
import Probes
import RunStore
import Studies

/// A way to answer from features, which nothing of a network is trained for: a type a mode, in one file and one line of the catalog.
protocol FeatureHead: Sendable {
  static var mode: FineTuningMode { get }
  /// Whether the seed draws what the head is made of, so that seeds differ also on given weights.
  static var isDrawnBySeed: Bool { get }

  static func answer(_ question: HeadQuestion) throws -> HeadAnswer
}

extension FeatureHead {
  static var isDrawnBySeed: Bool { false }
}

/// All of them.
enum FeatureHeadCatalog {
  static let all: [any FeatureHead.Type] = [LinearProbeHead.self, NearestNeighborsHead.self, FewShotHead.self]

  /// The head of a mode; nil for modes that train a network.
  static func head(of mode: FineTuningMode) -> (any FeatureHead.Type)? { all.first { $0.mode == mode } }
}

/// The features of the three parts, and the labels of those that a head may see.
struct HeadQuestion: Sendable {
  let training: FeatureMatrix
  let labels: ProbeLabels
  let validation: FeatureMatrix
  let validationLabels: ProbeLabels
  let test: FeatureMatrix
  /// The classes that the task is judged by; nil for all.
  let scoredClasses: [String]?
  /// What a head draws is drawn from.
  let seed: SeedPath
  /// Among which C a linear head is chosen, and how closely its minimum is looked for.
  var strengths = LinearProbe.standardStrengths
  var search = LogisticRegression.Search()
}

/// What a head says: the probability of each class for each image.
struct HeadAnswer {
  let validation: [[Double]]
  let test: [[Double]]
  var linearProbe: ProbeRecord.LinearProbe?
  var nearestNeighbors: ProbeRecord.NearestNeighbors?
  /// What further supports answer, to be judged by whoever has the labels of test images.
  var supports: DrawnSupports?
  /// What the head is, for whoever wants to apply it; empty where it is the training features themselves.
  var coefficients: [NamedArray] = []
  /// What must be said of it, each a sentence.
  var remarks: [String] = []
}
