private enum ATen {
  static let normal = Operator("aten::normal_")
  static let uniform = Operator("aten::uniform_")
  static let bernoulli = Operator("aten::bernoulli_.float")
  static let randn = Operator("aten::randn.generator")
  static let rand = Operator("aten::rand.generator")
  static let randint = Operator("aten::randint.low_generator")
  static let randperm = Operator("aten::randperm.generator")
  static let multinomial = Operator("aten::multinomial")
}

// The generator is always named, and stands on the tensor's device: nothing draws from a stream that nobody seeded.
extension Tensor {
  /// Fills with draws from the normal law.
  @discardableResult
  public func normalInPlace(mean: Double = 0, standardDeviation: Double = 1, generator: Generator) throws -> Tensor {
    try ATen.normal.run(.tensor(self), .real(mean), .real(standardDeviation), .generator(generator))
    return self
  }

  /// Fills with draws from the uniform law on `[lower, upper)`.
  @discardableResult
  public func uniformInPlace(from lower: Double = 0, to upper: Double = 1, generator: Generator) throws -> Tensor {
    try ATen.uniform.run(.tensor(self), .real(lower), .real(upper), .generator(generator))
    return self
  }

  /// Fills with ones of that probability, and zeros.
  @discardableResult
  public func bernoulliInPlace(probability: Double, generator: Generator) throws -> Tensor {
    try ATen.bernoulli.run(.tensor(self), .real(probability), .generator(generator))
    return self
  }

  /// Draws from the standard normal law, on the generator's device.
  public static func randn(_ shape: [Int], generator: Generator, type: ScalarType = .float32) throws -> Tensor {
    try ATen.randn(.integers(shape), .generator(generator), .scalarType(type), .none, .device(generator.device))
  }

  /// Draws from the uniform law on `[0, 1)`, on the generator's device.
  public static func rand(_ shape: [Int], generator: Generator, type: ScalarType = .float32) throws -> Tensor {
    try ATen.rand(.integers(shape), .generator(generator), .scalarType(type), .none, .device(generator.device))
  }

  /// Integers of equal probability, on the generator's device.
  public static func randint(
    _ shape: [Int], in range: Range<Int>, generator: Generator, type: ScalarType = .int64
  )
    throws -> Tensor
  {
    try ATen.randint(
      .integer(range.lowerBound), .integer(range.upperBound), .integers(shape), .generator(generator),
      .scalarType(type), .none, .device(generator.device))
  }

  /// 0, 1, …, `count − 1` in an order of equal probability, on the generator's device.
  public static func randperm(_ count: Int, generator: Generator) throws -> Tensor {
    try ATen.randperm(
      .integer(count), .generator(generator), .scalarType(.int64), .none, .device(generator.device))
  }

  /// `count` indices drawn with these weights (`[…, classes]`, not negative).
  public func multinomial(_ count: Int, replacement: Bool = false, generator: Generator) throws -> Tensor {
    try ATen.multinomial(.tensor(self), .integer(count), .boolean(replacement), .generator(generator))
  }
}
