/// A corner of a polygon in pixels from the image's top left corner; the center of the first pixel is at (0.5, 0.5).
public struct PolygonPoint: Sendable, Hashable, Codable {
  public let x: Double
  public let y: Double

  public init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }
}

extension Mask {
  /// The polygons of a mask may not be longer than this many fifths of a pixel along all of their edges.
  static let polygonStepLimit = 1 << 24

  /// The union of polygons, drawn by the rule of COCO's reference tools (Lin et al. 2014, `pycocotools`): corners are rounded to
  /// fifths of a pixel, edges are walked in such steps, and the middle of each column decides where it enters and leaves.
  ///
  /// - Parameters:
  ///   - polygons: Each a closed line of three corners or more; the last joins the first.
  ///   - width: In pixels.
  ///   - height: In pixels.
  /// - Throws: `ImagingError` for fewer corners, numbers that are not finite, or lines that are far longer than the image.
  public init(polygons: [[PolygonPoint]], width: Int, height: Int) throws {
    try requireSize(width: width, height: height)
    var columns = [UInt8](repeating: 0, count: width * height)
    var steps = 0
    for polygon in polygons {
      let line = try PolygonCrossings(polygon, width: width, height: height, steps: &steps)
      let crossings = line.places.sorted()
      // Inside between an odd crossing and the next one.
      for index in stride(from: 0, to: crossings.count - 1, by: 2) {
        for place in crossings[index]..<min(crossings[index + 1], columns.count) { columns[place] = 1 }
      }
      if !crossings.count.isMultiple(of: 2), let last = crossings.last, last < columns.count {
        for place in last..<columns.count { columns[place] = 1 }
      }
    }
    self.init(width: width, height: height, columns: columns)
  }
}

/// Where a polygon's line crosses the middles of the columns, as places down the columns.
private struct PolygonCrossings {
  private(set) var places: [Int] = []
  private let width: Int
  private let height: Int
  private var last: (u: Int, v: Int)?

  /// Steps a pixel.
  private static let scale = 5.0

  /// - Parameter steps: of the polygons before, to which this one's are added.
  init(_ polygon: [PolygonPoint], width: Int, height: Int, steps: inout Int) throws {
    (self.width, self.height) = (width, height)
    guard polygon.count > 2 else {
      throw ImagingError.polygon("it has \(polygon.count) corner\(polygon.count == 1 ? "" : "s")", remedy: "Give three or more.")
    }
    let limit = Double(Mask.polygonStepLimit)
    guard polygon.allSatisfy({ abs($0.x) <= limit && abs($0.y) <= limit }) else {
      throw ImagingError.polygon("a corner is no number or far outside the image", remedy: "Give corners in pixels of the image.")
    }
    // Rounded toward zero after adding a half, as the reference does.
    let corners = (polygon + polygon.prefix(1)).map { (x: Int(Self.scale * $0.x + 0.5), y: Int(Self.scale * $0.y + 0.5)) }
    for (start, end) in zip(corners, corners.dropFirst()) {
      steps += max(abs(end.x - start.x), abs(end.y - start.y))
      guard steps <= Mask.polygonStepLimit else {
        throw ImagingError.polygon("its lines are far longer than the image", remedy: "Give corners in pixels of the image.")
      }
      walk(from: start, to: end)
    }
  }

  /// Every step of an edge along its longer direction. The slope is always taken from the lesser end, so that an edge that two
  /// polygons share is drawn alike in both directions.
  private mutating func walk(from start: (x: Int, y: Int), to end: (x: Int, y: Int)) {
    let (spanX, spanY) = (abs(end.x - start.x), abs(end.y - start.y))
    let isFlat = spanX >= spanY
    let isReversed = isFlat ? start.x > end.x : start.y > end.y
    let (first, second) = isReversed ? (end, start) : (start, end)
    let span = isFlat ? spanX : spanY
    let slope = span == 0 ? 0 : Double(isFlat ? second.y - first.y : second.x - first.x) / Double(span)
    for step in 0...span {
      let along = isReversed ? span - step : step
      if isFlat {
        visit(first.x + along, Int(Double(first.y) + slope * Double(along) + 0.5))
      } else {
        visit(Int(Double(first.x) + slope * Double(along) + 0.5), first.y + along)
      }
    }
  }

  /// Notes a crossing where the line moves to another fifth whose column's middle lies between.
  private mutating func visit(_ u: Int, _ v: Int) {
    defer { last = (u, v) }
    guard let last, u != last.u else { return }
    let x = (Double(u < last.u ? u : u - 1) + 0.5) / Self.scale - 0.5
    guard x.rounded(.down) == x, x >= 0, x <= Double(width - 1) else { return }
    let y = (Double(min(v, last.v)) + 0.5) / Self.scale - 0.5
    places.append(Int(x) * height + Int(min(max(y, 0), Double(height)).rounded(.up)))
  }
}

extension ImagingError {
  static func polygon(_ reason: String, remedy: String) -> ImagingError {
    ImagingError(kind: .malformed, problem: "A mask's polygon cannot be drawn: \(reason).", remedy: remedy)
  }
}
