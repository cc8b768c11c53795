private enum ATen {
  static let nearest = Operator("aten::upsample_nearest2d")
  static let bilinear = Operator("aten::upsample_bilinear2d")
  static let bilinearAntialiased = Operator("aten::_upsample_bilinear2d_aa")
  static let bicubic = Operator("aten::upsample_bicubic2d")
  static let bicubicAntialiased = Operator("aten::_upsample_bicubic2d_aa")
  static let affineGrid = Operator("aten::affine_grid_generator")
  static let gridSample = Operator("aten::grid_sampler")
}

// Over `[batch, channels, height, width]`. Give either the output size or the scale: where a scale is given, source
// coordinates are computed from it, as `torch.nn.functional.interpolate` does with a `scale_factor`.

/// Every output pixel takes the nearest input pixel.
public func upsampleNearest2d(_ input: Tensor, outputSize: [Int], scale: [Double]? = nil) throws -> Tensor {
  try ATen.nearest(.tensor(input), .integers(outputSize), .optional(scale?.first), .optional(scale?.last))
}

/// As above, to `scale` times the height and the width, rounded down.
public func upsampleNearest2d(_ input: Tensor, scale: Double) throws -> Tensor {
  try upsampleNearest2d(input, outputSize: scaled(input, by: scale), scale: [scale, scale])
}

/// Every output pixel is the bilinear mean of its four neighbours.
public func upsampleBilinear2d(
  _ input: Tensor, outputSize: [Int], alignCorners: Bool = false, scale: [Double]? = nil
) throws -> Tensor {
  try ATen.bilinear(
    .tensor(input), .integers(outputSize), .boolean(alignCorners), .optional(scale?.first), .optional(scale?.last))
}

/// As above, to `scale` times the height and the width, rounded down.
public func upsampleBilinear2d(_ input: Tensor, scale: Double, alignCorners: Bool = false) throws -> Tensor {
  try upsampleBilinear2d(
    input, outputSize: scaled(input, by: scale), alignCorners: alignCorners, scale: [scale, scale])
}

/// Bilinear with a filter that widens as the image shrinks, as torchvision's `Resize` does.
public func resizeBilinearAntialiased2d(_ input: Tensor, outputSize: [Int], alignCorners: Bool = false) throws -> Tensor {
  try ATen.bilinearAntialiased(.tensor(input), .integers(outputSize), .boolean(alignCorners), .none, .none)
}

/// Every output pixel is the bicubic mean of its sixteen neighbours.
public func upsampleBicubic2d(_ input: Tensor, outputSize: [Int], alignCorners: Bool = false) throws -> Tensor {
  try ATen.bicubic(.tensor(input), .integers(outputSize), .boolean(alignCorners), .none, .none)
}

/// Bicubic (a = −1/2) with a filter that widens as the image shrinks, as torchvision's `Resize` does.
public func resizeBicubicAntialiased2d(_ input: Tensor, outputSize: [Int], alignCorners: Bool = false) throws -> Tensor {
  try ATen.bicubicAntialiased(.tensor(input), .integers(outputSize), .boolean(alignCorners), .none, .none)
}

/// The sampling grid `[batch, height, width, 2]` of affine maps `[batch, 2, 3]`, for `gridSample2d`.
public func affineGrid2d(_ maps: Tensor, shape: [Int], alignCorners: Bool = false) throws -> Tensor {
  try ATen.affineGrid(.tensor(maps), .integers(shape), .boolean(alignCorners))
}

/// How `gridSample2d` reads between pixels; the raw value is libtorch's.
public enum GridInterpolation: Int, Sendable { case bilinear, nearest, bicubic }

/// What `gridSample2d` reads outside the image; the raw value is libtorch's.
public enum GridPadding: Int, Sendable { case zeros, border, reflection }

/// Reads the image at the places of `grid` (`[batch, height, width, 2]`: x and y from −1 to 1).
public func gridSample2d(
  _ input: Tensor, grid: Tensor, interpolation: GridInterpolation = .bilinear, padding: GridPadding = .zeros,
  alignCorners: Bool = false
) throws -> Tensor {
  try ATen.gridSample(
    .tensor(input), .tensor(grid), .integer(interpolation.rawValue), .integer(padding.rawValue), .boolean(alignCorners))
}

private func scaled(_ input: Tensor, by scale: Double) -> [Int] {
  input.shape.suffix(2).map { Int((Double($0) * scale).rounded(.down)) }
}
