/// A binary mask, row by row from the top.
public struct SegmentationMask: Hashable, Sendable {
  public let width: Int
  public let height: Int
  public private(set) var pixels: [Bool]

  /// - Returns: nil when there are not width × height pixels.
  public init?(width: Int, height: Int, pixels: [Bool]) {
    guard width > 0, height > 0, pixels.count == width * height else { return nil }
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  public var isEmpty: Bool { !pixels.contains(true) }

  /// The pixels of the structure with one of their four neighbors outside of it; the edge of the image counts as outside. Rising.
  var boundary: [Int] {
    pixels.withUnsafeBufferPointer { pixels in
      var found = [Int]()
      for y in 0..<height {
        for index in y * width..<(y + 1) * width where pixels[index] {
          let x = index - y * width
          if x == 0 || y == 0 || x == width - 1 || y == height - 1 || !pixels[index - 1] || !pixels[index + 1] || !pixels[index - width]
            || !pixels[index + width]
          {
            found.append(index)
          }
        }
      }
      return found
    }
  }

  /// The pixels of the structure with one of their eight neighbors outside of it. Rising.
  var rim: [Int] {
    pixels.withUnsafeBufferPointer { pixels in
      var found = [Int]()
      for y in 0..<height {
        for index in y * width..<(y + 1) * width where pixels[index] {
          let x = index - y * width
          let isInner =
            x > 0 && y > 0 && x < width - 1 && y < height - 1
            && [-width, 0, width].allSatisfy { pixels[index + $0 - 1] && pixels[index + $0] && pixels[index + $0 + 1] }
          if !isInner { found.append(index) }
        }
      }
      return found
    }
  }

  /// The mask without the pixels that do not stay.
  func keeping(_ stays: (Int) -> Bool) -> SegmentationMask {
    var mask = self
    for index in pixels.indices where pixels[index] && !stays(index) { mask.pixels[index] = false }
    return mask
  }

  /// The number of pixels of the structure, and how many of them are another's too.
  func count(within other: SegmentationMask) -> (all: Int, shared: Int) {
    var all = 0, shared = 0
    for (own, its) in zip(pixels, other.pixels) where own {
      all += 1
      if its { shared += 1 }
    }
    return (all, shared)
  }
}
