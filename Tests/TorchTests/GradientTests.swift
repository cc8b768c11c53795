import Foundation
import Foundations
import Testing
import Torch

@Suite("Gradients")
struct GradientTests {
  @Test("The gradient of sum(exp(x) · y² / x) equals the derivative by hand")
  func smallExpression() throws {
    let xs = [0.5, 1.25, -2.0]
    let ys = [3.0, -0.75, 0.1]
    let x = try Tensor(xs).setRequiresGradient(true)
    let y = try Tensor(ys).setRequiresGradient(true)
    let z = try (x.exp() * y * y / x).sum()
    #expect(z.requiresGradient)
    #expect(x.isLeaf && !z.isLeaf)
    try z.backward()
    let byX = try #require(x.gradient).doubles()
    let byY = try #require(y.gradient).doubles()
    for index in xs.indices {
      let (a, b) = (xs[index], ys[index])
      #expect(abs(byX[index] - Foundation.exp(a) * b * b * (a - 1) / (a * a)) < 1e-13)
      #expect(abs(byY[index] - 2 * Foundation.exp(a) * b / a) < 1e-13)
    }
  }

  @Test("Every arithmetic operator with a number on either side has its value and its derivative")
  func scalarOperators() throws {
    let x = try Tensor([2, 4] as [Double]).setRequiresGradient(true)
    let expressions: [(String, (Tensor) throws -> Tensor, (Double) -> Double, (Double) -> Double)] = [
      ("x + 3", { try $0 + 3 }, { $0 + 3 }, { _ in 1 }), ("3 + x", { try 3 + $0 }, { 3 + $0 }, { _ in 1 }),
      ("x - 3", { try $0 - 3 }, { $0 - 3 }, { _ in 1 }), ("3 - x", { try 3 - $0 }, { 3 - $0 }, { _ in -1 }),
      ("x * 1.5", { try $0 * 1.5 }, { $0 * 1.5 }, { _ in 1.5 }),
      ("1.5 * x", { try 1.5 * $0 }, { $0 * 1.5 }, { _ in 1.5 }),
      ("x / 4", { try $0 / 4 }, { $0 / 4 }, { _ in 0.25 }), ("8 / x", { try 8 / $0 }, { 8 / $0 }, { -8 / ($0 * $0) }),
      ("-x", { try -$0 }, { -$0 }, { _ in -1 }), ("x ** 3", { try $0.pow(3) }, { $0 * $0 * $0 }, { 3 * $0 * $0 }),
    ]
    for (name, expression, value, derivative) in expressions {
      let y = try expression(x)
      #expect(try y.doubles() == [value(2), value(4)], "\(name)")
      try x.clearGradient()
      try y.sum().backward()
      #expect(try x.gradient?.doubles() == [derivative(2), derivative(4)], "\(name)")
    }
  }

  @Test("A second backward adds to the gradient until it is cleared")
  func accumulates() throws {
    let x = try Tensor([3] as [Double]).setRequiresGradient(true)
    try (x * x).sum().backward()
    try (x * x).sum().backward()
    #expect(try x.gradient?.item() == 12)
    try x.clearGradient()
    #expect(x.gradient == nil)
  }

  @Test("gradients(of:by:) gives second derivatives, leaves .gradient alone, and nil for what does not enter")
  func secondDerivatives() throws {
    let x = try Tensor([3] as [Double]).setRequiresGradient(true)
    let other = try Tensor([1] as [Double]).setRequiresGradient(true)
    let first = try gradients(of: [x.pow(3)], by: [x, other], createGraph: true)
    #expect(try first[0]?.item() == 27)
    #expect(first[1] == nil)
    let second = try gradients(of: [#require(first[0])], by: [x])
    #expect(try second[0]?.item() == 18)
    #expect(x.gradient == nil)
  }

  @Test("Nothing is recorded in withoutGradient, and recording is on again after it, also after an error")
  func scopeRestores() throws {
    let x = try Tensor([1] as [Float]).setRequiresGradient(true)
    #expect(gradientIsEnabled)
    try withoutGradient {
      #expect(!gradientIsEnabled)
      #expect(try !(x * 2).requiresGradient)
      let inner = try withGradient { try (x * 2).requiresGradient }
      #expect(inner)
      #expect(!gradientIsEnabled)
    }
    #expect(throws: TorchError.self) { try withoutGradient { _ = try x.mm(x) } }
    #expect(gradientIsEnabled)
    #expect(try (x * 2).requiresGradient)
  }

  @Test("A parameter can be changed in place only without recording")
  func leafInPlace() throws {
    let x = try Tensor([1] as [Float]).setRequiresGradient(true)
    let error = try #require(throws: TorchError.self) { try x.addInPlace(1) }
    #expect(error.problem == "a leaf Variable that requires grad is being used in an in-place operation.")
    try withoutGradient { _ = try x.addInPlace(1) }
    #expect(try x.item() == 2)
    #expect(x.requiresGradient)
  }

  @Test("detach cuts the recording and keeps the storage")
  func detach() throws {
    let x = try Tensor([1] as [Float]).setRequiresGradient(true)
    let cut = try x.detach()
    #expect(!cut.requiresGradient)
    #expect(cut.sharesStorage(with: x))
    #expect(throws: TorchError.self) { try cut.sum().backward() }
  }

  @Test("A step of fused Adam equals algorithm 1 of Kingma and Ba by hand")
  func fusedAdam() throws {
    let parameter = try Tensor([1, -2] as [Double]).setRequiresGradient(true)
    let zeros = { try Tensor.zeros([2], type: .float64) }
    let steps = try Tensor.zeros([])
    var state = AdamState(
      parameters: [parameter], gradients: [], firstMoments: [try zeros()], secondMoments: [try zeros()], steps: [steps])
    var expected = [1.0, -2.0]
    var m = [0.0, 0.0]
    var v = [0.0, 0.0]
    for step in 1...3 {
      try parameter.clearGradient()
      try (parameter * parameter).sum().backward()
      state.gradients = [try #require(parameter.gradient)]
      try withoutGradient {
        try Foreach.addInPlace(state.steps, 1)
        try fusedAdamInPlace(state, learningRate: 0.1, beta1: 0.9, beta2: 0.999, weightDecay: 0, epsilon: 1e-8)
      }
      for index in 0..<2 {
        let gradient = 2 * expected[index]
        m[index] = 0.9 * m[index] + 0.1 * gradient
        v[index] = 0.999 * v[index] + 0.001 * gradient * gradient
        let mean = m[index] / (1 - Foundation.pow(0.9, Double(step)))
        let square = v[index] / (1 - Foundation.pow(0.999, Double(step)))
        expected[index] -= 0.1 * mean / (square.squareRoot() + 1e-8)
      }
      let values = try parameter.doubles()
      for index in 0..<2 { #expect(abs(values[index] - expected[index]) < 1e-12) }
    }
    #expect(try steps.item() == 3)
  }
}
