/// Exact distances from some pixels to the nearest of others: along the columns, then along the rows, as the lower envelope of
/// parabolas (Felzenszwalb and Huttenlocher 2012, Theory of Computing 8), in time linear in the pixels between the outermost of all.
///
/// Only the rows that are asked about get an envelope, and the grid keeps one small number a pixel, so that masks of twenty million
/// pixels need no gigabyte.
struct DistanceTransform {
  private let width: Int
  private let spacing: (x: Double, y: Double)
  private let columns: ClosedRange<Int>
  private let rows: ClosedRange<Int>
  /// How many rows off the nearest site of the same column is; `none` where the column has no site.
  private var steps: [Int32]

  private static let none = Int32.max

  /// Nil where there is no site.
  ///
  /// - Parameters:
  ///   - sites: the pixels that distances are to, as y · width + x.
  ///   - points: all pixels that will be asked about; rising.
  init?(to sites: [Int], askedAt points: [Int], width: Int, spacing: (x: Double, y: Double)) {
    guard let first = sites.first else { return nil }
    self.width = width
    self.spacing = spacing
    var (left, right, top, bottom) = (first % width, first % width, first / width, first / width)
    for pixel in [sites, points].joined() {
      let (x, y) = (pixel % width, pixel / width)
      (left, right, top, bottom) = (min(left, x), max(right, x), min(top, y), max(bottom, y))
    }
    columns = left...right
    rows = top...bottom
    steps = [Int32](repeating: Self.none, count: columns.count * rows.count)
    let span = columns.count, last = rows.count
    steps.withUnsafeMutableBufferPointer { steps in
      for site in sites { steps[(site / width - top) * span + site % width - left] = 0 }
      for y in 1..<max(last, 1) {
        for index in y * span..<(y + 1) * span where steps[index - span] != Self.none {
          steps[index] = min(steps[index], steps[index - span] + 1)
        }
      }
      for y in stride(from: last - 2, through: 0, by: -1) {
        for index in y * span..<(y + 1) * span where steps[index + span] != Self.none {
          steps[index] = min(steps[index], steps[index + span] + 1)
        }
      }
    }
  }

  /// The squared distance of each point to the nearest site.
  ///
  /// - Parameter points: rising, among those that were announced.
  func squaredDistances(at points: [Int]) -> [Double] {
    var envelope = Envelope(capacity: columns.count), row = -1
    return points.map { point in
      let (x, y) = (point % width, point / width)
      if y != row {
        row = y
        let start = (y - rows.lowerBound) * columns.count
        envelope.rebuild(steps[start..<start + columns.count], missing: Self.none, spacing: spacing)
      }
      return envelope.value(at: x - columns.lowerBound, spacing: spacing.x)
    }
  }

  /// The parabolas f(p) + (spacing · (q − p))² of a row, and from where on each is the lowest.
  private struct Envelope {
    private var roots: [Int] = []
    private var heights: [Double] = []
    private var from: [Double] = []
    /// The parabola that the last question fell on: questions rise.
    private var current = 0

    init(capacity: Int) {
      roots.reserveCapacity(capacity)
      heights.reserveCapacity(capacity)
      from.reserveCapacity(capacity)
    }

    mutating func rebuild(_ steps: ArraySlice<Int32>, missing: Int32, spacing: (x: Double, y: Double)) {
      roots.removeAll(keepingCapacity: true)
      heights.removeAll(keepingCapacity: true)
      from.removeAll(keepingCapacity: true)
      current = 0
      let square = spacing.x * spacing.x
      for (q, step) in steps.enumerated() where step != missing {
        let reach = spacing.y * Double(step), height = reach * reach
        var crossing = -Double.infinity
        while let last = roots.last {
          crossing = ((height - heights[heights.count - 1]) / square + Double(q * q - last * last)) / Double(2 * (q - last))
          guard crossing <= from[from.count - 1] else { break }
          roots.removeLast()
          heights.removeLast()
          from.removeLast()
          crossing = -.infinity
        }
        roots.append(q)
        heights.append(height)
        from.append(crossing)
      }
    }

    mutating func value(at q: Int, spacing: Double) -> Double {
      while current + 1 < roots.count, from[current + 1] < Double(q) { current += 1 }
      let reach = spacing * Double(q - roots[current])
      return heights[current] + reach * reach
    }
  }
}
