private enum ATen {
  static let indexSelect = Operator("aten::index_select")
  static let gather = Operator("aten::gather")
  static let scatterValues = Operator("aten::scatter.src")
  static let scatterValue = Operator("aten::scatter.value")
  static let indexTensor = Operator("aten::index.Tensor")
  static let indexPut = Operator("aten::index_put")
  static let indexPutInPlace = Operator("aten::index_put_")
  static let indexAdd = Operator("aten::index_add")
  static let maskedFill = Operator("aten::masked_fill.Scalar")
  static let maskedSelect = Operator("aten::masked_select")
  static let nonzero = Operator("aten::nonzero")
  static let oneHot = Operator("aten::one_hot")
  static let take = Operator("aten::take")
  static let tril = Operator("aten::tril")
  static let triu = Operator("aten::triu")
  static let diagonal = Operator("aten::diagonal")
}

// Indices are tensors of int64.
extension Tensor {
  /// The places `indices` of a dimension.
  public func indexSelect(along dimension: Int, _ indices: Tensor) throws -> Tensor {
    try ATen.indexSelect(.tensor(self), .integer(dimension), .tensor(indices))
  }

  /// For every place of `indices`, the element that stands there along the dimension.
  public func gather(along dimension: Int, _ indices: Tensor) throws -> Tensor {
    try ATen.gather(.tensor(self), .integer(dimension), .tensor(indices))
  }

  /// A copy with the elements of `source` put to `indices` along the dimension; the inverse of `gather`.
  public func scatter(along dimension: Int, _ indices: Tensor, source: Tensor) throws -> Tensor {
    try ATen.scatterValues(.tensor(self), .integer(dimension), .tensor(indices), .tensor(source))
  }

  public func scatter(along dimension: Int, _ indices: Tensor, value: some ScalarValue) throws -> Tensor {
    try ATen.scatterValue(.tensor(self), .integer(dimension), .tensor(indices), value.argument)
  }

  /// The elements at the given indices of the leading dimensions, which are broadcast together; nil takes a whole
  /// dimension, and a tensor of truth values the places where it is true.
  public func index(_ indices: [Tensor?]) throws -> Tensor {
    try ATen.indexTensor(.tensor(self), .optionalTensors(indices))
  }

  /// A copy with `values` at the given indices, or added there.
  public func indexPut(_ indices: [Tensor?], values: Tensor, accumulate: Bool = false) throws -> Tensor {
    try ATen.indexPut(.tensor(self), .optionalTensors(indices), .tensor(values), .boolean(accumulate))
  }

  @discardableResult
  public func indexPutInPlace(_ indices: [Tensor?], values: Tensor, accumulate: Bool = false) throws -> Tensor {
    try ATen.indexPutInPlace.run(.tensor(self), .optionalTensors(indices), .tensor(values), .boolean(accumulate))
    return self
  }

  /// A copy with the slices of `source` added to the places `indices` of a dimension.
  public func indexAdd(along dimension: Int, _ indices: Tensor, source: Tensor) throws -> Tensor {
    try ATen.indexAdd(.tensor(self), .integer(dimension), .tensor(indices), .tensor(source))
  }

  /// A copy with `value` wherever `mask` is true.
  public func maskedFill(_ mask: Tensor, value: some ScalarValue) throws -> Tensor {
    try ATen.maskedFill(.tensor(self), .tensor(mask), value.argument)
  }

  /// The elements where `mask` is true, as one dimension.
  public func maskedSelect(_ mask: Tensor) throws -> Tensor { try ATen.maskedSelect(.tensor(self), .tensor(mask)) }

  /// The indices of the elements that are not zero, `[count, dimensions]`.
  public func nonzero() throws -> Tensor { try ATen.nonzero(.tensor(self)) }

  /// Class numbers as rows of zeros with a one (int64).
  public func oneHot(classCount: Int) throws -> Tensor { try ATen.oneHot(.tensor(self), .integer(classCount)) }

  /// The elements at places in row-major order.
  public func take(_ indices: Tensor) throws -> Tensor { try ATen.take(.tensor(self), .tensor(indices)) }

  /// The matrix without what is above the diagonal.
  public func lowerTriangle(diagonal: Int = 0) throws -> Tensor { try ATen.tril(.tensor(self), .integer(diagonal)) }

  /// The matrix without what is below the diagonal.
  public func upperTriangle(diagonal: Int = 0) throws -> Tensor { try ATen.triu(.tensor(self), .integer(diagonal)) }

  /// The diagonal of a matrix, as a view.
  public func diagonal(offset: Int = 0) throws -> Tensor { try ATen.diagonal(.tensor(self), .integer(offset)) }
}
