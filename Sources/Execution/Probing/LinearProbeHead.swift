import Containers
import Foundation
import Probes
import RunStore
import Studies

/// `mode: linearProbe`
enum LinearProbeHead: FeatureHead {
  static let mode = FineTuningMode.linearProbe

  static func answer(_ question: HeadQuestion) throws -> HeadAnswer {
    let probe = try LinearProbe(
      training: question.training, labels: question.labels, validation: question.validation, validationLabels: question.validationLabels,
      scoredClasses: question.scoredClasses, strengths: question.strengths, search: question.search)
    func array(_ name: String, _ values: [Double], _ shape: [Int]) throws -> NamedArray {
      try NamedArray(name: name, elementType: .float64, shape: shape, bytes: values.withUnsafeBytes { Data($0) })
    }
    let candidates = probe.candidates.map {
      ProbeRecord.Candidate(strength: $0.strength, auroc: $0.score, iterations: $0.iterations, isConverged: $0.isConverged)
    }
    return HeadAnswer(
      validation: try probe.probabilities(of: question.validation), test: try probe.probabilities(of: question.test),
      linearProbe: .init(strength: probe.strength, candidates: candidates, oneSidedClasses: probe.oneSidedClasses),
      coefficients: [
        try array("weight", probe.weights, [probe.classNames.count, probe.featureCount]), try array("bias", probe.intercepts, [probe.classNames.count]),
      ], remarks: probe.remarks)
  }
}
