import Foundation
import Foundations
import Testing

@testable import Metrics

@Suite("Overlap and distances of outlines")
struct SurfaceDistanceTests {
  struct Golden: Decodable {
    let width, height: Int
    let spacing: [Double]
    let predicted, target: String
    let hausdorff95, hausdorff, averageDistance, iou: Double
    let tolerances, normalizedSurfaceDistances, toTarget: [Double]
  }

  private func goldens() throws -> [Golden] {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens/surfaces.json")
    return try JSONDecoder().decode([Golden].self, from: Data(contentsOf: url))
  }

  private func mask(_ width: Int, _ height: Int, _ pixels: String) throws -> SegmentationMask {
    try #require(SegmentationMask(width: width, height: height, pixels: pixels.map { $0 == "1" }))
  }

  private func agrees(_ value: MetricValue, _ expected: Double) -> Bool {
    value.number.map { abs($0 - expected) <= 1e-12 * max(1, expected) } ?? false
  }

  @Test("All distances are those of SciPy's outlines by brute force, at any pixel spacing; IoU is scikit-learn's")
  func agreesWithBruteForce() throws {
    let cases = try goldens()
    #expect(cases.count == 4)
    for golden in cases {
      let predicted = try mask(golden.width, golden.height, golden.predicted)
      let target = try mask(golden.width, golden.height, golden.target)
      let distances = try #require(
        SurfaceDistances.make(predicted: predicted, target: target, spacing: (golden.spacing[0], golden.spacing[1])).known)
      #expect(agrees(distances.hausdorff95, golden.hausdorff95))
      #expect(agrees(distances.hausdorff, golden.hausdorff))
      #expect(agrees(distances.averageDistance, golden.averageDistance))
      for (tolerance, expected) in zip(golden.tolerances, golden.normalizedSurfaceDistances) {
        #expect(agrees(distances.normalizedSurfaceDistance(tolerance: tolerance), expected))
      }
      let counts = PixelConfusion(predicted: predicted.pixels, target: target.pixels)
      #expect(abs(counts.iou - golden.iou) < 1e-14)
      #expect(abs(counts.iou - counts.dice / (2 - counts.dice)) < 1e-14)
    }
  }

  @Test("The distance transform is SciPy's, exact at every pixel")
  func distanceTransform() throws {
    var compared = 0
    for golden in try goldens() where !golden.toTarget.isEmpty {
      let target = try mask(golden.width, golden.height, golden.target)
      let sites = target.pixels.indices.filter { target.pixels[$0] }
      let all = Array(target.pixels.indices)
      let transform = try #require(
        DistanceTransform(to: sites, askedAt: all, width: golden.width, spacing: (golden.spacing[0], golden.spacing[1])))
      let squared = transform.squaredDistances(at: all)
      for (ours, theirs) in zip(squared, golden.toTarget) { #expect(abs(ours.squareRoot() - theirs) < 1e-12) }
      compared += squared.count
    }
    #expect(compared == 24 * 20 + 17 * 29 + 30 * 5)
  }

  @Test("A shifted square: distances are the shift; exchange changes nothing; spacing scales")
  func square() throws {
    func square(at left: Int) throws -> SegmentationMask {
      let pixels = (0..<400).map { (5..<12).contains($0 / 20) && (left..<left + 7).contains($0 % 20) }
      return try #require(SegmentationMask(width: 20, height: 20, pixels: pixels))
    }
    let (a, b) = (try square(at: 3), try square(at: 6))
    let forth = try #require(SurfaceDistances.make(predicted: a, target: b).known)
    let back = try #require(SurfaceDistances.make(predicted: b, target: a).known)
    #expect(forth.hausdorff == .value(3))
    #expect(forth.hausdorff95 == back.hausdorff95)
    #expect(forth.normalizedSurfaceDistance(tolerance: 3) == .value(1))
    #expect(try #require(SurfaceDistances.make(predicted: a, target: b, spacing: (0.5, 0.5)).known).hausdorff == .value(1.5))
    let same = try #require(SurfaceDistances.make(predicted: a, target: a).known)
    #expect((same.hausdorff95, same.normalizedSurfaceDistance(tolerance: 0)) == (.value(0), .value(1)))
  }

  @Test("Empty masks have no distance; of surfaces, nothing to find and nothing found is perfect, and one empty mask has none in common")
  func empty() throws {
    let none = try mask(3, 2, "000000"), dot = try mask(3, 2, "010000")
    let both = try #require(SurfaceDistances.make(predicted: none, target: none).known)
    #expect(both.hausdorff95 == .undefined(reason: "both masks are empty") && both.averageDistance.number == nil)
    #expect(both.normalizedSurfaceDistance(tolerance: 1) == .value(1))
    let missed = try #require(SurfaceDistances.make(predicted: none, target: dot).known)
    #expect(missed.hausdorff95 == .undefined(reason: "the prediction is empty"))
    #expect(missed.normalizedSurfaceDistance(tolerance: 1) == .value(0))
    let invented = try #require(SurfaceDistances.make(predicted: dot, target: none).known)
    #expect(invented.averageDistance == .undefined(reason: "the truth is empty"))
    #expect(IoU(images: []).pooled == .undefined(reason: "no image"))
    let images = [PixelConfusion(trueNegatives: 4), PixelConfusion(truePositives: 1, falsePositives: 3)]
    #expect((IoU(images: images).pooled, IoU(images: images).perImage) == (.value(0.25), .value(0.625)))
  }

  @Test("Masks of other sizes, impossible spacing and tolerance say so")
  func impossible() throws {
    let (wide, high) = (try mask(3, 2, "010000"), try mask(2, 3, "010000"))
    #expect(SurfaceDistances.make(predicted: wide, target: high).reason == "the prediction is 3×2, the truth 2×3")
    #expect(SurfaceDistances.make(predicted: wide, target: wide, spacing: (0, 1)).reason == "the pixel spacing 0.0×1.0 is not above 0")
    let same = try #require(SurfaceDistances.make(predicted: wide, target: wide).known)
    #expect(same.normalizedSurfaceDistance(tolerance: -1).number == nil)
    #expect(SegmentationMask(width: 2, height: 2, pixels: [true]) == nil)
  }
}
