import Foundation
import Foundations
import Testing

@testable import Imaging

/// The map that changes nothing.
private func identityMap(width: Int, height: Int) throws -> CoordinateMap {
  let count = width * height
  return try CoordinateMap(
    width: width, height: height, x: (0..<count).map { Float($0 % width) }, y: (0..<count).map { Float($0 / width) })
}

/// The largest distance between two lists of numbers.
private func distance(_ a: [Float], _ b: [Float]) -> Float {
  a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? 0 : .infinity
}

@Suite("Warps")
struct WarpTests {
  @Test("Warping equals OpenCV's remap, for images and masks, far outside the picture too")
  func remap() throws {
    let golden = try Goldens.transforms.get().warp
    let buffer = try picture(width: golden.width, height: golden.height, channels: 1)
    let map = try CoordinateMap(width: golden.width, height: golden.height, x: golden.x, y: golden.y)
    // OpenCV rounds places to 1/32 pixel, which is up to 1/64 of the steepest step along each axis.
    let warped = FloatImage(buffer).warped(by: map).values.map { $0 * 255 }
    #expect(distance(warped, golden.bilinear) < 255 / 32)
    let mean = zip(warped, golden.bilinear).reduce(0) { $0 + abs($1.0 - $1.1) } / Float(warped.count)
    #expect(mean < 1)
    // A place that OpenCV's rounding moves over the middle between two pixels goes to the other one.
    let nearest = Mask(buffer, threshold: .above(100)).warped(by: map).values
    let differing = zip(nearest, Goldens.bytes(golden.nearest)).filter { $0 != $1 }.count
    #expect(differing <= nearest.count / 50)
  }

  @Test("The identity map changes neither image nor mask")
  func identity() throws {
    let buffer = try picture(width: 14, height: 9, channels: 3)
    let map = try identityMap(width: 14, height: 9)
    #expect(FloatImage(buffer).warped(by: map) == FloatImage(buffer))
    #expect(Mask(buffer).warped(by: map) == Mask(buffer))
  }

  @Test("The lens is OpenCV's with the same coefficients", arguments: (try? Goldens.transforms.get().lenses) ?? [])
  func lens(_ row: Transforms.Lens) throws {
    let map = try CoordinateMap.lens(width: row.width, height: row.height, k: row.k, shiftX: row.shiftX, shiftY: row.shiftY)
    #expect(distance(map.x, row.x) < 1e-3)
    #expect(distance(map.y, row.y) < 1e-3)
  }

  @Test("The elastic maps are OpenCV's affine map, then SciPy's filtered noise")
  func elastic() throws {
    let golden = try Goldens.transforms.get().elastic
    var generator = SeededGenerator(seed: golden.seed)
    let maps = try CoordinateMap.elastic(
      width: golden.width, height: golden.height, alpha: golden.alpha, sigma: golden.sigma, alphaAffine: golden.alphaAffine,
      using: &generator)
    #expect(maps.count == golden.maps.count)
    for (map, expected) in zip(maps, golden.maps) {
      #expect(distance(map.x, expected.x) < 1e-3)
      #expect(distance(map.y, expected.y) < 1e-3)
    }
  }

  @Test("Without strength an elastic deformation changes nothing")
  func stillElastic() throws {
    var generator = SeededGenerator(seed: 3)
    let identity = try identityMap(width: 30, height: 40)
    for map in try CoordinateMap.elastic(width: 30, height: 40, alpha: 0, sigma: 6, alphaAffine: 0, using: &generator) {
      #expect(distance(map.x, identity.x) < 1e-4)
      #expect(distance(map.y, identity.y) < 1e-4)
    }
  }

  @Test("A grid stretches each step by its factor and ends at the far edge")
  func grid() throws {
    let map = try CoordinateMap.grid(width: 10, height: 4, columnFactors: [2, 0.5, 1], rowFactors: [1, 1])
    #expect(Array(map.x.prefix(10)) == [0, 3, 6, 6, 6.75, 7.5, 7.5, 9, 10.5, 10.5])
    #expect(stride(from: 0, to: 40, by: 10).map { map.y[$0] } == [0, 2, 2, 4])
  }

  @Test("Places are mirrored at the border pixels again and again")
  func reflection() {
    #expect((-7...8).map { reflected($0, 4) } == [1, 0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1, 2].map { $0 })
    #expect([-3, 0, 5].map { reflected($0, 1) } == [0, 0, 0])
  }

