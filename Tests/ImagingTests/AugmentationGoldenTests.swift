import Foundations
import Testing

@testable import Imaging

@Suite("Augmentation as published")
struct AugmentationGoldenTests {
  private let goldens: AugmentationGoldens
  private let image: FloatImage
  private let mask: Mask

  init() throws {
    goldens = try AugmentationGoldens.read()
    let buffer = try smooth(width: 224, height: 224)
    image = FloatImage(buffer)
    mask = Mask(buffer, threshold: .above(127))
  }

  private func difference(_ image: FloatImage, _ expected: String) throws -> Int {
    largestDifference(try goldens.sampled(image), Goldens.bytes(expected))
  }

  /// The share of kept pixels in which two masks differ.
  private func disagreement(_ mask: Mask, _ expected: String) -> Double {
    let (ours, theirs) = (goldens.sampled(mask), Goldens.bytes(expected))
    guard ours.count == theirs.count else { return 1 }
    return Double(zip(ours, theirs).filter { $0 != $1 }.count) / Double(ours.count)
  }

  @Test("Resize to 256, center crop and ten crops of 224 are torchvision's within one gray level")
  func evaluation() throws {
    let golden = goldens.evaluation
    let resized = try FloatImage(smooth(width: golden.width, height: golden.height)).resized(width: 256, height: 256)
    #expect(try difference(resized.centerCropped(width: 224, height: 224), golden.center) <= 1)
    let ten = try resized.tenCrop(width: 224, height: 224)
    #expect(ten.count == golden.ten.count)
    for (crop, expected) in zip(ten, golden.ten) { #expect(try difference(crop, expected) <= 1) }
  }

  @Test("A given crop resized, mirrored and rotated is torchvision's within one gray level, with 0 at the corners")
  func training() throws {
    let buffer = try smooth(width: 300, height: 260)
    #expect(goldens.training.count == 4)
    for row in goldens.training {
      let region = Region(x: row.region[0], y: row.region[1], width: row.region[2], height: row.region[3])
      var image = try FloatImage(buffer, region: region).resized(width: 224, height: 224)
      if row.flip { image = image.flippedHorizontally() }
      #expect(try difference(image.rotated(degrees: row.degrees), row.pixels) <= 1, "\(row.region)")
    }
  }

  @Test("Brightness with contrast, and gamma by its reciprocal, are albumentations' within the level that it cuts off")
  func photometry() throws {
    #expect(goldens.photometry.count == 10)
    for row in goldens.photometry {
      let varied =
        row.gamma.map { image.gammaCorrected(1 / $0) }
        ?? image.adjusted(brightness: row.brightness ?? .nan, contrast: row.contrast ?? .nan)
      #expect(try difference(varied, row.image) <= 1)
    }
    #expect(try difference(image, goldens.float) == 0, "ToFloat")
  }

  @Test("The elastic deformation with the same noise is albumentations' within one gray level, and the mask follows")
  func elastic() throws {
    #expect(goldens.elastic.count == 2)
    for row in goldens.elastic {
      var generator = SeededGenerator(seed: row.seed)
      var (image, mask) = (image, mask)
      for map in try CoordinateMap.elastic(width: 224, height: 224, alpha: 120, sigma: 6, alphaAffine: 3.6, using: &generator) {
        (image, mask) = (image.warped(by: map), mask.warped(by: map))
      }
      #expect(try difference(image, row.image) <= 1)
      // OpenCV chooses a pixel between two neighbors at steps of 1/1024 pixel.
      #expect(disagreement(mask, row.mask) < 0.005)
    }
  }

  @Test("The grid distortion with the same steps is albumentations' within one gray level, its mask exactly")
  func grid() throws {
    #expect(goldens.grid.count == 2)
    for row in goldens.grid {
      let map = try CoordinateMap.grid(width: 224, height: 224, columnFactors: row.columns, rowFactors: row.rows)
      #expect(try difference(image.warped(by: map), row.image) <= 1)
      #expect(disagreement(mask.warped(by: map), row.mask) == 0)
    }
  }

  @Test("The optical distortion with the same k and shift is albumentations' within one gray level, its mask exactly")
  func optical() throws {
    #expect(goldens.optical.count == 3)
    for row in goldens.optical {
      let map = try CoordinateMap.lens(width: 224, height: 224, k: row.k, shiftX: row.dx, shiftY: row.dy)
      #expect(try difference(image.warped(by: map), row.image) <= 1)
      #expect(disagreement(mask.warped(by: map), row.mask) == 0)
    }
  }

  @Test("A sized crop is albumentations' within one gray level; its mask lies as the image does, not half a pixel off")
  func sizedCrop() throws {
    #expect(goldens.sizedCrop.count == 3)
    for row in goldens.sizedCrop {
      let region = Region(
        x: Int(Double(224 - row.height) * row.column), y: Int(Double(224 - row.height) * row.row), width: row.height,
        height: row.height)
      let crop = try image.cropped(to: region).resized(width: 224, height: 224, filter: .bilinear)
      #expect(try difference(crop, row.image) <= 1)
      let ours = try mask.cropped(to: region).resized(width: 224, height: 224)
      #expect(disagreement(ours, row.mask) == 0, "OpenCV's nearest neighbor under the center")
      // The benchmark's is OpenCV's older one, under the corner: the edge moves, and no more than the edge.
      #expect(disagreement(ours, row.cornerMask) < (row.height == 224 ? 1e-9 : 0.03))
    }
  }

  @Test("Each drawn variation is what albumentations makes of the same draws, within one gray level for each stage")
  func wholes() throws {
    #expect(Set(goldens.wholes.flatMap(\.stages)) == ["brightness", "gamma", "elastic", "grid", "optical", "crop"])
    for row in goldens.wholes {
      var generator = SeededGenerator(seed: row.seed)
      let varied = try SegmentationAugmentation().apply(to: image, mask: mask, using: &generator)
      #expect(try difference(varied.image, row.image) <= row.stages.count, "\(row.stages)")
      #expect(disagreement(varied.mask, row.mask) < (row.stages.contains("elastic") ? 0.005 : 1e-9), "\(row.stages)")
    }
  }

  @Test("Deformations keep their proportion to the image: moves of twice the size at twice the size, the published numbers at 224")
  func proportion() throws {
    #expect(SegmentationAugmentation.elasticScale(width: 224, height: 224) == (1, 1, 1))
    /// The root mean square of the moves over the image's size.
    func strength(_ size: Int) throws -> Double {
      let scale = SegmentationAugmentation.elasticScale(width: size, height: size)
      var sum = 0.0
      for seed in 0..<4 as Range<UInt64> {
        var generator = SeededGenerator(seed: seed)
        let map = try CoordinateMap.elastic(
          width: size, height: size, alpha: 120 * scale.alpha, sigma: 6 * scale.sigma, alphaAffine: 3.6 * scale.alphaAffine,
          using: &generator)[1]
        sum += map.x.indices.reduce(0) { $0 + pow2(Double(map.x[$1]) - Double($1 % size)) } / Double(size * size)
      }
      return (sum / 4).squareRoot() / Double(size)
    }
    let published = try strength(224)
    for size in [112, 336] { #expect(abs(try strength(size) / published - 1) < 0.1) }
  }

  private func pow2(_ value: Double) -> Double { value * value }
}
