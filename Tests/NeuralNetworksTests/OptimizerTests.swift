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
        try StochasticGradientDescent($0, learningRate: 0.05, momentum: 0.5, weightDecay: 0.1)
      } < 1e-12)
  }

  static let makers: [@Sendable (Parameters) throws -> any Optimizer] = [
    { try Adam($0, learningRate: 0.05) }, { try StochasticGradientDescent($0, learningRate: 0.05) },
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
  }
}
