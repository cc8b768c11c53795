public import Torch

/// Where the patches of a picture's jigsaw puzzle lie: one of each cell of a 3 × 3 grid, in the order in which they are shown.
public struct JigsawCut: Codable, Hashable, Sendable {
  public static let cells = 9

  /// The upper left corners `[top, left]` of the nine patches, in pixels.
  public var corners: [[Int]]

  public init(corners: [[Int]]) { self.corners = corners }
}

/// The patches of each image, `[batch, 9, channels, side, side]`.
///
/// - Parameters:
///   - images: `[batch, channels, height, width]`
///   - side: of a patch, in pixels; each lies within its image.
public func jigsawPatches(_ images: Tensor, cuts: [JigsawCut], side: Int) throws -> Tensor {
  let batch = images.shape[0], cells = JigsawCut.cells
  func places(_ axis: Int) -> [Int] { cuts.flatMap { cut in cut.corners.flatMap { corner in (0..<side).map { corner[axis] + $0 } } } }
  let rows = try Tensor.placed(places(0), shape: [batch, cells, side, 1], like: images)
  let columns = try Tensor.placed(places(1), shape: [batch, cells, 1, side], like: images)
  let image = try Tensor.placed(Array(0..<batch), shape: [batch, 1, 1, 1], like: images)
  return try images.permute([0, 2, 3, 1]).index([image, rows, columns]).permute([0, 1, 4, 2, 3]).contiguous()
}
