import Foundation
import Foundations
import Synchronization
import Testing

@testable import Imaging

@Suite("Decoding")
struct DecodingTests {
  @Test("The goldens hold every format")
  func goldensAreThere() throws {
    let images = try Goldens.images.get()
    #expect(images.count >= 64)
    for prefix in ["png", "jpeg", "tiff", "gif"] { #expect(images.keys.contains { $0.hasPrefix(prefix) }) }
  }

  @Test("Every fixture decodes to its pixels: lossless formats exactly, JPEG within one grey level", arguments: Goldens.imageNames)
  func decodes(name: String) throws {
    let expected = try #require(try Goldens.images.get()[name])
    let image = try ImageFile.read(Goldens.image(name))
    #expect(image.shape == [expected.width, expected.height, expected.channels, expected.bitDepth])
    let samples: [Int]
    switch image.samples {
    case .bytes(let values): samples = values.map(Int.init)
    case .words(let values): samples = values.map(Int.init)
    }
    #expect(samples.count == expected.samples.count)
    let difference = zip(samples, expected.samples).map { abs($0 - $1) }.max() ?? 0
    #expect(difference <= expected.tolerance)
  }

  @Test("Samples of more than 8 bits are words, others bytes, and the subscript reads both")
  func storage() throws {
    for (name, isWords) in [("png-grey16.png", true), ("png-rgb8.png", false), ("png-grey1.png", false)] {
      let image = try ImageFile.read(Goldens.image(name))
      let expected = try #require(try Goldens.images.get()[name])
      if case .words = image.samples { #expect(isWords) } else { #expect(!isWords) }
      let last = image.channels - 1
      let index = (3 * image.width + 5) * image.channels + last
      #expect(image[5, 3, last] == expected.samples[index])
    }
  }

  @Test("Many threads that decode at once get the same pixels as one")
  func threads() throws {
    let alone = try Goldens.imageNames.map { try ImageFile.read(Goldens.image($0)) }
    let agreeing = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 8 * alone.count) { turn in
      let index = turn % alone.count
      let again = try? ImageFile.read(Goldens.image(Goldens.imageNames[index]))
      if again == alone[index] { agreeing.withLock { $0 += 1 } }
    }
    #expect(agreeing.withLock { $0 } == 8 * alone.count)
  }

  @Test("The pixel limit is inclusive")
  func pixelLimit() throws {
    let url = Goldens.image("png-grey8.png")
    let count = 13 * 9
    #expect(try ImageFile.read(url, pixelLimit: count).width == 13)
    let error = #expect(throws: ImagingError.self) { try ImageFile.read(url, pixelLimit: count - 1) }
    #expect(error?.kind == .tooLarge)
    for name in ["jpeg-grey.jpg", "tiff-grey8.tif", "gif-color.gif"] {
      let error = #expect(throws: ImagingError.self) { try ImageFile.read(Goldens.image(name), pixelLimit: 20) }
      #expect(error?.kind == .tooLarge, "\(name)")
    }
  }

  @Test("Names with the endings of the formats are images, in any case")
  func extensions() {
    for name in ["a.png", "a.PNG", "a.jpeg", "a.Jpg", "a.tif", "a.TIFF", "a.gif", "a.dcm", "a.nii", "a.NII.gz"] {
      #expect(ImageFile.hasSupportedExtension(URL(fileURLWithPath: name)))
    }
    for name in ["a.gz", "png", "a.png.txt", "a"] { #expect(!ImageFile.hasSupportedExtension(URL(fileURLWithPath: name))) }
  }
}

@Suite("Writing PNG")
struct WritingTests {
  @Test(
    "What is written is read back as it was",
    arguments: [
      "png-grey1.png", "png-grey2.png", "png-grey4.png", "png-grey8.png", "png-grey16.png", "png-rgb8.png", "png-rgb16.png",
      "png-grey-alpha8.png", "png-rgba8.png", "png-rgba16.png",
    ])
  func roundTrip(name: String) throws {
    let folder = try TemporaryFolder()
    let target = folder.url.appendingPathComponent("copy.png")
    let image = try ImageFile.read(Goldens.image(name))
    try ImageFile.writePNG(image, to: target)
    #expect(try ImageFile.read(target) == image)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["copy.png"])
  }

  @Test("A depth that PNG does not have is an error, and no file is left")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    let target = folder.url.appendingPathComponent("odd.png")
    let image = try PixelBuffer(width: 2, height: 1, channels: 1, bitDepth: 12, samples: .words([1, 4095]))
    let error = #expect(throws: ImagingError.self) { try ImageFile.writePNG(image, to: target) }
    #expect(
      error?.description
        == "The image \(target.path) cannot be written as PNG: it has 12 bits a sample and 1 channels. Give it 8 or 16 bits a sample, or 1, 2 or 4 if it is grey."
    )
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
  }
}
