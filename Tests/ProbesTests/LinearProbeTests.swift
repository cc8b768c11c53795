import Foundation
import Foundations
import Metrics
import Probes
import Testing

@Suite("The linear probe is scikit-learn's logistic regression")
struct LinearProbeTests {
  private func halves(_ golden: ProbesGolden.Regression) throws -> Halves {
    try Halves(golden.features, width: golden.width, golden.labels, trainingCount: golden.trainingCount, isExclusive: golden.isExclusive)
  }

  @Test("Coefficients agree to 1e-6, probabilities to 1e-6", arguments: ProbesGolden.read.regressions)
  func coefficients(_ golden: ProbesGolden.Regression) throws {
    let halves = try halves(golden), scaling = golden.isScaled ? FeatureScaling(halves.training) : nil
    let search = LogisticRegression.Search(tolerance: 1e-11)
    let fits =
      golden.isExclusive
      ? [
        try LogisticRegression.multinomial(
          halves.training, targets: halves.labels.rows.map { $0.firstIndex(of: 1) ?? -1 }, classCount: golden.weights.count, scaling: scaling,
          strength: golden.strength, search: search)
      ]
      : try golden.weights.indices.map { column in
        try LogisticRegression.binary(
          halves.training, targets: halves.labels.rows.map { $0[column] }, scaling: scaling, strength: golden.strength, search: search)
      }
    #expect(fits.allSatisfy { $0.isConverged })
    let largest = max(1, golden.weights.flatMap { $0 }.map(abs).max() ?? 0)
    for (own, other) in zip(fits.flatMap(\.weights), golden.weights.flatMap { $0 }) { #expect(abs(own - other) < 1e-6 * largest) }
    for (own, other) in zip(fits.flatMap(\.intercepts), golden.intercepts) { #expect(abs(own - other) < 1e-6 * max(1, abs(other))) }
    #expect(fits.flatMap(\.weights).count == golden.weights.count * golden.width)
  }

  @Test("AUROC agrees to 1e-4, and the folded head says the same probabilities", arguments: ProbesGolden.read.regressions.filter(\.isScaled))
  func areas(_ golden: ProbesGolden.Regression) throws {
    let halves = try halves(golden)
    let probe = try LinearProbe(
      training: halves.training, labels: halves.labels, validation: halves.others, validationLabels: halves.otherLabels,
      strengths: [golden.strength])
    #expect(probe.strength == golden.strength && probe.candidates.count == 1 && probe.remarks.isEmpty)
    let found = try probe.probabilities(of: halves.others)
    for (own, other) in zip(found.flatMap { $0 }, golden.probabilities.flatMap { $0 }) { #expect(abs(own - other) < 1e-6) }
    for (column, wanted) in golden.aurocs.enumerated() {
      let own = areaUnderROC(scores: found.map { $0[column] }, targets: halves.otherLabels.rows.map { $0[column] }).number
      #expect(abs((own ?? -1) - wanted) < 1e-4)
    }
  }

  @Test("An AUROC of unscaled features agrees to 1e-4 too", arguments: ProbesGolden.read.regressions.filter { !$0.isScaled && !$0.isExclusive })
  func unscaledAreas(_ golden: ProbesGolden.Regression) throws {
    let halves = try halves(golden)
    let fit = try LogisticRegression.binary(halves.training, targets: halves.labels.rows.map { $0[0] }, strength: golden.strength)
    let scores = (0..<halves.others.count).map { row in zip(halves.others.row(row), fit.weights).reduce(0) { $0 + Double($1.0) * $1.1 } }
    let own = areaUnderROC(scores: scores, targets: halves.otherLabels.rows.map { $0[0] }).number
    #expect(abs((own ?? -1) - golden.aurocs[0]) < 1e-4)
  }

  @Test("C is the one with the highest macro AUROC on the validation images, and of equal ones the smallest")
  func choosesByValidation() throws {
    let golden = ProbesGolden.read.regressions[4], halves = try halves(golden)
    func probe(_ strengths: [Double]) throws -> LinearProbe {
      try LinearProbe(
        training: halves.training, labels: halves.labels, validation: halves.others, validationLabels: halves.otherLabels, strengths: strengths)
    }
    let whole = try probe(LinearProbe.standardStrengths), scores = whole.candidates.map { $0.score ?? -1 }
    #expect(whole.candidates.map(\.strength) == LinearProbe.standardStrengths && whole.candidates.allSatisfy { $0.isConverged })
    #expect(whole.candidates.first { $0.strength == whole.strength }?.score == scores.max())
    #expect(whole.strength == whole.candidates.first { $0.score == scores.max() }?.strength)
    // The weights at each C do not depend on the rest of the grid.
    #expect(try probe([whole.strength]).weights == whole.weights)
    // The order of two images is the same for both, so their areas are.
    let two = try Halves([-1, 1, 2, 3, -1, 4], width: 1, [[0], [1], [1], [1], [0], [1]], trainingCount: 4, isExclusive: false)
    let tied = try LinearProbe(
      training: two.training, labels: two.labels, validation: two.others, validationLabels: two.otherLabels, strengths: [1, 0.1, 10])
    #expect(tied.candidates.map(\.score) == [1, 1, 1] && tied.strength == 0.1)
    #expect(tied.remarks == ["The chosen C, 0.1, is an end of the grid from 0.1 to 10.0."])
  }

  @Test("A class that all training images say the same of gets one number, and that is said; without labels, and without a choice, it refuses")
  func oneSided() throws {
    let features = try FeatureMatrix([0, 1, 2, 3], width: 1)
    func labels(_ rows: [[Float]]) throws -> ProbeLabels { try ProbeLabels(rows, classNames: ["a", "b"], relation: .independent) }
    let validation = try labels([[0, 0], [1, 0], [0, 0], [1, 0]])
    let probe = try LinearProbe(
      training: features, labels: labels([[0, 0], [0, 0], [1, 0], [1, 0]]), validation: features, validationLabels: validation)
    #expect(probe.oneSidedClasses == ["b"] && probe.weights[1] == 0)
    #expect(try probe.probabilities(of: features).allSatisfy { abs($0[1] - 1.0 / 6) < 1e-15 })
    #expect(probe.remarks.contains("All training images have the same label for b, so the linear probe says one number for it."))
    #expect(throws: ProbesError.self) {
      try LinearProbe(
        training: features, labels: labels([[0, .nan], [0, .nan], [1, .nan], [1, .nan]]), validation: features, validationLabels: validation)
    }
    #expect {
      try LinearProbe(
        training: features, labels: labels([[0, 0], [0, 1], [1, 0], [1, 1]]), validation: features,
        validationLabels: labels([[0, 0], [0, 0], [0, 0], [0, 0]]))
    } throws: {
      sentence(for: $0).hasPrefix(
        "The strength of the regularization cannot be chosen on the validation images: the AUROC is undefined for every class.")
    }
  }

  @Test("A fit that is stopped early says that it has not converged")
  func stoppedEarly() throws {
    let golden = ProbesGolden.read.regressions[0], halves = try halves(golden)
    let fit = try LogisticRegression.binary(
      halves.training, targets: halves.labels.rows.map { $0[0] }, strength: 100, search: .init(tolerance: 1e-12, maximumIterations: 3))
    #expect(fit.iterations == 3 && !fit.isConverged && fit.gradientNorm > 1e-12)
  }
}
