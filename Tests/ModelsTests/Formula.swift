import Foundation
import NeuralNetworks
import Torch

/// The closed formula of Tools/goldens/formula.py, in tensor operations so that networks of 60 million parameters fill quickly in a
/// debug build too. Whole-number arithmetic up to the last division: both sides get the same bits.
enum Formula {
  private static let remainder = Operator("aten::remainder_.Scalar")
  private static let modulus = 2_147_483_647

  /// Most of the time would go into fresh pages of memory, and into threads that wait for each other beside other tests.
  static let runtime = Result {
    TorchRuntime.configureAllocator()
    try TorchRuntime.setThreadCount(1)
  }

  /// u(name, i) in [−1, 1), float64.
  static func uniform(_ name: String, _ shape: [Int]) throws -> Tensor {
    try runtime.get()
    let x = try Tensor.arange(to: shape.reduce(1, *))
    try x.mulInPlace(48271).addInPlace(seed(name))
    try remainder.run(.tensor(x), .integer(modulus))
    for round in [40692, 69621] {
      try x.mulInPlace(x + round)
      try remainder.run(.tensor(x), .integer(modulus))
    }
    return try x.to(type: .float64).divInPlace(1_073_741_824.0).addInPlace(-1.0).reshape(shape)
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
