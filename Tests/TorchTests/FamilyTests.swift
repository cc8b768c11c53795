import Foundation
import Foundations
import Testing
import Torch

/// One claim for each family of operators, against numbers worked out by hand.
@Suite("Operator families")
struct FamilyTests {
  private let x: Tensor

  init() throws { x = try Tensor([1, 2, 3, 4, 5, 6] as [Double], shape: [2, 3]) }

  @Test("Shape operators move elements where their names say")
  func shapes() throws {
    #expect(try x.reshape([3, -1]).shape == [3, 2])
    #expect(try x.permute([1, 0]).doubles() == [1, 4, 2, 5, 3, 6])
    #expect(try x.flatten().shape == [6])
    #expect(try x.unsqueeze(1).shape == [2, 1, 3])
    #expect(try x.unsqueeze(1).squeeze(1).shape == [2, 3])
    #expect(try x.narrow(along: 1, start: 1, count: 2).doubles() == [2, 3, 5, 6])
    #expect(try x.slice(along: 1, from: -1).doubles() == [3, 6])
    #expect(try x.select(along: 0, index: -1).doubles() == [4, 5, 6])
    #expect(try x.flip([1]).doubles() == [3, 2, 1, 6, 5, 4])
    #expect(try x.roll(by: [1], along: [1]).doubles() == [3, 1, 2, 6, 4, 5])
    #expect(try x.select(along: 0, index: 0).unsqueeze(0).expand([2, -1]).doubles() == [1, 2, 3, 1, 2, 3])
    #expect(try x.pad([1, 0], value: 9).doubles() == [9, 1, 2, 3, 9, 4, 5, 6])
    #expect(try x.unsqueeze(0).pad([1, 1], mode: .reflect).doubles() == [2, 1, 2, 3, 2, 5, 4, 5, 6, 5])
    #expect(try x.repeated([1, 2]).shape == [2, 6])
  }

  @Test("Lists of tensors are joined and taken apart")
  func lists() throws {
    #expect(try cat([x, x], along: 1).shape == [2, 6])
    #expect(try stack([x, x], along: 2).shape == [2, 3, 2])
    #expect(try x.split(size: 2, along: 1).map(\.shape) == [[2, 2], [2, 1]])
    #expect(try x.chunk(2).map { try $0.doubles() } == [[1, 2, 3], [4, 5, 6]])
    #expect(try x.unbind(along: 1).map { try $0.doubles() } == [[1, 4], [2, 5], [3, 6]])
  }

  @Test("Reductions give the sums, means and extremes of the numbers")
  func reductions() throws {
    #expect(try x.sum().item() == 21)
    #expect(try x.sum(over: [0]).doubles() == [5, 7, 9])
    #expect(try x.mean(over: [1], keep: true).shape == [2, 1])
    #expect(try x.mean(over: [1]).doubles() == [2, 5])
    #expect(try x.amax(over: [1]).doubles() == [3, 6])
    #expect(try x.amin().item() == 1)
    #expect(try x.max().item() == 6 && x.min().item() == 1)
    let (values, indices) = try x.max(along: 0)
    #expect(try values.doubles() == [4, 5, 6] && indices.integers() == [1, 1, 1])
    #expect(try x.variance(correction: 1).item() == 3.5)
    #expect(abs(try x.norm().item() - 91.0.squareRoot()) < 1e-12)
    #expect(try x.norm(order: 1, over: [1]).doubles() == [6, 15])
    #expect(try x.cumulativeSum(along: 1).doubles() == [1, 3, 6, 4, 9, 15])
    #expect(try x.argmax().integerItem() == 5)
    #expect(try x.argmax(along: 1).integers() == [2, 2])
    #expect(abs(try Tensor([0, 0] as [Double]).logSumExp(over: [0]).item() - Foundation.log(2)) < 1e-15)
    #expect(try x.prod().item() == 720 && x.median().item() == 3)
  }