  @Test("Maps and deformations that cannot be are refused")
  func refusals() throws {
    let error = try #require(throws: ImagingError.self) { try CoordinateMap(width: 1, height: 1, x: [.nan], y: [0]) }
    #expect(
      error.description
        == "A coordinate map points a million pixels away or nowhere. Give finite places near the image.")
    #expect(throws: ImagingError.self) { try CoordinateMap(width: 2, height: 1, x: [0], y: [0]) }
    #expect(throws: ImagingError.self) {
      try CoordinateMap.grid(width: 3, height: 3, columnFactors: [1, 1, 1, 1], rowFactors: [1])
    }
    var generator = SeededGenerator(seed: 1)
    #expect(throws: ImagingError.self) {
      try CoordinateMap.elastic(width: 2, height: 2, alpha: 1, sigma: 1, alphaAffine: 0, using: &generator)
    }
  }
}

@Suite("Augmentation")
struct AugmentationTests {
  @Test("The same seed gives the same training image, another seed another")
  func classification() throws {
    let buffer = try picture(width: 90, height: 70, channels: 1)
    func drawn(_ seed: UInt64) throws -> FloatImage {
      var generator = SeededGenerator(seed: seed)
      return try ClassificationAugmentation().apply(to: buffer, width: 32, height: 32, using: &generator)
    }
    let image = try drawn(1)
    #expect(image.width == 32 && image.height == 32 && image.channels == 1)
    #expect(try drawn(1) == image)
    #expect(try drawn(2) != image)
  }

  @Test("Without rotation and mirroring the training image is the drawn crop, resized")
  func cropAlone() throws {
    let buffer = try picture(width: 90, height: 70, channels: 3)
    var generator = SeededGenerator(seed: 5)
    var same = generator
    let augmentation = ClassificationAugmentation(flipProbability: 0, maximumRotation: 0)
    let image = try augmentation.apply(to: buffer, width: 24, height: 20, using: &generator)
    let region = RandomResizedCrop().region(width: 90, height: 70, using: &same)
    #expect(try image == FloatImage(buffer, region: region).resized(width: 24, height: 20))
  }

  @Test("Each stage of segmentation happens as often as its probability says, and the mask follows the image")
  func segmentation() throws {
    // A disc: its mask and its image are the same picture, so after any geometry they must still match.
    let size = 48
    let values = (0..<size * size).map { index -> UInt8 in
      let (x, y) = (index % size - 24, index / size - 20)
      return x * x + y * y < 200 ? 1 : 0
    }
    let mask = try Mask(width: size, height: size, values: values)
    var photometric = SegmentationAugmentation()
    (photometric.warpProbability, photometric.cropProbability) = (0, 0)
    var geometric = SegmentationAugmentation()
    (geometric.photometryProbability, geometric.warpProbability, geometric.cropProbability) = (0, 1, 1)
    var changed = 0
    for seed in 0..<400 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let result = try photometric.apply(to: mask.floatImage(), mask: mask, using: &generator)
      #expect(result.mask == mask)
      // Gamma leaves 0 and 1 alone, so about half of the changes show.
      if result.image != mask.floatImage() { changed += 1 }
    }
    #expect((30...95).contains(changed), "0.3 · 1/2 of 400 is 60")
    for seed in 0..<60 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let result = try geometric.apply(to: mask.floatImage(), mask: mask, using: &generator)
      #expect(Set(result.mask.values).isSubset(of: [0, 1]))
      let seen = Mask(result.image, above: 0.5)
      let differing = zip(seen.values, result.mask.values).filter { $0 != $1 }.count
      #expect(differing < size * size / 20, "only pixels on the edge may differ, seed \(seed)")
    }
  }

  @Test("Without any stage segmentation changes nothing; sizes that differ are refused")
  func segmentationEdges() throws {
    var still = SegmentationAugmentation()
    (still.photometryProbability, still.warpProbability, still.cropProbability) = (0, 0, 0)
    let buffer = try picture(width: 20, height: 10, channels: 3)
    let (image, mask) = (FloatImage(buffer), Mask(buffer))
    var generator = SeededGenerator(seed: 1)
    let result = try still.apply(to: image, mask: mask, using: &generator)
    #expect(result.image == image && result.mask == mask)
    let small = try mask.resized(width: 10, height: 10)
    let error = try #require(throws: ImagingError.self) { try still.apply(to: image, mask: small, using: &generator) }
    #expect(error.description == "An image of 20 × 10 pixels has a mask of 10 × 10. Bring both to one size first.")
  }
}
