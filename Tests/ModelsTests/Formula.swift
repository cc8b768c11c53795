import Foundation
import NeuralNetworks
import Torch

/// The closed formula of Tools/goldens/formula.py, in tensor operations so that networks of 60 million parameters fill quickly in a
/// debug build too. Whole-number arithmetic up to the last division: both sides get the same bits.
enum Formula {
  private static let remainder = Operator("aten::remainder_.Scalar")
  private static let masked = Operator("aten::bitwise_and_.Scalar")
  private static let shifted = Operator("aten::__rshift__.Scalar")
  private static let modulus = 2_147_483_647

  /// Most of the time would go into fresh pages of memory, and into threads that wait for each other beside other tests.
  static let runtime = Result {
    TorchRuntime.configureAllocator()
    try TorchRuntime.setThreadCount(1)
  }

  /// u(name, i) in [−1, 1), float64.
  static func uniform(_ name: String, _ shape: [Int]) throws -> Tensor {
    try runtime.get()
    let count = shape.reduce(1, *)
    let all = try Tensor.zeros([count], type: .float64)
    // Piece by piece, so that what is in work stays in the processor's cache.
    for start in stride(from: 0, to: count, by: 1 << 16) {
      let end = min(count, start + 1 << 16)
      let x = try Tensor.arange(to: end - start).addInPlace(start)
      try x.mulInPlace(48271).addInPlace(seed(name))
      for round in [40692, 69621] {
        try fold(x)
        try x.mulInPlace(x + round)
      }
      try fold(x)
      // A folded number may still be the modulus, or one more.
      try remainder.run(.tensor(x), .integer(modulus))
      try all.narrow(along: 0, start: start, count: end - start).copy(from: x.to(type: .float64))
    }
    return try all.divInPlace(1_073_741_824.0).addInPlace(-1.0).reshape(shape)
  }

  /// The same number by the modulus, no more than one above it: for 2³¹ − 1 the upper bits count as ones, which is much faster than a division.
  private static func fold(_ x: Tensor) throws {
    for _ in 0..<2 {
      let upper = try shifted(.tensor(x), .integer(31))
      try masked.run(.tensor(x), .integer(modulus))
      try x.addInPlace(upper)
    }
  }

  /// FNV-1a, 32 bit.
  private static func seed(_ name: String) -> Int {
    Int(name.utf8.reduce(UInt32(0x811C_9DC5)) { ($0 ^ UInt32($1)) &* 0x0100_0193 })
  }

  static func stateValue(_ name: String, _ shape: [Int]) throws -> Tensor {
    if name.hasSuffix(".num_batches_tracked") { return try Tensor.zeros(shape, type: .int64) }
    let u = try uniform(name, shape)
    let fanIn = Double(shape.dropFirst().reduce(1, *))
    if shape.count == 4 { return try u.mulInPlace((6 / fanIn).squareRoot()) }
    if shape.count == 2 { return try u * (3 / fanIn).squareRoot() }
    if name.hasSuffix(".running_var") || name.hasSuffix(".weight") { return try u * 0.25 + 1.0 }
    return try u * 0.1
  }

  static func fill(_ store: ParameterStore) throws {
    var named: [String: Tensor] = [:]
    for (name, tensor) in store.state { named[name] = try stateValue(name, tensor.shape) }
    try store.load(named)
  }

  /// Sum, sum of magnitudes, projection on u("probe/" + name).
  static func summary(_ name: String, _ tensor: Tensor) throws -> [Double] {
    let t = try tensor.detach().to(type: .float64)
    let probe = try uniform("probe/" + name, t.shape)
    return try [t.sum().item(), t.abs().sum().item(), (t * probe).sum().item()]
  }
}