  @Test("Comparisons give truth values, and truth values can be joined, counted and chosen by")
  func comparisons() throws {
    #expect(try (x .> 3).booleans() == [false, false, false, true, true, true])
    #expect(try ((x .>= 2) .& (x .< 4)).booleans() == [false, true, true, false, false, false])
    #expect(try ((x .== 1) .| (x .!= x)).booleans() == [true, false, false, false, false, false])
    #expect(try (.!(x .<= 5)).countNonzero().integerItem() == 1)
    #expect(try (x .> 0).all().integerItem() == 1 && (x .> 6).any().integerItem() == 0)
    #expect(try x.where(x .> 3, otherwise: 0).doubles() == [0, 0, 0, 4, 5, 6])
    #expect(try x.where(x .> 3, otherwise: -x).doubles() == [-1, -2, -3, 4, 5, 6])
    let odd = try Tensor([1, .infinity, .nan] as [Double])
    #expect(try odd.isFinite().booleans() == [true, false, false])
    #expect(try odd.isNaN().booleans() == [false, false, true])
    #expect(try odd.isInfinite().booleans() == [false, true, false])
    #expect(try odd.nanToNum(5, positiveInfinity: 6).doubles() == [1, 6, 5])
    #expect(try !odd.isEqual(to: odd))
    #expect(try x.isClose(to: x + 1e-9) && !x.isClose(to: x + 1e-3))
  }

  @Test("Integers and truth values keep their type through arithmetic with whole numbers")
  func integers() throws {
    let n = try Tensor([7, -7, 3] as [Int64])
    #expect(try (n * 2 + 1).scalarType == .int64)
    #expect(try (n * 2 + 1).integers() == [15, -13, 7])
    #expect(try (n * 0.5).scalarType == .float32)
    #expect(try n.floorDiv(Tensor([2, 2, 2] as [Int64])).integers() == [3, -4, 1])
    #expect(try n.remainder(4).integers() == [3, 1, 3])
    #expect(try n.clamp(min: 0).integers() == [7, 0, 3])
    #expect(try n.abs().integers() == [7, 7, 3])
    #expect(try Tensor([true, true, false]).sum().integerItem() == 2)
    #expect(try Tensor.arange(to: 5).integers() == [0, 1, 2, 3, 4])
    #expect(try Tensor.arange(from: 1, to: 2, by: 0.25, type: .float64).doubles() == [1, 1.25, 1.5, 1.75])
  }

