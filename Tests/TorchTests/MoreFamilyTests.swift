import Foundation
import Foundations
import Testing
import Torch

@Suite("Operators of attention, tables, divergences and lists")
struct MoreFamilyTests {
  private func close(_ tensor: Tensor, _ expected: [Double], _ tolerance: Double = 1e-12) throws -> Bool {
    let values = try tensor.doubles()
    return values.count == expected.count && zip(values, expected).allSatisfy { abs($0 - $1) < tolerance }
  }

  @Test("Attention is the softmax of scaled products over the values")
  func attention() throws {
    let q = try Tensor([1, 0] as [Double], shape: [1, 1, 2])
    let k = try Tensor([1, 0, 0, 1] as [Double], shape: [1, 2, 2])
    let v = try Tensor([10, 20] as [Double], shape: [1, 2, 1])
    let weight = Foundation.exp(0.5) / (Foundation.exp(0.5) + 1)
    #expect(
      try close(scaledDotProductAttention(query: q, key: k, value: v, scale: 0.5), [10 * weight + 20 * (1 - weight)]))
    let only = try Tensor([false, true], shape: [1, 2])
    #expect(try close(scaledDotProductAttention(query: q, key: k, value: v, mask: only), [20]))
  }

  @Test("Tables are read, added to and written at the rows that are named")
  func tables() throws {
    let table = try Tensor([1, 2, 3, 4] as [Double], shape: [2, 2])
    let rows = try Tensor([1, 1, 0] as [Int64])
    #expect(try embedding(rows, weight: table).doubles() == [3, 4, 3, 4, 1, 2])
    let added = try table.indexAdd(along: 0, rows, source: Tensor.ones([3, 2], type: .float64))
    #expect(try added.doubles() == [2, 3, 5, 6])
    #expect(try table.take(Tensor([3, 0] as [Int64])).doubles() == [4, 1])
    #expect(try table.diagonal().doubles() == [1, 4])
    #expect(try table.diagonal(offset: 1).doubles() == [2])
    #expect(
      try table.scatter(along: 0, Tensor([1, 0] as [Int64], shape: [1, 2]), source: -table).doubles() == [1, -2, -1, 4])
    try table.indexPutInPlace([Tensor([0] as [Int64])], values: Tensor([5] as [Double]), accumulate: true)
    #expect(try table.doubles() == [6, 7, 3, 4])
  }

  @Test("The divergence of a law from itself is 0, and from another that of the formula")
  func divergence() throws {
    let law = try Tensor([0.25, 0.75] as [Double])
    let other = try Tensor([0.5, 0.5] as [Double])
    #expect(try close(klDivergence(law.log(), targets: law, reduction: .sum), [0]))
    let expected = 0.5 * Foundation.log(0.5 / 0.25) + 0.5 * Foundation.log(0.5 / 0.75)
    #expect(try close(klDivergence(law.log(), targets: other, reduction: .sum), [expected]))
    #expect(
      try close(klDivergence(law.log(), targets: other.log(), reduction: .sum, targetsAreLogarithms: true), [expected]))
  }

  @Test("Class weights, ignored classes and smoothing enter the cross entropy as their formulas say")
  func weightedCrossEntropy() throws {
    let scores = try Tensor([1, 2, 3, 0, 0, 0] as [Double], shape: [2, 3])
    let classes = try Tensor([2, 0] as [Int64])
    let single = try crossEntropy(scores, targets: classes, reduction: .none).doubles()
    let weight = try Tensor([1, 1, 3] as [Double])
    #expect(try close(crossEntropy(scores, targets: classes, weight: weight), [(3 * single[0] + single[1]) / 4]))
    #expect(try close(crossEntropy(scores, targets: classes, ignoredClass: 0), [single[0]]))
    let uniform = try crossEntropy(scores, targets: classes, reduction: .none, labelSmoothing: 1).doubles()
    #expect(abs(uniform[1] - Foundation.log(3.0)) < 1e-12)
  }

  @Test("Three-operand arithmetic and extremes of two tensors follow their formulas")
  func arithmetic() throws {
    let a = try Tensor([1, 8] as [Double])
    let b = try Tensor([2, 4] as [Double])
    #expect(try a.addcmul(b, b, value: 2).doubles() == [9, 40])
    #expect(try a.addcdiv(b, a, value: 2).doubles() == [5, 9])
    #expect(try a.lerp(b, weight: 0.25).doubles() == [1.25, 7])
    #expect(try a.maximum(b).doubles() == [2, 8] && a.minimum(b).doubles() == [1, 4])
    #expect(try b.pow(b).doubles() == [4, 256])
    #expect(try a.add(b, alpha: 2).doubles() == [5, 16] && a.sub(b, alpha: 2).doubles() == [-3, 0])
    #expect(try close(a.log1p().expm1(), [1, 8]) && close(b.sqrt().square(), [2, 4]))
    #expect(try Tensor([-1.5, 0.5, 2.5] as [Double]).round().doubles() == [-2, 0, 2])
    #expect(try Tensor([-1.5, 0.5] as [Double]).floor().doubles() == [-2, 0])
    #expect(try Tensor([-1.5, 0.5] as [Double]).ceil().doubles() == [-1, 1])
    #expect(try Tensor([-1.5, 0] as [Double]).sign().doubles() == [-1, 0])
  }

  @Test("Lists of tensors are changed by the same formulas as single ones")
  func lists() throws {
    let a = try Tensor([2] as [Double])
    let b = try Tensor([4] as [Double])
    try Foreach.lerpInPlace([a], [b], weight: 0.5)
    #expect(try a.item() == 3)
    try Foreach.addcmulInPlace([a], [b], [b], value: 2)
    #expect(try a.item() == 35)
    try Foreach.addcdivInPlace([a], [b], [Tensor([2] as [Double])], value: -1)
    #expect(try a.item() == 33)
    try Foreach.mulInPlace([a], by: Tensor.scalar(2, type: .float64))
    try Foreach.divInPlace([a], [Tensor([3] as [Double])])
    #expect(try a.item() == 22)
    try Foreach.copyInPlace([a], from: [b])
    #expect(try a.item() == 4)
    let error = try #require(throws: TorchError.self) { try Foreach.addInPlace([a, b], [b]) }
    #expect(error.problem == "Tensor lists must have the same number of tensors, got 2 and 1.")
  }

  @Test("A step of fused gradient descent with momentum equals its formula by hand")
  func fusedSGD() throws {
    let parameter = try Tensor([1] as [Double])
    let buffer = try Tensor([0] as [Double])
    var expected = 1.0
    var momentum = 0.0
    for (step, gradient) in [0.5, -2, 3].enumerated() {
      try fusedSGDInPlace(
        parameters: [parameter], gradients: [Tensor([gradient])], momentumBuffers: [buffer], learningRate: 0.1,
        momentum: 0.9, weightDecay: 0.01, isFirstStep: step == 0)
      momentum = 0.9 * momentum + gradient + 0.01 * expected
      expected -= 0.1 * momentum
      #expect(try close(parameter, [expected]))
    }
  }

  @Test("Tensors from rules have the values of their rules")
  func rules() throws {
    #expect(try Tensor.linspace(from: 0, to: 1, count: 5, type: .float64).doubles() == [0, 0.25, 0.5, 0.75, 1])
    #expect(try Tensor.identity(2).floats() == [1, 0, 0, 1])
    let x = try Tensor.full([2], value: 7, type: .int32)
    #expect(try x.integers() == [7, 7] && x.zerosLike().integers() == [0, 0] && x.onesLike().scalarType == .int32)
    #expect(try x.fullLike(3).integers() == [3, 3] && x.emptyLike().shape == [2])
    let last = try Tensor.empty([1, 2, 3, 3], memoryFormat: .channelsLast)
    #expect(last.isContiguous(.channelsLast) && last.strides == [18, 1, 6, 2])
    let shrunk = try resizeBilinearAntialiased2d(Tensor.full([1, 1, 8, 8], value: 3), outputSize: [2, 2])
    #expect(try close(shrunk, [3, 3, 3, 3], 1e-6))
    let grown = try upsampleBicubic2d(Tensor.full([1, 1, 4, 4], value: 3), outputSize: [8, 8])
    #expect(try close(grown, [Double](repeating: 3, count: 64), 1e-6))
    let draws = try Tensor([0, 1, 0] as [Float]).multinomial(5, replacement: true, generator: Generator(seed: 1))
    #expect(try draws.integers() == [1, 1, 1, 1, 1])
  }
}
