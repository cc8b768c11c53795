extension SegmentationMask {
  /// The mask thinned to lines one pixel wide that keep its pieces and holes, in 8-connectivity.
  ///
  /// Zhang and Suen 1984 (Communications of the ACM 27): in turns of two passes, all pixels at once lose those whose eight neighbors are
  /// removable in that pass. Which neighborhoods are, is the paper's rule but for `corners`, so that the result is that of scikit-image's
  /// `skeletonize` and thereby of Metrics Reloaded. Pixels beyond the image's edge count as outside.
  ///
  /// Only pixels whose neighborhood changed are looked at again, so the time grows with the pixels that are taken away, not with the
  /// width of the structure.
  public var skeleton: SegmentationMask {
    var thinning = Thinning(self)
    thinning.run()
    return thinning.result
  }
}

/// The work of one thinning, on a grid with a border of one pixel.
private struct Thinning {
  private let mask: SegmentationMask
  private let span: Int
  /// Bit 0: whether the pixel is there; bits 1 and 2: whether it waits for the first or the second pass.
  private var grid: [UInt8]
  private var waiting: [[Int32]] = [[], []]

  init(_ mask: SegmentationMask) {
    self.mask = mask
    span = mask.width + 2
    grid = [UInt8](repeating: 0, count: span * (mask.height + 2))
    for y in 0..<mask.height {
      for x in 0..<mask.width where mask.pixels[y * mask.width + x] { grid[(y + 1) * span + x + 1] = 1 }
    }
    for index in mask.rim { enqueue(index / mask.width * span + index % mask.width + span + 1) }
  }

  private mutating func enqueue(_ place: Int) {
    for pass in 0...1 where grid[place] & (2 << UInt8(pass)) == 0 {
      grid[place] |= 2 << UInt8(pass)
      waiting[pass].append(Int32(place))
    }
  }

  mutating func run() {
    while !waiting[0].isEmpty || !waiting[1].isEmpty {
      for pass in 0...1 { remove(inPass: pass) }
    }
  }

  private mutating func remove(inPass pass: Int) {
    let asked = waiting[pass], bit = UInt8(1 << pass)
    waiting[pass].removeAll(keepingCapacity: true)
    var removed: [Int] = []
    for place in asked.map(Int.init) {
      grid[place] &= ~(bit << 1)
      if grid[place] & 1 == 1, removability[neighborhood(of: place)] & bit != 0 { removed.append(place) }
    }
    for place in removed { grid[place] &= ~1 }
    for place in removed {
      for offset in [-span - 1, -span, -span + 1, 1, span + 1, span, span - 1, -1] where grid[place + offset] & 1 == 1 { enqueue(place + offset) }
    }
  }

  /// The neighbors as bits, from the upper left one clockwise.
  private func neighborhood(of place: Int) -> Int {
    func bit(_ offset: Int) -> Int { Int(grid[place + offset] & 1) }
    return bit(-span - 1) | bit(-span) << 1 | bit(-span + 1) << 2 | bit(1) << 3 | bit(span + 1) << 4 | bit(span) << 5 | bit(span - 1) << 6
      | bit(-1) << 7
  }

  var result: SegmentationMask {
    mask.keeping { grid[($0 / mask.width + 1) * span + $0 % mask.width + 1] & 1 == 1 }
  }
}

/// In which passes a pixel with each of the 256 neighborhoods is removed: bit 0 for the first, bit 1 for the second.
private let removability: [UInt8] = (0..<256).map { corners[$0] ?? zhangSuen($0) }

/// The rule of the paper: P₁ has two to six neighbors, there is one change from outside to inside around it, and of the first pass
/// P₂·P₄·P₆ = P₄·P₆·P₈ = 0, of the second P₂·P₄·P₈ = P₂·P₆·P₈ = 0, where P₂ is above, and the numbers go clockwise.
private func zhangSuen(_ neighbors: Int) -> UInt8 {
  // From above clockwise; bit 0 of the index is the upper left.
  let p = (1...8).map { neighbors >> ($0 % 8) & 1 }
  let changes = (0..<8).count { p[$0] == 0 && p[($0 + 1) % 8] == 1 }
  guard (2...6).contains(p.reduce(0, +)), changes == 1 else { return 0 }
  let (above, right, below, left) = (p[0], p[2], p[4], p[6])
  let first: UInt8 = above * right * below == 0 && right * below * left == 0 ? 1 : 0
  let second: UInt8 = above * right * left == 0 && above * below * left == 0 ? 2 : 0
  return first | second
}

/// The neighborhoods that scikit-image 0.26 (and the public-domain table of ImageJ, which it shares) treats otherwise than the paper:
/// the corners of stairs go, and ends of slanting lines stay or go in one pass alone. Found by comparing the two tables, entry by entry.
private let corners: [Int: UInt8] = [
  // Corners between two straight neighbors, which the paper keeps.
  10: 3, 40: 3, 130: 3, 160: 3,
  // The same with more pixels on the far side.
  11: 1, 134: 1, 161: 1, 194: 1, 198: 1, 26: 2, 104: 2, 108: 2, 176: 2,
  // Ends and edges that the paper removes in either pass.
  3: 1, 6: 1, 12: 1, 14: 1, 131: 1, 24: 2, 56: 2, 96: 2, 192: 2, 224: 2,
  // Ends that stay.
  48: 0, 129: 0,
]
