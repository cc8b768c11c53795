import Testing

@testable import Torch

@Suite("The memory of tensors in a scope", .serialized)
struct MemoryMeterTests {
  @Test("It is that of the tensors that were alive at once, and not of what came before or went")
  func peak() throws {
    let before = try Tensor.zeros([1000])
    try MemoryMeter.measuring { meter in
      #expect(meter.peak == 0)
      for _ in 0..<3 { _ = try Tensor.zeros([1 << 20]) }
      #expect(meter.peak == 4 << 20)
      let kept = try Tensor.zeros([1 << 10])
      meter.restart()
      #expect(meter.peak == 4 << 10)
      _ = try kept.add(kept)
      #expect(meter.peak == 8 << 10)
    }
    #expect(before.shape == [1000])
  }
}
