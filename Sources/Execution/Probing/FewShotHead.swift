import Datasets
import Foundations
import Metrics
import Probes
import RunStore
import Studies

/// `mode: fewShot`
enum FewShotHead: FeatureHead {
  static let mode = FineTuningMode.fewShot
  static let isDrawnBySeed = true

  static func answer(_ question: HeadQuestion) throws -> HeadAnswer {
    let head = try SimpleShot(question.training, labels: question.labels), shots = try head.shots(), most = shots.last ?? 1
    let seed = question.seed / "fewShot", test = try head.queries(question.test)
    let first = try head.support(shots: most, draw: 0, seed: seed)
    let remarks =
      shots.count == SimpleShot.standardShots.count
      ? [] : ["a class has fewer than \(SimpleShot.standardShots[shots.count]) training images with or without it, so supports have \(most) a class at most"]
    return HeadAnswer(
      validation: head.probabilities(of: try head.queries(question.validation), support: first), test: head.probabilities(of: test, support: first),
      supports: DrawnSupports(shots: shots, count: SimpleShot.standardDraws) { shots, draw in
        head.probabilities(of: test, support: try head.support(shots: shots, draw: draw, seed: seed))
      }, remarks: remarks)
  }
}

/// What supports of several sizes, drawn again and again, answer for the test images.
struct DrawnSupports: Sendable {
  /// Images a class.
  let shots: [Int]
  /// Draws of each size.
  let count: Int
  /// `[images][classes]`
  let answer: @Sendable (_ shots: Int, _ draw: Int) throws -> [[Double]]

  /// Each draw judged by the labels of the test images.
  func judged(_ predictions: @Sendable ([[Double]]) -> Predictions, relation: ClassRelation) throws -> ProbeRecord.FewShot {
    let measured = try shots.map { shots -> ProbeRecord.FewShot.Shots in
      let draws = try concurrentMap(count) { draw in
        Result { () throws -> (auroc: Double?, accuracy: Double?) in
          let found = predictions(try answer(shots, draw)).scored
          return (found.metrics([.aurocMacro]).value(of: .aurocMacro)?.number, found.centroidAccuracy(relation))
        }
      }.map { try $0.get() }
      return .init(images: shots, auroc: draws.map(\.auroc), accuracy: draws.map(\.accuracy))
    }
    return ProbeRecord.FewShot(ofPredictions: shots.last ?? 1, shots: measured)
  }
}

extension Predictions {
  /// The share of decisions by the nearest centroid that are right, among those whose truth is known; nil where none is.
  fileprivate func centroidAccuracy(_ relation: ClassRelation) -> Double? {
    guard case .classification(let all) = self else { return nil }
    func share(_ decisions: [Bool]) -> Double? { decisions.isEmpty ? nil : Double(decisions.count { $0 }) / Double(decisions.count) }
    switch relation {
    case .exclusive:
      return share(
        all.rows.compactMap { row in
          guard let truth = row.targets.firstIndex(of: 1), let most = row.probabilities.max() else { return nil }
          return row.probabilities[truth] == most
        })
    case .independent:
      let classes = all.classNames.indices.compactMap { column in
        share(all.rows.compactMap { $0.targets[column].isNaN ? nil : ($0.probabilities[column] >= 0.5) == ($0.targets[column] >= 0.5) })
      }
      return classes.isEmpty ? nil : classes.reduce(0, +) / Double(classes.count)
    }
  }
}
