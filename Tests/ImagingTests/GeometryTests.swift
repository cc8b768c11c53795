import Foundation
import Foundations
import Testing

@testable import Imaging

@Suite("Geometry")
struct GeometryTests {
  static let goldens = try? Goldens.transforms.get()

  @Test("The goldens of geometry are there")
  func goldensAreThere() throws {
    let goldens = try Goldens.transforms.get()
    #expect(goldens.resizes.count == 24 && goldens.rotations.count == 24 && goldens.randomCrops.count == 72)
  }

  @Test("Resizing equals Pillow's and OpenCV's within one grey level, nearest exactly", arguments: goldens?.resizes ?? [])
  func resizing(_ row: Transforms.Resize) throws {
    let image = FloatImage(try picture(width: row.width, height: row.height, channels: row.channels))
    let resized = try image.resized(width: row.newWidth, height: row.newHeight, filter: row.filter)
    let difference = largestDifference(try bytes(of: resized), Goldens.bytes(row.pixels))
    #expect(difference <= (row.filter == .nearest ? 0 : 1))
  }

  @Test("Rotation chooses the very pixels that torchvision's chooses", arguments: goldens?.rotations ?? [])
  func rotating(_ row: Transforms.Rotation) throws {
    let image = FloatImage(try picture(width: row.width, height: row.height, channels: 1))
    #expect(largestDifference(try bytes(of: image.rotated(degrees: row.degrees)), Goldens.bytes(row.pixels)) == 0)
  }

  @Test("Ten crops and the center crop are torchvision's, in its order", arguments: goldens?.crops ?? [])
  func cropping(_ row: Transforms.Crop) throws {
    let image = FloatImage(try picture(width: row.width, height: row.height, channels: 1))
    let center = try image.centerCropped(width: row.cropWidth, height: row.cropHeight)
    #expect(try bytes(of: center) == Goldens.bytes(row.center))
    if row.ten.isEmpty {
      #expect(throws: ImagingError.self) { try image.tenCrop(width: row.cropWidth, height: row.cropHeight) }
    } else {
      let ten = try image.tenCrop(width: row.cropWidth, height: row.cropHeight)
      #expect(try ten.map { try bytes(of: $0) } == row.ten.map(Goldens.bytes))
    }
  }

  @Test("The random crop is what torchvision's own code draws from the same numbers, its fallback included")
  func randomCrops() throws {
    for row in try Goldens.transforms.get().randomCrops {
      var generator = SeededGenerator(seed: row.seed)
      let crop = try RandomResizedCrop(scale: row.low...row.high)
      let region = crop.region(width: row.width, height: row.height, using: &generator)
      #expect(region == Region(x: row.region[0], y: row.region[1], width: row.region[2], height: row.region[3]), "\(row.width) × \(row.height), seed \(row.seed)")
    }
  }

  @Test("Image and mask follow one geometry: cropping, mirroring, rotating and nearest resizing agree")
  func oneGeometry() throws {
    let buffer = try picture(width: 31, height: 23, channels: 1)
    let mask = Mask(buffer, threshold: .above(120))
    let image = mask.floatImage()
    let region = Region(x: 3, y: 5, width: 17, height: 11)
    #expect(try image.cropped(to: region) == mask.cropped(to: region).floatImage())
    #expect(image.flippedHorizontally() == mask.flippedHorizontally().floatImage())
    #expect(image.flippedVertically() == mask.flippedVertically().floatImage())
    #expect(try image.rotated(degrees: 5) == mask.rotated(degrees: 5).floatImage())
    #expect(
      try image.resized(width: 12, height: 40, filter: .nearest) == mask.resized(width: 12, height: 40).floatImage())
  }

  @Test("Mirroring twice changes nothing, and once moves the first column to the last")
  func mirroring() throws {
    let image = FloatImage(try picture(width: 9, height: 6, channels: 3))
    #expect(image.flippedHorizontally().flippedHorizontally() == image)
    #expect(image.flippedVertically().flippedVertically() == image)
    #expect(image.flippedHorizontally().values[8] == image.values[0])
    #expect(image.flippedVertically().values[45] == image.values[0])
  }

  @Test("A constant image stays constant at any size", arguments: ResizeFilter.allCases)
  func constant(filter: ResizeFilter) throws {
    let image = try FloatImage(width: 37, height: 29, channels: 1, values: [Float](repeating: 0.7, count: 37 * 29))
    for size in [(5, 90), (90, 5), (37, 1)] {
      let resized = try image.resized(width: size.0, height: size.1, filter: filter)
      #expect(resized.values.allSatisfy { abs($0 - 0.7) < 1e-5 })
    }
  }

  @Test("Impossible geometry is refused with its numbers")
  func refusals() throws {
    let image = FloatImage(try picture(width: 8, height: 6, channels: 1))
    let outside = try #require(throws: ImagingError.self) { try image.cropped(to: Region(x: 4, y: 0, width: 5, height: 6)) }
    #expect(
      outside.description
        == "A crop of 5 × 6 pixels at (4, 0) does not lie within an image of 8 × 6. Give a crop within the image, or resize the image first."
    )
    let none = try #require(throws: ImagingError.self) { try image.resized(width: 0, height: 3) }
    #expect(none.description == "An image of 0 × 3 pixels cannot be made. Give a width and a height of at least 1, and no more than 100000000 pixels in all.")
    #expect(throws: ImagingError.self) { try image.resized(width: .max, height: 2) }
    #expect(throws: ImagingError.self) { try image.rotated(degrees: .nan) }
    #expect(throws: ImagingError.self) { try RandomResizedCrop(scale: 0...2) }
    #expect(throws: ImagingError.self) { try RandomResizedCrop(scale: 0...1, ratio: 0...1) }
    #expect(throws: ImagingError.self) { try image.cropped(to: Region(x: 0, y: 0, width: .max, height: 1)) }
  }
}

