import Foundation
import Foundations
import NeuralNetworks
import Testing
import Torch

@Suite struct OptimizerTests {
  typealias Parameters = [(name: String, tensor: Tensor)]

  /// The bent valley of Tools/goldens/training_rules.py.
  private struct Valley {
    let a: Tensor, b: Tensor, scale: Tensor

    init(type: ScalarType = .float64) throws {
      let golden = try TrainingRuleGolden.load().valley
      a = try Tensor(golden.a).to(type: type)
      b = try Tensor(golden.b, shape: [2, 3]).to(type: type)
      scale = try Tensor(golden.scale).to(type: type) + 1
      try a.setRequiresGradient(true)
      try b.setRequiresGradient(true)
    }

    var parameters: Parameters { [("a", a), ("b", b)] }

    func descend(_ optimizer: any Optimizer, steps: Int = 1) throws {
      for _ in 0..<steps {
        try optimizer.zeroGradients()
        let loss = try (scale * a * a).sum() + b.pow(4).sum() + a.sum() * b.sum()
        try loss.backward()
        try optimizer.step()
      }
    }

    func values() throws -> [Double] { try a.doubles() + b.doubles() }

    func bytes() throws -> [Data] { try [a.bytes(), b.bytes()] }
  }

  private func distance(from golden: [[Double]], _ make: (Parameters) throws -> any Optimizer) throws -> Double {
    let valley = try Valley()
    let optimizer = try make(valley.parameters)
    let rows = try golden.indices.map { step in
      if step == 3 { optimizer.learningRate *= 0.1 }
      try valley.descend(optimizer)
      return try valley.values()
    }
    return relativeDistance(rows.flatMap { $0 }, golden.flatMap { $0 })
  }

  @Test("Adam takes torch.optim.Adam's six steps to 1e-12, a change of rate included")
  func adam() throws {
    let golden = try TrainingRuleGolden.load().adam
    #expect(try distance(from: golden) { try Adam($0, learningRate: 0.05) } < 1e-12)
  }

  @Test("Adam with other betas, epsilon and weight decay takes torch.optim.Adam's steps to 1e-12")
  func adamDecay() throws {
    let golden = try TrainingRuleGolden.load().adamDecay
    let settings = Adam.Hyperparameters(beta1: 0.8, beta2: 0.99, epsilon: 1e-6, weightDecay: 0.1)
    #expect(try distance(from: golden) { try Adam($0, learningRate: 0.05, hyperparameters: settings) } < 1e-12)
  }

