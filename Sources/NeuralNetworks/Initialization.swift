import Torch

/// The law that a parameter's first values are drawn from.
///
/// For a weight of shape `[output, input, height, width]` (or `[output, input]`), fan-in is `input · height · width` and
/// fan-out is `output · height · width`.
public enum Initialization: Sendable, Hashable {
  public enum Fan: Sendable, Hashable { case input, output }

  case constant(Double)
  /// N(0, σ²).
  case normal(standardDeviation: Double)
  /// U(−a, a).
  case uniform(bound: Double)
  /// N(0, 2 / fan): He et al., “Delving Deep into Rectifiers” (2015), equation 10, for ReLU.
  case kaimingNormal(Fan)
  /// U(−a, a) with a = √(6 / fan): the uniform law of the same variance as `kaimingNormal`.
  case kaimingUniform(Fan)
  /// U(−a, a) with a = √(6 / (fan-in + fan-out)): Glorot and Bengio (2010), equation 16.
  case xavierUniform

  public static let zeros = Initialization.constant(0)
  public static let ones = Initialization.constant(1)

  /// Draws on the CPU, contiguous.
  func values(shape: [Int], type: ScalarType, generator: Generator) throws -> Tensor {
    guard type == .float32 || type == .float64 else {
      throw NeuralNetworksError.unsupportedType("\(type)", use: "Parameters")
    }
    let tensor = try Tensor.empty(shape, type: type)
    let receptiveField = shape.dropFirst(2).reduce(1, *)
    let fanIn = Double((shape.count > 1 ? shape[1] : 1) * receptiveField)
    let fanOut = Double((shape.first ?? 1) * receptiveField)
    func fan(_ which: Fan) -> Double { which == .input ? fanIn : fanOut }
    func uniform(_ bound: Double) throws { try tensor.uniformInPlace(from: -bound, to: bound, generator: generator) }
    func normal(_ deviation: Double) throws {
      try tensor.normalInPlace(mean: 0, standardDeviation: deviation, generator: generator)
    }
    switch self {
    case .constant(let value): try tensor.fillInPlace(value)
    case .normal(let deviation): try normal(deviation)
    case .uniform(let bound): try uniform(bound)
    case .kaimingNormal(let which): try normal((2 / fan(which)).squareRoot())
    case .kaimingUniform(let which): try uniform((6 / fan(which)).squareRoot())
    case .xavierUniform: try uniform((6 / (fanIn + fanOut)).squareRoot())
    }
    return tensor
  }
}
