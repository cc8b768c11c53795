import Foundation
import Testing
import Torch
@testable import Training

@testable import Pretraining

@Suite("calibration") struct Calibration {
  @Test func measures() throws {
    func show(_ method: PretrainingMethod, _ name: String, _ overrides: [String: Double] = [:], epochs: Int = 10, noise: Double = 0.5) throws {
      var training = try TinyTraining(method, sampleCount: 64, batchSize: 16, classes: 64, noise: noise)
      training.epochs = epochs
      for (k, v) in overrides { training.overrides[k] = v }
      var bounds = CollapseBounds()
      bounds.checks = 1000
      training.monitor = CollapseMonitor(images: training.source.plain, interval: 4, bounds: bounds)
      let start = Date()
      let procedure = try training.make()
      var position = 0
      var line = "\(name) "
      for epoch in 1...training.epochs {
        let batches = try procedure.batches(ofEpoch: epoch, after: 0)
        while let batch = try batches.next() {
          position += 1
          let loss = try procedure.step(on: [batch], at: TrainingPosition(epoch: epoch, step: position)).item()
          if position % 4 == 0, epoch == 1 || epoch % (epochs / 4) == 0, let m = procedure.progress.watch.latest {
            line += String(format: "| %.3f s%.3f r%.2f q%.3f d%.3f g%.4f ", loss, m.spread, m.effectiveRank, m.codeSharpness ?? -1, m.codeDiversity ?? -1, m.gradientNorm ?? -1)
          }
        }
      }
      print(line, String(format: "%.1fs", Date().timeIntervalSince(start)))
    }
    func variant(_ method: PretrainingMethod, _ make: @escaping @Sendable (MethodMaterials) throws -> any SelfSupervisedMethod) -> PretrainingMethod {
      PretrainingMethod(method.id, method.title, paper: method.paper, views: method.views, optimization: method.optimization, settings: method.settings, remedies: method.remedies, make: make)
    }
    for method in MethodCatalog.all { try show(method, method.id) }
    for noise in [0.5, 1.0] { for rate in [0.1, 0.3] {
      try show(.simSiam, "simsiam \(rate) noise \(noise)", ["learningRate": rate], epochs: 20, noise: noise)
      try show(variant(.simSiam) { try SimpleSiamese($0, stopsGradient: false) }, "simsiam no stop \(rate)", ["learningRate": rate], epochs: 20, noise: noise)
    }
    for rate in [2.0, 5.0] {
      try show(.byol, "byol \(rate) noise \(noise)", ["learningRate": rate, "momentum": 0.9], epochs: 20, noise: noise)
      try show(variant(.byol) { try BootstrapYourOwnLatent($0, hasPredictor: false) }, "byol no predictor \(rate)", ["learningRate": rate, "momentum": 0.9], epochs: 20, noise: noise)
    } }
    for rate in [0.6, 2.0] {
      try show(.swav, "swav \(rate)", ["learningRate": rate], epochs: 20)
      try show(.swav, "swav epsilon 1 \(rate)", ["learningRate": rate, "epsilon": 1, "finalLearningRate": rate], epochs: 20)
    }
  }
}
