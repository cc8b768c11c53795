private enum ATen {
  static let sum = Operator("aten::sum")
  static let sumOver = Operator("aten::sum.dim_IntList")
  static let mean = Operator("aten::mean")
  static let meanOver = Operator("aten::mean.dim")
  static let prod = Operator("aten::prod")
  static let amax = Operator("aten::amax")
  static let amin = Operator("aten::amin")
  static let max = Operator("aten::max")
  static let min = Operator("aten::min")
  static let maxAlong = Operator("aten::max.dim")
  static let minAlong = Operator("aten::min.dim")
  static let standardDeviation = Operator("aten::std.correction")
  static let variance = Operator("aten::var.correction")
  static let norm = Operator("aten::linalg_vector_norm")
  static let logSumExp = Operator("aten::logsumexp")
  static let cumulativeSum = Operator("aten::cumsum")
  static let all = Operator("aten::all")
  static let allAlong = Operator("aten::all.dim")
  static let any = Operator("aten::any")
  static let anyAlong = Operator("aten::any.dim")
  static let argmax = Operator("aten::argmax")
  static let argmin = Operator("aten::argmin")
  static let median = Operator("aten::median")
  static let countNonzero = Operator("aten::count_nonzero")
}

// Without dimensions a reduction is over all of them. `keep` leaves those that are reduced, with size 1.
extension Tensor {
  /// The sum, in `type` if given; integers and truth values are summed in int64.
  public func sum(type: ScalarType? = nil) throws -> Tensor { try ATen.sum(.tensor(self), .optional(type)) }

  public func sum(over dimensions: [Int], keep: Bool = false, type: ScalarType? = nil) throws -> Tensor {
    try ATen.sumOver(.tensor(self), .integers(dimensions), .boolean(keep), .optional(type))
  }

  public func mean(type: ScalarType? = nil) throws -> Tensor { try ATen.mean(.tensor(self), .optional(type)) }

  public func mean(over dimensions: [Int], keep: Bool = false, type: ScalarType? = nil) throws -> Tensor {
    try ATen.meanOver(.tensor(self), .integers(dimensions), .boolean(keep), .optional(type))
  }

  /// The product.
  public func prod() throws -> Tensor { try ATen.prod(.tensor(self)) }

  /// The greatest element; equal ones share the gradient.
  public func amax(over dimensions: [Int] = [], keep: Bool = false) throws -> Tensor {
    try ATen.amax(.tensor(self), .integers(dimensions), .boolean(keep))
  }

  /// The least element; equal ones share the gradient.
  public func amin(over dimensions: [Int] = [], keep: Bool = false) throws -> Tensor {
    try ATen.amin(.tensor(self), .integers(dimensions), .boolean(keep))
  }

  public func max() throws -> Tensor { try ATen.max(.tensor(self)) }

  public func min() throws -> Tensor { try ATen.min(.tensor(self)) }

  /// The greatest elements along a dimension, and where they stand (int64).
  public func max(along dimension: Int, keep: Bool = false) throws -> (values: Tensor, indices: Tensor) {
    try ATen.maxAlong.pair(.tensor(self), .integer(dimension), .boolean(keep))
  }

  /// The least elements along a dimension, and where they stand (int64).
  public func min(along dimension: Int, keep: Bool = false) throws -> (values: Tensor, indices: Tensor) {
    try ATen.minAlong.pair(.tensor(self), .integer(dimension), .boolean(keep))
  }

  /// The root of the variance; `correction` 1 divides by `n − 1`, 0 by `n`.
  public func standardDeviation(over dimensions: [Int]? = nil, correction: Int = 1, keep: Bool = false) throws -> Tensor {
    try ATen.standardDeviation(.tensor(self), .optional(dimensions), .integer(correction), .boolean(keep))
  }

  /// The mean squared distance from the mean; `correction` 1 divides by `n − 1`, 0 by `n`.
  public func variance(over dimensions: [Int]? = nil, correction: Int = 1, keep: Bool = false) throws -> Tensor {
    try ATen.variance(.tensor(self), .optional(dimensions), .integer(correction), .boolean(keep))
  }

  /// `(Σ |x|^order)^(1/order)`
  public func norm(
    order: Double = 2, over dimensions: [Int]? = nil, keep: Bool = false, type: ScalarType? = nil
  ) throws -> Tensor {
    try ATen.norm(.tensor(self), .real(order), .optional(dimensions), .boolean(keep), .optional(type))
  }

  /// `log Σ exp(x)`, without overflow.
  public func logSumExp(over dimensions: [Int], keep: Bool = false) throws -> Tensor {
    try ATen.logSumExp(.tensor(self), .integers(dimensions), .boolean(keep))
  }

  /// The sums up to each place of a dimension.
  public func cumulativeSum(along dimension: Int, type: ScalarType? = nil) throws -> Tensor {
    try ATen.cumulativeSum(.tensor(self), .integer(dimension), .optional(type))
  }

  /// Whether every element is true (not zero).
  public func all() throws -> Tensor { try ATen.all(.tensor(self)) }

  public func all(along dimension: Int, keep: Bool = false) throws -> Tensor {
    try ATen.allAlong(.tensor(self), .integer(dimension), .boolean(keep))
  }

  /// Whether at least one element is true (not zero).
  public func any() throws -> Tensor { try ATen.any(.tensor(self)) }

  public func any(along dimension: Int, keep: Bool = false) throws -> Tensor {
    try ATen.anyAlong(.tensor(self), .integer(dimension), .boolean(keep))
  }

  /// Where the greatest element stands (int64), in all or along a dimension.
  public func argmax(along dimension: Int? = nil, keep: Bool = false) throws -> Tensor {
    try ATen.argmax(.tensor(self), .optional(dimension), .boolean(keep))
  }

  /// Where the least element stands (int64), in all or along a dimension.
  public func argmin(along dimension: Int? = nil, keep: Bool = false) throws -> Tensor {
    try ATen.argmin(.tensor(self), .optional(dimension), .boolean(keep))
  }

  /// The middle element, of an even number the lower one.
  public func median() throws -> Tensor { try ATen.median(.tensor(self)) }

  /// How many elements are not zero (int64).
  public func countNonzero() throws -> Tensor { try ATen.countNonzero(.tensor(self)) }
}