  @Test("Gradient descent with momentum takes torch.optim.SGD's six steps to 1e-12")
  func momentum() throws {
    let golden = try TrainingRuleGolden.load()
    #expect(
      try distance(from: golden.momentum) { try StochasticGradientDescent($0, learningRate: 0.05) } < 1e-12)
    #expect(
      try distance(from: golden.momentumDecay) {
        try StochasticGradientDescent($0, learningRate: 0.05, hyperparameters: .init(momentum: 0.5, weightDecay: 0.1))
      } < 1e-12)
  }

  @Test("Nesterov's momentum, and none at all, take torch.optim.SGD's six steps to 1e-12")
  func nesterov() throws {
    let golden = try TrainingRuleGolden.load()
    for (rows, settings) in [
      (golden.nesterov, StochasticGradientDescent.Hyperparameters(nesterov: true, weightDecay: 0.1)),
      (golden.withoutMomentum, .init(momentum: 0, weightDecay: 0.1)),
    ] {
      #expect(try distance(from: rows) { try StochasticGradientDescent($0, learningRate: 0.05, hyperparameters: settings) } < 1e-12)
    }
  }

  @Test("AdamW takes torch.optim.AdamW's six steps to 1e-12, and not Adam's")
  func adamW() throws {
    let golden = try TrainingRuleGolden.load()
    let settings = Adam.Hyperparameters(beta1: 0.8, beta2: 0.99, epsilon: 1e-6, weightDecay: 0.1)
    let make: (Parameters) throws -> any Optimizer = {
      try Adam($0, learningRate: 0.05, hyperparameters: settings, decay: .decoupled)
    }
    #expect(try distance(from: golden.adamW, make) < 1e-12)
    #expect(try distance(from: golden.adamDecay, make) > 1e-4)
  }

  /// The second parameter does not decay, and the first one's rate is three quarters.
  private static func groups(_ parameters: Parameters) throws -> [ParameterGroup] {
    [try ParameterGroup([parameters[0]], rateFactor: 0.75), try ParameterGroup([parameters[1]], weightDecay: 0)]
  }

  @Test("Groups with rates and decays of their own take PyTorch's steps to 1e-12, a change of the common rate included")
  func groups() throws {
    let golden = try TrainingRuleGolden.load()
    #expect(
      try distance(from: golden.adamWGroups) {
        try Adam(groups: Self.groups($0), learningRate: 0.05, hyperparameters: .init(weightDecay: 0.1), decay: .decoupled)
      } < 1e-12)
    #expect(
      try distance(from: golden.momentumGroups) {
        try StochasticGradientDescent(groups: Self.groups($0), learningRate: 0.05, hyperparameters: .init(weightDecay: 0.1))
      } < 1e-12)
  }

  @Test("Gradients clipped by their global norm, some of them below the limit, give PyTorch's steps to 1e-12")
  func clipping() throws {
    let golden = try TrainingRuleGolden.load()
    let distance = try distance(from: golden.clipped) {
      let optimizer = try Adam($0, learningRate: 0.05, hyperparameters: .init(weightDecay: 0.01), decay: .decoupled)
      optimizer.gradientHooks = [try GlobalNormClipping(maximumNorm: 4.5)]
      return optimizer
    }
    #expect(distance < 1e-12)
  }

  @Test("Hooks see all gradients together, in their order, once a step")
  func hooks() throws {
    /// Adds to every gradient.
    final class Adding: GradientHook {
      let value: Double
      var counts: [Int] = []

      init(_ value: Double) { self.value = value }

      func callAsFunction(_ gradients: [Tensor]) throws {
        counts.append(gradients.count)
        try Foreach.addInPlace(gradients, value)
      }
    }
    let valley = try Valley(), adding = Adding(1)
    let optimizer = try StochasticGradientDescent(groups: Self.groups(valley.parameters), learningRate: 1, hyperparameters: .init(momentum: 0))
    optimizer.gradientHooks = [adding, try GlobalNormClipping(maximumNorm: 1e-3)]
    let before = try valley.values()
    try valley.descend(optimizer)
    let after = try valley.values()
    let moved = before.indices.map { place -> Double in (before[place] - after[place]) / (place < 5 ? 0.75 : 1) }
    #expect(adding.counts == [2])
    // Clipping came last: had it come first, the sum would have a norm of more than √11.
    #expect(abs(moved.map { $0 * $0 }.reduce(0, +).squareRoot() - 1e-3) < 1e-9)
  }

  @Test("Batches of 3, 3 and 1 rows make PyTorch's steps on all seven to 1e-12")
  func accumulation() throws {
    let golden = try TrainingRuleGolden.load().accumulation
    let rows = try Tensor(golden.rows, shape: [7, 3]), answers = try Tensor(golden.answers)
    func descend(_ ranges: [Range<Int>]) throws -> (weights: [[Double]], losses: [Double]) {
      let weights = try Tensor(golden.weights).setRequiresGradient(true)
      let optimizer = try StochasticGradientDescent([("w", weights)], learningRate: 0.2)
      var found: [[Double]] = [], losses: [Double] = []
      for _ in golden.steps {
        let loss = try optimizer.step(on: ranges, sampleCount: \.count) { range in
          let x = try rows.narrow(along: 0, start: range.lowerBound, count: range.count)
          let y = try answers.narrow(along: 0, start: range.lowerBound, count: range.count)
          return try ((x * weights).sum(over: [1]) - y).square().mean()
        }
        #expect(!loss.requiresGradient)
        losses.append(try loss.item())
        found.append(try weights.doubles())
      }
      return (found, losses)
    }
    let parts = try descend([0..<3, 3..<6, 6..<7]), whole = try descend([0..<7])
    #expect(relativeDistance(parts.weights.flatMap { $0 }, golden.steps.flatMap { $0 }) < 1e-12)
    #expect(relativeDistance(whole.weights.flatMap { $0 }, golden.steps.flatMap { $0 }) < 1e-12)
    #expect(relativeDistance(parts.losses, whole.losses) < 1e-12)
  }

  static let makers: [@Sendable (Parameters) throws -> any Optimizer] = [
    { try Adam($0, learningRate: 0.05) }, { try StochasticGradientDescent($0, learningRate: 0.05) },
    { try Adam(groups: groups($0), learningRate: 0.05, hyperparameters: .init(weightDecay: 0.1), decay: .decoupled) },
    { try StochasticGradientDescent(groups: groups($0), learningRate: 0.05, hyperparameters: .init(nesterov: true)) },
  ]

  @Test("Stopped, saved as bytes and restored into a fresh optimizer, training ends in the same bytes", arguments: makers)
  func resume(make: @Sendable (Parameters) throws -> any Optimizer) throws {
    let whole = try Valley(type: .float32)
    try whole.descend(make(whole.parameters), steps: 6)

    let first = try Valley(type: .float32)
    let stopped = try make(first.parameters)
    try first.descend(stopped, steps: 3)
    var saved: [String: Tensor] = [:]
    for (name, tensor) in stopped.state {
      saved[name] = try tensor.bytes().withUnsafeBytes {
        try Tensor.fromBytes($0, shape: tensor.shape, type: tensor.scalarType)
      }
    }
    let second = try Valley(type: .float32)
    let resumed = try make(second.parameters)
    for (target, source) in zip(second.parameters, first.parameters) {
      _ = try withoutGradient { try target.tensor.copy(from: source.tensor) }
    }
    try resumed.restore(saved)
    try second.descend(resumed, steps: 3)
    #expect(try second.bytes() == whole.bytes())
    #expect(try first.bytes() != whole.bytes())
  }

  @Test("A saved state of other parameters is refused, each name said")
  func wrongState() throws {
    let valley = try Valley()
    let optimizer = try StochasticGradientDescent(valley.parameters, learningRate: 0.1)
    let error = #expect(throws: NeuralNetworksError.self) {
      try optimizer.restore([
        "a/momentum_buffer": Tensor.zeros([5], type: .float64), "c/momentum_buffer": Tensor.zeros([1]),
      ])
    }
    #expect(
      error?.problem
        == "The saved state does not fit the optimizer: missing: b/momentum_buffer; left over: c/momentum_buffer.")
  }

  @Test("A parameter without a gradient is left alone, and its step does not count")
  func withoutGradients() throws {
    let valley = try Valley()
    let optimizer = try Adam(valley.parameters, learningRate: 0.1)
    let before = try valley.b.bytes()
    try (valley.a * 2.0).sum().backward()
    try optimizer.step()
    #expect(try valley.b.bytes() == before)
    let state = Dictionary(uniqueKeysWithValues: optimizer.state.map { ($0.name, $0.tensor) })
    #expect(try state["a/step"]?.item() == 1)
    #expect(try state["b/step"]?.item() == 0)
  }

  @Test("An impossible hyperparameter is refused in words")
  func hyperparameters() throws {
    let valley = try Valley()
    let error = #expect(throws: NeuralNetworksError.self) { try Adam(valley.parameters, learningRate: -1) }
    #expect(error?.description == "The learning rate is -1.0. Choose a learning rate of at least 0.")
    #expect(throws: NeuralNetworksError.self) {
      try Adam(valley.parameters, learningRate: 1, hyperparameters: .init(beta1: 1))
    }
    let factor = #expect(throws: NeuralNetworksError.self) { try ParameterGroup(valley.parameters, rateFactor: -0.5) }
    #expect(factor?.description == "The rate factor is -0.5. Choose a rate factor of at least 0.")
    let norm = #expect(throws: NeuralNetworksError.self) { try GlobalNormClipping(maximumNorm: 0) }
    #expect(norm?.description == "The maximum norm of the gradients is 0.0. Choose a maximum norm of the gradients above 0.")
    let nesterov = #expect(throws: NeuralNetworksError.self) {
      try StochasticGradientDescent(valley.parameters, learningRate: 1, hyperparameters: .init(momentum: 0, nesterov: true))
    }
    #expect(nesterov?.description == "The momentum is 0.0. Choose a momentum above 0 for Nesterov's.")
  }

  @Test("A parameter in two groups is refused")
  func twoGroups() throws {
    let valley = try Valley()
    let error = #expect(throws: NeuralNetworksError.self) {
      try Adam(groups: [ParameterGroup(valley.parameters), ParameterGroup([valley.parameters[1]])], learningRate: 1)
    }
    #expect(
      error?.description
        == "The parameter “b” is in two groups of the optimizer, which would change it twice in a step. Put each parameter into one group.")
  }
}