@Suite("Values")
struct FloatImageTests {
  @Test("Samples are scaled by the maximum of their depth; alpha is dropped; a region is a crop")
  func conversion() throws {
    let grey = try PixelBuffer(width: 2, height: 1, channels: 2, bitDepth: 16, samples: .words([65535, 9, 13107, 9]))
    #expect(FloatImage(grey).values == [1, 0.2])
    let tiny = try PixelBuffer(width: 2, height: 1, channels: 1, bitDepth: 2, samples: .bytes([3, 1]))
    let third: Float = 1.0 / 3
    #expect(FloatImage(tiny).values == [1, third])
    let color = try PixelBuffer(width: 1, height: 1, channels: 4, bitDepth: 8, samples: .bytes([255, 51, 0, 7]))
    #expect(FloatImage(color).values == [1, 0.2, 0])
    let whole = try picture(width: 12, height: 9, channels: 3)
    let region = Region(x: 2, y: 3, width: 7, height: 5)
    #expect(try FloatImage(whole, region: region) == FloatImage(whole).cropped(to: region))
    #expect(throws: ImagingError.self) { try FloatImage(whole, region: Region(x: 0, y: 0, width: 13, height: 9)) }
  }

  @Test("Grey becomes three equal planes, RGB becomes luma, and anything else is refused")
  func channels() throws {
    let grey = try FloatImage(width: 2, height: 1, channels: 1, values: [0.25, 0.5])
    #expect(try grey.replicated(toChannels: 3).values == [0.25, 0.5, 0.25, 0.5, 0.25, 0.5])
    #expect(try grey.replicated(toChannels: 1) == grey)
    let color = try FloatImage(width: 1, height: 1, channels: 3, values: [1, 0.5, 0])
    #expect(abs(try color.replicated(toChannels: 1).values[0] - 0.5925) < 1e-6)
    let error = try #require(throws: ImagingError.self) { try color.replicated(toChannels: 2) }
    #expect(error.description == "An image of 3 channels cannot be given 2. Ask for 1 or 3 channels.")
  }

  @Test("Normalization subtracts the mean and divides by the deviation of each channel")
  func normalization() throws {
    let image = try FloatImage(width: 1, height: 2, channels: 2, values: [0.5, 1, 0.25, 0])
    let normalized = try image.normalized(mean: [0.5, 0.25], standardDeviation: [0.25, 0.5])
    #expect(normalized.values == [0, 2, 0, -0.5])
    #expect(throws: ImagingError.self) { try image.normalized(mean: [0], standardDeviation: [1]) }
    #expect(throws: ImagingError.self) { try image.normalized(mean: [0, 0], standardDeviation: [1, 0]) }
  }

  @Test("Brightness, contrast and gamma follow their formulas and stay within 0...1")
  func photometry() throws {
    let image = try FloatImage(width: 4, height: 1, channels: 1, values: [0, 0.25, 0.5, 1])
    #expect(image.adjusted(brightness: 0.125, contrast: 1.5).values == [0.125, 0.5, 0.875, 1])
    #expect(image.adjusted(brightness: -0.25, contrast: 1).values == [0, 0, 0.25, 0.75])
    #expect(image.adjusted(brightness: 0, contrast: 1) == image)
    #expect(image.gammaCorrected(2).values == [0, 0.0625, 0.25, 1])
  }

  @Test("An image of 8 bits goes to numbers and back unchanged")
  func roundTrip() throws {
    let buffer = try picture(width: 16, height: 16, channels: 3)
    #expect(try FloatImage(buffer).pixelBuffer() == buffer)
  }

  @Test("Buffers refuse counts and depths that do not fit")
  func refusals() throws {
    #expect(throws: ImagingError.self) {
      try PixelBuffer(width: 2, height: 2, channels: 1, bitDepth: 8, samples: .bytes([1, 2, 3]))
    }
    let error = try #require(throws: ImagingError.self) {
      try PixelBuffer(width: 1, height: 1, channels: 1, bitDepth: 9, samples: .bytes([1]))
    }
    #expect(throws: ImagingError.self) { try FloatImage(width: .max, height: .max, channels: 1, values: [0]) }
    #expect(error.description == "Samples of 8 bits cannot have a depth of 9 bits. Give a depth of 1 to 8 bits.")
  }
}
