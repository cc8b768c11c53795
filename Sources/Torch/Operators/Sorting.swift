private enum ATen {
  static let topk = Operator("aten::topk")
  static let sort = Operator("aten::sort.stable")
  static let argsort = Operator("aten::argsort.stable")
  static let unique = Operator("aten::_unique2")
  static let searchSorted = Operator("aten::searchsorted.Tensor")
  static let binCount = Operator("aten::bincount")
}

extension Tensor {
  /// The `count` greatest (or least) elements along a dimension, in order, and where they stand (int64).
  public func topk(
    _ count: Int, along dimension: Int = -1, largest: Bool = true
  ) throws -> (
    values: Tensor, indices: Tensor
  ) {
    try ATen.topk.pair(.tensor(self), .integer(count), .integer(dimension), .boolean(largest), .boolean(true))
  }

  /// The elements in order along a dimension, and where they stood (int64); equal ones keep their order.
  public func sort(along dimension: Int = -1, descending: Bool = false) throws -> (values: Tensor, indices: Tensor) {
    try ATen.sort.pair(.tensor(self), .boolean(true), .integer(dimension), .boolean(descending))
  }

  /// Where the elements stand that come first, second, … in order (int64); equal ones keep their order.
  public func argsort(along dimension: Int = -1, descending: Bool = false) throws -> Tensor {
    try ATen.argsort(.tensor(self), .boolean(true), .integer(dimension), .boolean(descending))
  }

  /// The different elements in order, for each element which of them it is, and how often each occurs.
  public func unique() throws -> (values: Tensor, inverse: Tensor, counts: Tensor) {
    try ATen.unique.triple(.tensor(self), .boolean(true), .boolean(true), .boolean(true))
  }

  /// Where each of `values` would go into this sorted tensor, before equal ones or after them.
  public func searchSorted(_ values: Tensor, afterEqual: Bool = false) throws -> Tensor {
    try ATen.searchSorted(.tensor(self), .tensor(values), .boolean(false), .boolean(afterEqual))
  }

  /// How often each of 0, 1, … occurs among integers that are not negative.
  public func binCount(weights: Tensor? = nil, minimumCount: Int = 0) throws -> Tensor {
    try ATen.binCount(.tensor(self), .optional(weights), .integer(minimumCount))
  }
}
