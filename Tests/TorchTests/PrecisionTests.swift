import Foundation
import Foundations
import Testing
import Torch

@Suite("Precision and layout")
struct PrecisionTests {
  private func convolution() throws -> (image: Tensor, weight: Tensor) {
    let generator = try Generator(seed: 1)
    return (
      try Tensor.randn([2, 8, 9, 9], generator: generator),
      try Tensor.randn([16, 8, 3, 3], generator: generator).setRequiresGradient(true)
    )
  }

  @Test("Autocast convolves in bfloat16 and leaves parameters and gradients in float32")
  func autocast() throws {
    let (image, weight) = try convolution()
    let exact = try conv2d(image, weight: weight)
    let loss = try withAutocast(.bfloat16, on: .cpu) {
      #expect(autocastIsEnabled(on: .cpu))
      let y = try conv2d(image, weight: weight)
      #expect(y.scalarType == .bfloat16)
      let error = try (y.to(type: .float32) - exact).abs().max().item()
      // 8 bits of mantissa over 72 products of size 1.
      #expect(error > 0 && error < 0.2)
      return try y.to(type: .float32).square().mean()
    }
    #expect(!autocastIsEnabled(on: .cpu))
    #expect(loss.scalarType == .float32)
    try loss.backward()
    #expect(weight.gradient?.scalarType == .float32)
    #expect(weight.scalarType == .float32)
  }

  @Test("Autocast inside autocast can be turned off, and comes on again after it")
  func nestedAutocast() throws {
    let (image, weight) = try convolution()
    let (inside, after) = try withAutocast(on: .cpu) {
      let inside = try withAutocast(on: .cpu, enabled: false) { try conv2d(image, weight: weight) }
      return (inside, try conv2d(image, weight: weight))
    }
    #expect(inside.scalarType == .float32)
    #expect(after.scalarType == .bfloat16)
    #expect(try conv2d(image, weight: weight).scalarType == .float32)
  }

  @Test("An error in an autocast scope leaves the scope")
  func autocastError() throws {
    let (image, weight) = try convolution()
    #expect(throws: TorchError.self) { try withAutocast(on: .cpu) { try conv2d(weight, weight: image) } }
    #expect(!autocastIsEnabled(on: .cpu))
    #expect(try conv2d(image, weight: weight).scalarType == .float32)
    let refused = try #require(throws: TorchError.self) { try withAutocast(.float64, on: .cpu) {} }
    #expect(refused.description == "Autocast cannot compute in float64. Choose bfloat16 or float16.")
  }

  @Test("A weight that changes between two autocast scopes is cast anew")
  func autocastCacheEnds() throws {
    let (image, weight) = try convolution()
    let before = try withAutocast(on: .cpu) { try conv2d(image, weight: weight).detach() }
    try withoutGradient { _ = try weight.mulInPlace(2) }
    let after = try withAutocast(on: .cpu) { try conv2d(image, weight: weight).detach() }
    #expect(try (before * 2).isEqual(to: after))
  }

  @Test("A channels-last image stays so through convolution, batch norm, relu, pooling and upsampling")
  func channelsLast() throws {
    let (image, weight) = try convolution()
    let x = try image.contiguous(.channelsLast)
    #expect(x.isContiguous(.channelsLast) && !x.isContiguous())
    #expect(x.shape == [2, 8, 9, 9])
    #expect(try x.isEqual(to: image))
    let y = try conv2d(x, weight: weight.to(memoryFormat: .channelsLast), padding: [1, 1])
    let normal = try batchNorm(
      y, weight: nil, bias: nil, runningMean: nil, runningVariance: nil, training: true)
    let pooled = try maxPool2d(normal.relu(), kernelSize: [3, 3], stride: [2, 2], padding: [1, 1])
    let larger = try upsampleNearest2d(pooled, scale: 2)
    for (name, tensor) in [("conv2d", y), ("batchNorm", normal), ("maxPool2d", pooled), ("upsample", larger)] {
      #expect(tensor.isContiguous(.channelsLast), "\(name)")
    }
    let plain = try conv2d(image, weight: weight, padding: [1, 1])
    #expect(try y.isClose(to: plain, relativeTolerance: 1e-4, absoluteTolerance: 1e-4))
  }

  @Test("Batch norm in training moves the running statistics by the momentum, with the unbiased variance")
  func batchNormStatistics() throws {
    let x = try Tensor([1, 2, 3, 6] as [Float], shape: [4, 1, 1, 1])
    let mean = try Tensor([0] as [Float])
    let variance = try Tensor([1] as [Float])
    let y = try batchNorm(
      x, weight: nil, bias: nil, runningMean: mean, runningVariance: variance, training: true, momentum: 0.5, epsilon: 0
    )
    #expect(try mean.item() == 1.5)
    #expect(abs(try variance.item() - (0.5 + 0.5 * 14 / 3)) < 1e-6)
    #expect(abs(try y.mean().item()) < 1e-6)
    let evaluated = try batchNorm(
      x, weight: nil, bias: nil, runningMean: mean, runningVariance: Tensor([4] as [Float]), training: false, epsilon: 0
    )
    #expect(try evaluated.floats() == [-0.25, 0.25, 0.75, 2.25])
  }
}