  @Test("Indexing takes, puts and marks the elements it names")
  func indexing() throws {
    let picked = try Tensor([2, 0] as [Int64])
    #expect(try x.indexSelect(along: 1, picked).doubles() == [3, 1, 6, 4])
    #expect(try x.index([nil, picked]).doubles() == [3, 1, 6, 4])
    #expect(try x.index([Tensor([1, 0] as [Int64]), picked]).doubles() == [6, 1])
    #expect(try x.index([x .> 4]).doubles() == [5, 6])
    #expect(try x.gather(along: 1, Tensor([0, 2] as [Int64], shape: [2, 1])).doubles() == [1, 6])
    #expect(try x.maskedFill(x .> 4, value: 0).doubles() == [1, 2, 3, 4, 0, 0])
    #expect(try x.maskedSelect(x .< 3).doubles() == [1, 2])
    #expect(try (x .> 4).nonzero().integers() == [1, 1, 1, 2])
    #expect(try picked.oneHot(classCount: 3).integers() == [0, 0, 1, 1, 0, 0])
    let put = try x.indexPut([nil, picked], values: Tensor([-1] as [Double]))
    #expect(try put.doubles() == [-1, 2, -1, -1, 5, -1])
    #expect(try x.doubles() == [1, 2, 3, 4, 5, 6])
    #expect(
      try x.scatter(along: 1, Tensor([1, 1] as [Int64], shape: [2, 1]), value: 0).doubles() == [1, 0, 3, 4, 0, 6])
    let square = try Tensor.ones([2, 2])
    #expect(try square.lowerTriangle().floats() == [1, 0, 1, 1] && square.upperTriangle().floats() == [1, 1, 0, 1])
  }

  @Test("Sorting is stable, and counts and places are those of the sorted numbers")
  func sorting() throws {
    let n = try Tensor([3, 1, 3, 2] as [Double])
    let sorted = try n.sort(descending: true)
    #expect(try sorted.values.doubles() == [3, 3, 2, 1] && sorted.indices.integers() == [0, 2, 3, 1])
    #expect(try n.argsort().integers() == [1, 3, 0, 2])
    #expect(try n.topk(2, largest: false).values.doubles() == [1, 2])
    let unique = try n.unique()
    #expect(try unique.values.doubles() == [1, 2, 3])
    #expect(try unique.inverse.integers() == [2, 0, 2, 1] && unique.counts.integers() == [1, 1, 2])
    #expect(try unique.values.searchSorted(Tensor([2, 2.5] as [Double])).integers() == [1, 2])
    #expect(try Tensor([1, 1, 3] as [Int64]).binCount(minimumCount: 5).integers() == [0, 2, 0, 1, 0])
  }

  @Test("Products of matrices agree with each other")
  func products() throws {
    let transposed = try x.transpose(0, 1)
    let expected: [Double] = [14, 32, 32, 77]
    #expect(try x.mm(transposed).doubles() == expected)
    #expect(try x.matmul(transposed).doubles() == expected)
    #expect(try linear(x, weight: x).doubles() == expected)
    #expect(try einsum("ij,kj->ik", [x, x]).doubles() == expected)
    #expect(try x.unsqueeze(0).bmm(transposed.unsqueeze(0)).doubles() == expected)
    let one = try Tensor.identity(2, type: .float64)
    #expect(try one.addmm(x, transposed, beta: 2, alpha: 1).doubles() == [16, 32, 32, 79])
    #expect(try linear(x, weight: x, bias: Tensor([1, -1] as [Double])).doubles() == [15, 31, 33, 76])
  }

  @Test("Activations have the values of their formulas")
  func activations() throws {
    let v = try Tensor([-1, 0, 2] as [Double])
    #expect(try v.relu().doubles() == [0, 0, 2])
    #expect(try v.leakyRelu(slope: 0.5).doubles() == [-0.5, 0, 2])
    let sigmoid = { (x: Double) in 1 / (1 + Foundation.exp(-x)) }
    #expect(zip(try v.sigmoid().doubles(), [-1, 0, 2].map(sigmoid)).allSatisfy { abs($0 - $1) < 1e-15 })
    #expect(
      zip(try v.logSigmoid().doubles(), [-1, 0, 2].map { Foundation.log(sigmoid($0)) }).allSatisfy {
        abs($0 - $1) < 1e-14
      })
    #expect(zip(try v.silu().doubles(), [-1, 0, 2].map { $0 * sigmoid($0) }).allSatisfy { abs($0 - $1) < 1e-15 })
    #expect(abs(try v.softmax(along: 0).sum().item() - 1) < 1e-15)
    #expect(try v.logSoftmax(along: 0).exp().isClose(to: v.softmax(along: 0)))
    #expect(abs(try v.gelu().doubles()[2] - (1 + Foundation.erf(2 / 2.0.squareRoot()))) < 1e-14)
    let copy = try v.clone()
    #expect(try copy.reluInPlace().isSame(as: copy) && copy.doubles() == [0, 0, 2])
  }

  @Test("Losses have the values of their formulas")
  func losses() throws {
    let logits = try Tensor([0.5, -1] as [Double])
    let targets = try Tensor([1, 0] as [Double])
    let first = Foundation.log1p(Foundation.exp(-0.5))
    let second = Foundation.log1p(Foundation.exp(-1.0))
    #expect(abs(try binaryCrossEntropyWithLogits(logits, targets: targets).item() - (first + second) / 2) < 1e-15)
    let weighted = try binaryCrossEntropyWithLogits(
      logits, targets: targets, positiveWeight: Tensor([3, 3] as [Double]), reduction: .none)
    #expect(zip(try weighted.doubles(), [3 * first, second]).allSatisfy { abs($0 - $1) < 1e-15 })
    let classes = try Tensor([2] as [Int64])
    let expected = -(try Tensor([1, 2, 3] as [Double]).logSoftmax(along: 0).doubles()[2])
    let scores = try Tensor([1, 2, 3] as [Double], shape: [1, 3])
    #expect(abs(try crossEntropy(scores, targets: classes).item() - expected) < 1e-15)
    #expect(abs(try nllLoss(scores.logSoftmax(along: 1), targets: classes).item() - expected) < 1e-15)
    #expect(try mseLoss(x, targets: x + 2).item() == 4 && mseLoss(x, targets: x + 2, reduction: .sum).item() == 24)
    #expect(try l1Loss(x, targets: x + 2).item() == 2 && smoothL1Loss(x, targets: x + 2).item() == 1.5)
    #expect(abs(try cosineSimilarity(x, x * 3).mean().item() - 1) < 1e-12)
  }

  @Test("Pooling and resampling give the means, extremes and neighbours of their windows")
  func windows() throws {
    let image = try Tensor((0..<16).map(Double.init), shape: [1, 1, 4, 4])
    #expect(try maxPool2d(image, kernelSize: [2, 2]).doubles() == [5, 7, 13, 15])
    #expect(try averagePool2d(image, kernelSize: [2, 2]).doubles() == [2.5, 4.5, 10.5, 12.5])
    #expect(try adaptiveAveragePool2d(image, outputSize: [1, 1]).item() == 7.5)
    #expect(try adaptiveMaxPool2d(image, outputSize: [1, 2]).doubles() == [13, 15])
    let pair = try Tensor([0, 1] as [Double], shape: [1, 1, 1, 2])
    #expect(try upsampleNearest2d(pair, scale: 2).doubles() == [0, 0, 1, 1, 0, 0, 1, 1])
    #expect(try upsampleBilinear2d(pair, outputSize: [1, 4]).doubles() == [0, 0.25, 0.75, 1])
    #expect(try upsampleBilinear2d(pair, outputSize: [1, 4], alignCorners: true).doubles()[1] == 1.0 / 3)
    #expect(
      try conv2d(image, weight: Tensor.ones([1, 1, 2, 2], type: .float64), stride: [2, 2]).doubles() == [
        10, 18, 42, 50,
      ])
    let spread = try convTranspose2d(pair, weight: Tensor.ones([1, 1, 1, 2], type: .float64), stride: [1, 2])
    #expect(try spread.doubles() == [0, 0, 1, 1])
    let grid = try affineGrid2d(Tensor([-1, 0, 0, 0, 1, 0] as [Double], shape: [1, 2, 3]), shape: [1, 1, 1, 2])
    #expect(try gridSample2d(pair, grid: grid).doubles() == [1, 0])
  }

  @Test("Normalization over layers and groups gives mean 0 and variance 1")
  func normalization() throws {
    let layers = try layerNorm(x, normalizedShape: [3], epsilon: 0)
    #expect(try layers.mean(over: [1]).abs().max().item() < 1e-12)
    #expect(try layers.variance(over: [1], correction: 0).isClose(to: Tensor.ones([2], type: .float64)))
    let groups = try groupNorm(x.reshape([1, 6, 1]), groupCount: 2, epsilon: 0).reshape([2, 3])
    #expect(try groups.isClose(to: layers))
  }

  @Test("In-place operators change the tensor itself, and lists of tensors in one call")
  func inPlace() throws {
    let a = try Tensor([1, 2] as [Double])
    let b = try Tensor([10, 20] as [Double])
    try a.addInPlace(b, alpha: 2).mulInPlace(3).subInPlace(b).divInPlace(2)
    #expect(try a.doubles() == [26.5, 53])
    try a.lerpInPlace(b, weight: 1)
    #expect(try a.doubles() == [10, 20])
    try a.addcmulInPlace(b, b, value: 0.5).clampInPlace(max: 100)
    #expect(try a.doubles() == [60, 100])
    #expect(try a.fillInPlace(4).doubles() == [4, 4] && a.zeroInPlace().doubles() == [0, 0])
    #expect(try a.copy(from: Tensor([7] as [Float])).doubles() == [7, 7])
    try Foreach.addInPlace([a, b], [b, b], alpha: 1)
    try Foreach.mulInPlace([a, b], 2)
    #expect(try a.doubles() == [34, 54] && b.doubles() == [40, 80])
    #expect(try Foreach.sqrt([Tensor([9] as [Double]), Tensor([16] as [Double])]).map { try $0.item() } == [3, 4])
    #expect(try Foreach.norm([Tensor([3, 4] as [Double])]).map { try $0.item() } == [5])
    try Foreach.zeroInPlace([a, b])
    #expect(try a.sum().item() == 0 && b.sum().item() == 0)
  }
}
