public import Datasets
import Imaging
import Studies

/// The first step of a recipe with `reducedSize`: images larger than that are made smaller before anything else is done.
///
/// The shorter side becomes `size`, the longer one follows in proportion; smaller images stay as they are. What comes out is stored
/// in 8 bits where the file has at most 8, else in 16, with or without a cache, so that the cache changes no number. Masks follow by
/// nearest neighbor.
struct ImageReduction: Hashable, Sendable {
  let size: Int
  let filter: ResizeFilter

  /// nil where the recipe keeps images as they are.
  init?(_ recipe: Recipe) {
    guard let size = recipe.reducedSize else { return nil }
    self.size = size
    filter = ResizeFilter(recipe.interpolation)
  }

  /// For keys, so no word here ever changes.
  var words: String { "reduced \(size) \(filter.rawValue)" }

  func reducedSize(width: Int, height: Int) -> (width: Int, height: Int) {
    let shorter = min(width, height)
    guard shorter > size else { return (width, height) }
    func scaled(_ side: Int) -> Int { (side * size + shorter / 2) / shorter }
    return (scaled(width), scaled(height))
  }

  func apply(to buffer: PixelBuffer) throws -> PixelBuffer {
    let target = reducedSize(width: buffer.width, height: buffer.height)
    guard target != (buffer.width, buffer.height) else { return buffer }
    return try buffer.resized(width: target.width, height: target.height, filter: filter)
  }

  func apply(to mask: Mask) throws -> Mask {
    let target = reducedSize(width: mask.width, height: mask.height)
    return try mask.resized(width: target.width, height: target.height)
  }
}

extension ResizeFilter {
  init(_ interpolation: Interpolation) {
    switch interpolation {
    case .bilinear: self = .bilinearAntialiased
    case .bicubic: self = .bicubicAntialiased
    case .nearest: self = .nearest
    }
  }
}
