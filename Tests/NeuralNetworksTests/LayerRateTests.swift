import Foundation
import NeuralNetworks
import Testing
import Torch

/// Against the second golden of Tools/goldens/self_supervised.py.
@Suite("Rates of each layer")
struct LayerRateTests {
  private struct Golden: Decodable {
    let pull: [Double]
    let lars, larsOfAll, classicLARS, larc, eachClipped: [[Double]]
  }

  private static func golden() throws -> Golden {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens/layer-rates.json")
    return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
  }

  /// The script's bent valley: a vector, a matrix, and a matrix of zeros, where trust ratios are 1.
  private final class Valley {
    let a: Tensor, b: Tensor, c: Tensor
    private let scale: Tensor, pull: Tensor

    init() throws {
      let valley = try TrainingRuleGolden.load().valley
      a = try Tensor(valley.a)
      b = try Tensor(valley.b, shape: [2, 3])
      c = try Tensor.zeros([2, 2], type: .float64)
      scale = try Tensor(valley.scale) + 1
      pull = try Tensor(LayerRateTests.golden().pull, shape: [2, 2])
      for parameter in [a, b, c] { try parameter.setRequiresGradient(true) }
    }

    func descend(_ optimizer: any Optimizer) throws -> [Double] {
      try optimizer.zeroGradients()
      let loss = try (scale * a * a).sum() + b.pow(4).sum() + a.sum() * b.sum() + (c * pull).sum() + c.square().sum()
      try loss.backward()
      try optimizer.step()
      return try a.doubles() + b.doubles() + c.doubles()
    }
  }

  /// How far an optimizer's six steps are from the golden's, a change of rate after the third included.
  private func distance(from golden: [[Double]], _ make: ([ParameterGroup]) throws -> any Optimizer) throws -> Double {
    let valley = try Valley()
    // The vector does not decay; optimizers that decay everything are given one group.
    let optimizer = try make([
      ParameterGroup([("a", valley.a)], weightDecay: 0), ParameterGroup([("b", valley.b), ("c", valley.c)]),
    ])
    let rows = try golden.indices.map { step in
      if step == 3 { optimizer.learningRate *= 0.1 }
      return try valley.descend(optimizer)
    }
    return relativeDistance(rows.flatMap { $0 }, golden.flatMap { $0 })
  }

  /// The same groups without a decay of their own.
  private func decayingAll(_ groups: [ParameterGroup]) throws -> [ParameterGroup] { [try ParameterGroup(groups.flatMap(\.parameters))] }

  private static let settings = LARS.Hyperparameters(weightDecay: 0.1, trustCoefficient: 0.02)

  @Test("LARS takes the steps of Barlow Twins' code to 1e-12, vectors excluded or not")
  func lars() throws {
    let golden = try Self.golden()
    #expect(try distance(from: golden.lars) { try LARS(groups: $0, learningRate: 0.5, hyperparameters: Self.settings) } < 1e-12)
    #expect(
      try distance(from: golden.larsOfAll) {
        try LARS(groups: decayingAll($0), learningRate: 0.5, hyperparameters: Self.settings, adaptsVectors: true)
      } < 1e-12)
  }

  @Test("With the rate inside the momentum LARS takes the steps of SimCLR's formula, and other ones after the rate has changed")
  func classicLARS() throws {
    let golden = try Self.golden()
    let make: ([ParameterGroup]) throws -> any Optimizer = {
      try LARS(groups: $0, learningRate: 0.5, hyperparameters: Self.settings, rate: .insideMomentum)
    }
    #expect(try distance(from: golden.classicLARS, make) < 1e-12)
    #expect(try distance(from: golden.lars, make) > 1e-4)
    #expect(relativeDistance(golden.lars[2], golden.classicLARS[2]) < 1e-12)
  }

  @Test("LARC takes the steps of apex's around gradient descent to 1e-12")
  func larc() throws {
    let golden = try Self.golden().larc
    #expect(try distance(from: golden) { try LARC(groups: decayingAll($0), learningRate: 0.5, hyperparameters: Self.settings) } < 1e-12)
  }

  @Test("Gradients that are clipped each by itself give the steps of DINO's code to 1e-12")
  func clipping() throws {
    let distance = try distance(from: Self.golden().eachClipped) {
      let optimizer = try StochasticGradientDescent(groups: $0, learningRate: 0.05)
      optimizer.gradientHooks = [try EachNormClipping(maximumNorm: 1.5)]
      return optimizer
    }
    #expect(distance < 1e-12)
  }

  @Test("Saved and restored after three steps, LARS and LARC go on to the same numbers")
  func resume() throws {
    let makers: [([ParameterGroup]) throws -> any Optimizer] = [
      { try LARS(groups: $0, learningRate: 0.5, hyperparameters: Self.settings) },
      { try LARC(groups: $0, learningRate: 0.5, hyperparameters: Self.settings) },
    ]
    for make in makers {
      let first = try Valley(), parameters = [("a", first.a), ("b", first.b), ("c", first.c)]
      let optimizer = try make([ParameterGroup(parameters)])
      for _ in 0..<3 { _ = try first.descend(optimizer) }
      let second = try Valley(), resumed = try make([ParameterGroup([("a", second.a), ("b", second.b), ("c", second.c)])])
      try withoutGradient {
        for (target, source) in [(second.a, first.a), (second.b, first.b), (second.c, first.c)] { _ = try target.copy(from: source) }
      }
      try resumed.restore(Dictionary(uniqueKeysWithValues: optimizer.state.map { ($0.name, $0.tensor) }))
      for _ in 0..<3 { #expect(try first.descend(optimizer) == second.descend(resumed)) }
    }
  }
}
