internal import Foundation
public import Foundations

/// A binary mask, row by row from the top.
public struct SegmentationMask: Hashable, Sendable {
  public let width: Int
  public let height: Int
  public let pixels: [Bool]

  /// - Returns: nil when there are not width × height pixels.
  public init?(width: Int, height: Int, pixels: [Bool]) {
    guard width > 0, height > 0, pixels.count == width * height else { return nil }
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  public var isEmpty: Bool { !pixels.contains(true) }

  /// The pixels of the structure with one of their four neighbors outside of it; the edge of the image counts as outside.
  var boundary: [Int] {
    pixels.indices.filter { index in
      guard pixels[index] else { return false }
      let (x, y) = (index % width, index / width)
      return x == 0 || y == 0 || x == width - 1 || y == height - 1
        || !pixels[index - 1] || !pixels[index + 1] || !pixels[index - width] || !pixels[index + width]
    }
  }
}

/// How far apart the outlines of a predicted and a true structure are.
///
/// Outlines are the structure's pixels with one of their four neighbors outside of it; distances are between the pixels'
/// centers at the pixel spacing, exact (no chamfer). Every boundary pixel counts alike. These are the conventions of MONAI and
/// of SciPy's erosion.
public struct SurfaceDistances: Hashable, Sendable {
  /// From each boundary pixel of the prediction to the nearest of the truth, rising.
  public let fromPredicted: [Double]
  /// From each boundary pixel of the truth to the nearest of the prediction, rising.
  public let fromTarget: [Double]
  private let missing: Missing

  private enum Missing: Hashable, Sendable { case nothing, both, predicted, target }

  /// - Parameter spacing: the size of a pixel along x and y, such as millimeters.
  /// - Returns: not available when the masks differ in size, or the spacing is not above 0.
  public static func make(
    predicted: SegmentationMask, target: SegmentationMask, spacing: (x: Double, y: Double) = (1, 1)
  ) -> Available<SurfaceDistances> {
    guard predicted.width == target.width, predicted.height == target.height else {
      return .notAvailable(
        reason: "the prediction is \(predicted.width)×\(predicted.height), the truth \(target.width)×\(target.height)")
    }
    guard spacing.x > 0, spacing.y > 0, spacing.x.isFinite, spacing.y.isFinite else {
      return .notAvailable(reason: "the pixel spacing \(spacing.x)×\(spacing.y) is not above 0")
    }
    let (outline, truth) = (predicted.boundary, target.boundary)
    let missing: Missing =
      switch (outline.isEmpty, truth.isEmpty) {
      case (true, true): .both
      case (true, false): .predicted
      case (false, true): .target
      case (false, false): .nothing
      }
    guard missing == .nothing else { return .value(SurfaceDistances(fromPredicted: [], fromTarget: [], missing: missing)) }
    let toTruth = squaredDistances(to: truth, width: target.width, height: target.height, spacing: spacing)
    let toOutline = squaredDistances(to: outline, width: target.width, height: target.height, spacing: spacing)
    return .value(
      SurfaceDistances(
        fromPredicted: outline.map { toTruth[$0].squareRoot() }.sorted(),
        fromTarget: truth.map { toOutline[$0].squareRoot() }.sorted(), missing: .nothing))
  }

  /// The 95 % Hausdorff distance: the greater of the two directed 95th percentiles (interpolated linearly), as in MONAI and
  /// Metrics Reloaded (Maier-Hein et al. 2024, Nature Methods 21). Huttenlocher, Klanderman and Rucklidge 1993 for 100 %.
  ///
  /// Nothing to find and nothing found is 0. Undefined where only one of the masks is empty: a missing outline is at no distance.
  public var hausdorff95: MetricValue { hausdorff(share: 0.95) }

  /// The Hausdorff distance itself, of the worst pixel.
  public var hausdorff: MetricValue { hausdorff(share: 1) }

  /// The mean of all boundary pixels' distances, both ways together. Empty masks as in `hausdorff95`.
  public var averageDistance: MetricValue {
    defined { (fromPredicted.reduce(0, +) + fromTarget.reduce(0, +)) / Double(fromPredicted.count + fromTarget.count) }
  }

  /// The normalized surface distance, or surface Dice: the share of the boundary pixels of both outlines that lie within a
  /// tolerance of the other (Nikolov et al. 2021, J Med Internet Res 23), by pixel count.
  ///
  /// Nothing to find and nothing found is 1, one empty mask 0.
  public func normalizedSurfaceDistance(tolerance: Double) -> MetricValue {
    guard tolerance >= 0 else { return .undefined(reason: "the tolerance \(tolerance) is below 0") }
    switch missing {
    case .both: return .value(1)
    case .predicted, .target: return .value(0)
    case .nothing:
      let near = fromPredicted.count { $0 <= tolerance } + fromTarget.count { $0 <= tolerance }
      return .value(Double(near) / Double(fromPredicted.count + fromTarget.count))
    }
  }

  private func hausdorff(share: Double) -> MetricValue {
    func percentile(_ sorted: [Double]) -> Double {
      let place = share * Double(sorted.count - 1)
      let below = Int(place)
      let above = min(below + 1, sorted.count - 1)
      return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
    }
    return defined { max(percentile(fromPredicted), percentile(fromTarget)) }
  }

  private func defined(_ value: () -> Double) -> MetricValue {
    switch missing {
    case .both: .value(0)
    case .predicted: .undefined(reason: "the prediction is empty")
    case .target: .undefined(reason: "the truth is empty")
    case .nothing: .value(value())
    }
  }
}

/// The squared distance of every pixel to the nearest of some pixels, exact, in time linear in the pixels: along the columns,
/// then along the rows, as the lower envelope of parabolas (Felzenszwalb and Huttenlocher 2012, Theory of Computing 8).
func squaredDistances(to sites: [Int], width: Int, height: Int, spacing: (x: Double, y: Double)) -> [Double] {
  var distances = [Double](repeating: .infinity, count: width * height)
  for site in sites { distances[site] = 0 }
  for x in 0..<width {
    transform(&distances, start: x, stride: width, count: height, spacing: spacing.y)
  }
  for y in 0..<height { transform(&distances, start: y * width, stride: 1, count: width, spacing: spacing.x) }
  return distances
}

/// Replaces each f(q) of a line by the least f(p) + (spacing·(q − p))².
private func transform(_ values: inout [Double], start: Int, stride: Int, count: Int, spacing: Double) {
  let line = (0..<count).map { values[start + $0 * stride] }
  // The parabolas of the envelope, and from where on each is the lowest.
  var roots: [Int] = [], from: [Double] = []
  for q in 0..<count where line[q].isFinite {
    var crossing = -Double.infinity
    while let last = roots.last {
      let step = spacing * spacing
      crossing = ((line[q] - line[last]) / step + Double(q * q - last * last)) / Double(2 * (q - last))
      guard crossing <= from[from.count - 1] else { break }
      roots.removeLast()
      from.removeLast()
      crossing = -.infinity
    }
    roots.append(q)
    from.append(crossing)
  }
  guard !roots.isEmpty else { return }
  var current = 0
  for q in 0..<count {
    while current + 1 < roots.count, from[current + 1] < Double(q) { current += 1 }
    let reach = spacing * Double(q - roots[current])
    values[start + q * stride] = line[roots[current]] + reach * reach
  }
}
