import Foundation
import Foundations
import NeuralNetworks
import Testing
import Torch
import Training

@testable import Pretraining

@Suite("Collapse is seen and named", .serialized)
struct CollapseTests {
  /// A method as it is, made otherwise.
  private func variant(
    _ method: PretrainingMethod, _ make: @escaping @Sendable (MethodMaterials) throws -> any SelfSupervisedMethod
  ) -> PretrainingMethod {
    PretrainingMethod(
      method.id, method.title, paper: method.paper, views: method.views, optimization: method.optimization, settings: method.settings,
      remedies: method.remedies, bounds: method.bounds, make: make)
  }

  /// So many images of as many kinds as said, in 4 steps an epoch with a check after every second.
  private func train(
    _ method: PretrainingMethod, images: Int = 32, kinds: Int, noise: Double, epochs: Int, _ overrides: [String: Double]
  ) throws -> MemoryOfRun {
    var training = try TinyTraining(method, sampleCount: images, batchSize: images / 4, classes: kinds, noise: noise)
    training.epochs = epochs
    training.overrides.merge(overrides) { _, new in new }
    training.monitor = CollapseMonitor(images: training.source.plain, interval: 2)
    let recorder = MemoryOfRun(saves: false)
    try TrainingLoop(training.make(), recorder: recorder).train()
    return recorder
  }

  private static let simSiam = ["learningRate": 1.0], byol = ["learningRate": 20, "momentum": 0.9]
  private static let swav = ["learningRate": 6.0, "finalLearningRate": 6]

  @Test("SimSiam without the stop-gradient is stopped, and told to keep it; with it, it is not")
  func simSiam() throws {
    let error = #expect(throws: PretrainingError.self) {
      try train(variant(.simSiam) { try SimpleSiamese($0, stopsGradient: false) }, images: 64, kinds: 64, noise: 1, epochs: 20, Self.simSiam)
    }
    #expect(error?.kind == .collapse)
    #expect(error?.problem.contains("the training by SimSiam shows, in 3 checks in a row, collapse of dimensions") == true, "\(error?.problem ?? "")")
    #expect(error?.remedy.hasPrefix("Keep the stop-gradient") == true)
    #expect(try train(.simSiam, images: 64, kinds: 64, noise: 1, epochs: 6, Self.simSiam).epochs.count == 6)
  }

  @Test("BYOL without its predictor is stopped, and told to keep it; with it, it is not")
  func byol() throws {
    let error = #expect(throws: PretrainingError.self) {
      try train(variant(.byol) { try BootstrapYourOwnLatent($0, hasPredictor: false) }, kinds: 32, noise: 1, epochs: 20, Self.byol)
    }
    #expect(error?.kind == .collapse && error?.problem.contains("BYOL") == true)
    #expect(error?.problem.contains("collapse to a point") == true || error?.problem.contains("collapse of dimensions") == true)
    #expect(error?.remedy == PretrainingMethod.byol.remedies[.point] || error?.remedy == PretrainingMethod.byol.remedies[.dimension])
    #expect(try train(.byol, kinds: 32, noise: 1, epochs: 7, Self.byol).epochs.count == 7)
  }

  @Test("SwAV with an epsilon of 1 is stopped, and told the published one; with that, it is not")
  func swav() throws {
    let error = #expect(throws: PretrainingError.self) {
      try train(.swav, kinds: 4, noise: 0.3, epochs: 20, Self.swav.merging(["epsilon": 1]) { _, new in new })
    }
    #expect(error?.problem.contains("collapse to uniform codes: every image has all prototypes alike") == true, "\(error?.problem ?? "")")
    #expect(error?.remedy.hasPrefix("Set epsilon to 0.03 to 0.05") == true)
    #expect(try train(.swav, kinds: 4, noise: 0.3, epochs: 7, Self.swav).epochs.count == 7)
  }

  @Test("Three checks in a row are collapse, two and one apart are not, and spread and rank count against the first check")
  func watch() {
    func measures(rank: Double = 20, spread: Double = 1, sharpness: Double? = nil, diversity: Double? = nil) -> CollapseMeasures {
      CollapseMeasures(spread: spread, effectiveRank: rank, codeSharpness: sharpness, codeDiversity: diversity, gradientNorm: 1)
    }
    var watch = CollapseWatch()
    let bounds = CollapseBounds()
    var found = [40.0, 3.9, 3.9, 4.1, 3.9, 3.9].map { watch.note(measures(rank: $0), bounds: bounds) }
    #expect(found.allSatisfy { $0 == nil })
    #expect(watch.note(measures(rank: 3.9), bounds: bounds) == .dimension)
    // A rank that was low from the beginning is not a fallen one.
    var low = CollapseWatch()
    found = [3, 3, 3, 3].map { low.note(measures(rank: $0), bounds: bounds) }
    #expect(found.allSatisfy { $0 == nil })
    for (sample, kind) in [
      (measures(spread: 0.001), CollapseKind.point), (measures(rank: 1.2), .dimension), (measures(sharpness: 0.001, diversity: 3), .uniformCodes),
      (measures(sharpness: 3, diversity: 0.001), .oneCode),
    ] {
      var watch = CollapseWatch()
      #expect([measures(sharpness: 1, diversity: 1), sample, sample, sample].map { watch.note($0, bounds: bounds) } == [nil, nil, nil, kind])
    }
    // Images that are much alike from the beginning, and are being told apart.
    var alike = CollapseWatch()
    found = [0.004, 0.003, 0.003, 0.005, 0.01].map { alike.note(measures(rank: 1.2, spread: $0), bounds: bounds) }
    #expect(found.allSatisfy { $0 == nil })
  }

  @Test("Measures of made-up embeddings are those of the formulas")
  func measures() throws {
    // Four points on the axes of a plane: the deviation of each number is 1/√2, and both directions count alike.
    let axes = try Tensor([1, 0, 0, 1, -1, 0, 0, -1] as [Double], shape: [4, 2])
    let even = try CollapseMeasures(Inspection(embedding: axes, codes: Tensor.full([4, 8], value: 0.125, type: .float64)))
    #expect(abs(even.spread - 1) < 1e-12 && abs(even.effectiveRank - 2) < 1e-5)
    #expect(abs(try #require(even.codeSharpness)) < 1e-12)
    #expect(abs(try #require(even.codeDiversity) - log(8)) < 1e-12)
    let one = try CollapseMeasures(
      Inspection(embedding: Tensor.ones([4, 2], type: .float64), codes: Tensor([1, 0, 1, 0] as [Double], shape: [2, 2])), gradientNorm: .scalar(2))
    #expect(one.spread < 1e-12 && abs(one.effectiveRank - 1) < 1e-3 && one.gradientNorm == 2)
    #expect(abs(try #require(one.codeSharpness) - log(2)) < 1e-12)
    #expect(one.codeDiversity == 0)
  }

  @Test("Watched or not, a training makes the same steps")
  func changesNothing() throws {
    var training = try TinyTraining(.dino)
    let plain = MemoryOfRun(saves: false), watched = MemoryOfRun(saves: false)
    try TrainingLoop(training.make(), recorder: plain).train()
    training.monitor = CollapseMonitor(images: training.source.plain, interval: 1)
    try TrainingLoop(training.make(), recorder: watched).train()
    #expect(plain.steps == watched.steps)
  }
}
