import Foundation
import Foundations
import Testing
import Torch

@Suite("Generators")
struct RandomTests {
  @Test("The same seed gives the same bytes, another seed others")
  func seeds() throws {
    let draw = { (seed: UInt64) in try Tensor.randn([1000], generator: Generator(seed: seed)).bytes() }
    #expect(try draw(7) == draw(7))
    #expect(try draw(7) != draw(8))
    #expect(try draw(.max) == draw(.max))
    #expect(try Generator(seed: .max).seed == .max)
  }

  @Test("A state that was saved continues the stream at the same number, in another generator too")
  func states() throws {
    let generator = try Generator(seed: 3)
    _ = try Tensor.randn([17], generator: generator)
    let state = try generator.state()
    let next = try Tensor.zeros([100]).normalInPlace(generator: generator).bytes()
    try generator.setState(state)
    #expect(try Tensor.zeros([100]).normalInPlace(generator: generator).bytes() == next)
    let other = try Generator(seed: 999)
    try other.setState(state)
    #expect(try Tensor.zeros([100]).normalInPlace(generator: other).bytes() == next)
  }

  @Test("Bytes that are no state of a generator are refused")
  func wrongState() throws {
    #expect(throws: TorchError.self) { try Generator(seed: 1).setState(Data([1, 2, 3])) }
  }

  @Test("Setting the seed starts its stream again")
  func setSeed() throws {
    let generator = try Generator(seed: 5)
    let first = try Tensor.rand([10], generator: generator).bytes()
    try generator.setSeed(5)
    #expect(try Tensor.rand([10], generator: generator).bytes() == first)
  }

  @Test("Draws follow their law")
  func laws() throws {
    let generator = try Generator(seed: 11)
    let normal = try Tensor.empty([100_000]).normalInPlace(mean: 2, standardDeviation: 3, generator: generator)
    #expect(abs(try normal.mean().item() - 2) < 0.05)
    #expect(abs(try normal.standardDeviation().item() - 3) < 0.05)
    let uniform = try Tensor.empty([100_000]).uniformInPlace(from: -1, to: 3, generator: generator)
    #expect(try uniform.amin().item() >= -1 && uniform.amax().item() < 3)
    #expect(abs(try uniform.mean().item() - 1) < 0.02)
    let coin = try Tensor.empty([100_000]).bernoulliInPlace(probability: 0.3, generator: generator)
    #expect(abs(try coin.mean().item() - 0.3) < 0.01)
    let permutation = try Tensor.randperm(50, generator: generator).integers()
    #expect(permutation.sorted() == (0..<50).map(Int64.init) && permutation != permutation.sorted())
    let integers = try Tensor.randint([1000], in: 3..<6, generator: generator).integers()
    #expect(Set(integers) == [3, 4, 5])
  }

  @Test("Dropout keeps the mean in training and does nothing in evaluation")
  func dropouts() throws {
    let x = try Tensor.ones([100_000])
    let y = try dropout(x, probability: 0.25, training: true)
    #expect(abs(try y.mean().item() - 1) < 0.02)
    #expect(abs(try (y .== 0).to(type: .float32).mean().item() - 0.25) < 0.01)
    #expect(try dropout(x, probability: 0.25, training: false).isEqual(to: x))
  }
}
