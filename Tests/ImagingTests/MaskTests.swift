import Foundation
import Foundations
import Testing

@testable import Imaging

@Suite("Masks")
struct MaskTests {
  static func levels(_ values: [UInt8]) throws -> PixelBuffer {
    try PixelBuffer(width: values.count, height: 1, channels: 1, bitDepth: 8, samples: .bytes(values))
  }

  @Test(
    "The automatic threshold follows the levels of the file",
    arguments: [
      ([0, 1, 0, 1], [0, 1, 0, 1]), ([0, 255, 0], [0, 1, 0]), ([0, 127, 128, 255], [0, 0, 1, 1]), ([0, 38, 38], [0, 1, 1]),
      ([3, 253], [0, 1]), ([0, 0], [0, 0]), ([1, 1], [1, 1]), ([255, 255], [1, 1]), ([0, 1, 2, 3], [0, 0, 0, 0]),
    ] as [([UInt8], [UInt8])])
  func automatic(levels: [UInt8], expected: [UInt8]) throws {
    #expect(Mask(try Self.levels(levels)).values == expected)
  }

  @Test("The other thresholds are what they say")
  func thresholds() throws {
    let buffer = try Self.levels([0, 1, 127, 128, 255])
    #expect(Mask(buffer, threshold: .nonZero).values == [0, 1, 1, 1, 1])
    #expect(Mask(buffer, threshold: .above(127)).values == [0, 0, 0, 1, 1])
    #expect(Mask(try FloatImage(buffer).resized(width: 5, height: 1), above: 0.5).values == [0, 0, 0, 1, 1])
  }

  @Test("Half of 16-bit range is 32767")
  func words() throws {
    let buffer = try PixelBuffer(width: 4, height: 1, channels: 1, bitDepth: 16, samples: .words([0, 32767, 32768, 65535]))
    #expect(Mask(buffer).values == [0, 0, 1, 1])
  }

  @Test(
    "The three kinds of DRIVE's masks give the same object: levels 0 and 255, 0 and 1, and a palette of two near-greys",
    arguments: ["gif-mask255.gif", "gif-mask1.gif", "gif-mask-colored.gif"])
  func gifMasks(name: String) throws {
    let truth = try #require(try Goldens.images.get()["gif-mask1.gif"]).samples.map(UInt8.init)
    let mask = try Mask.read(Goldens.image(name))
    #expect(mask.values == truth)
    #expect(mask.foregroundCount == truth.reduce(0) { $0 + Int($1) })
    #expect(mask.floatImage().values == truth.map(Float.init))
  }

  @Test("Any value but 0 is object when a mask is made from values; sizes must fit")
  func values() throws {
    #expect(try Mask(width: 3, height: 1, values: [0, 7, 255]).values == [0, 1, 1])
    let error = try #require(throws: ImagingError.self) { try Mask(width: 3, height: 2, values: [0, 1]) }
    #expect(
      error.description
        == "An image of 2 × 3 cannot hold 2 values. Give positive sizes and as many values as their product.")
  }
}
