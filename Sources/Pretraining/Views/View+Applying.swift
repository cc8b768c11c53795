public import Studies
public import Torch

extension View {
  /// The view of each image of a batch, by what was drawn for it.
  ///
  /// - Parameters:
  ///   - images: `[batch, channels, height, width]`, in 0…1; uint8 levels are divided by 255.
  ///   - parameters: one an image.
  ///   - inputSize: the side of a full view.
  ///   - fill: the brightness, by channel, of what comes into a picture from outside.
  /// - Returns: `[batch, channels, side, side]` in 0…1; of a jigsaw `[batch × cells, channels, side, side]`.
  public func apply(_ parameters: [ViewParameters], to images: Tensor, inputSize: Int, fill: [Double]) throws -> Tensor {
    let images = images.scalarType == .uint8 ? try images.to(type: .float32) / 255 : images
    var seen = try cropResized(
      images, boxes: parameters.map(\.crop), isMirrored: parameters.map(\.isMirrored), size: geometry.cutSide(inputSize: inputSize),
      interpolation: augmentation.interpolation)
    // The cubic's kernel overshoots; a picture's levels do not.
    if augmentation.interpolation == .bicubic { seen = try seen.clamp(min: 0, max: 1) }
    for place in 0..<(parameters.map(\.operations.count).max() ?? 0) {
      seen = try Self.apply(parameters.map { $0.operations.indices.contains(place) ? $0.operations[place] : nil }, to: seen, fill: fill)
    }
    guard case .jigsaw(let jigsaw) = geometry else { return seen }
    let side = jigsaw.patchSide(inputSize: inputSize)
    let patches = try jigsawPatches(seen, cuts: parameters.map { $0.cut ?? JigsawCut(corners: []) }, side: side)
    return try patches.reshape([-1, seen.shape[1], side, side])
  }

  /// One operation for each image, or none; those of one name together.
  private static func apply(_ operations: [DrawnOperation?], to images: Tensor, fill: [Double]) throws -> Tensor {
    var rows: [String: [Int]] = [:], images = images
    for (row, operation) in operations.enumerated() { if let operation { rows[operation.name, default: []].append(row) } }
    for (_, members) in rows.sorted(by: { $0.key < $1.key }) {
      let chosen = members.compactMap { operations[$0] }
      if members.count == images.shape[0] { return try DrawnOperation.apply(chosen, to: images, fill: fill) }
      let indices = try Tensor.placed(members, shape: [members.count], like: images)
      let changed = try DrawnOperation.apply(chosen, to: images.indexSelect(along: 0, indices), fill: fill)
      // Out of place: the first of them may be the very tensor that was given.
      images = try images.indexPut([indices], values: changed)
    }
    return images
  }
}

extension View {
  /// The shape of the view of so many images, as a method gets it.
  public func shape(images: Int, recipe: Recipe) -> [Int] {
    guard case .jigsaw(let jigsaw) = geometry else {
      let side = geometry.cutSide(inputSize: recipe.inputSize)
      return [images, recipe.inputChannels, side, side]
    }
    let side = jigsaw.patchSide(inputSize: recipe.inputSize)
    return [images * jigsaw.cellCount, recipe.inputChannels, side, side]
  }
}
