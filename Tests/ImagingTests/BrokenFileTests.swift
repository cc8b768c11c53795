import Foundation
import Foundations
import Testing

@testable import Imaging

@Suite("Broken files")
struct BrokenFileTests {
  static let replace = "Get the file again from its source, or leave it out of the data set."
  static let convert = "Convert it to a grey or RGB PNG of 8 or 16 bits."

  /// For every broken fixture, what follows its path in the error's text.
  static let sentences: [(name: String, kind: ImagingError.Code, text: String)] = [
    ("broken-empty.png", .emptyFile, "is empty. \(replace)"),
    (
      "broken-random.png", .unknownFormat,
      "is no PNG, JPEG, TIFF, GIF, WebP, JPEG 2000, PGM/PPM, BMP, DICOM or NIfTI image: it starts with the bytes 29 72 bb 04 4d 96 df 28. Convert it to one of these formats, or leave it out of the data set."
    ),
    ("broken-header-only.png", .truncated, "is cut short: its PNG data end before the picture is complete. \(replace)"),
    ("broken-cut.png", .truncated, "is cut short: its PNG data end before the picture is complete. \(replace)"),
    ("broken-no-end.png", .truncated, "is cut short: its PNG data end before the picture is complete. \(replace)"),
    ("broken-checksum.png", .malformed, "is damaged: its PNG data are not valid (invalid chunk checksum). \(replace)"),
    ("broken-palette-index.png", .malformed, "is damaged: a pixel has color 3 of a palette of 3. \(replace)"),
    (
      "broken-bomb.png", .tooLarge,
      "has 40000 × 30000 pixels, more than the limit of 100000000. Make it smaller, or cut it into tiles."
    ),
    ("broken-no-end.jpg", .truncated, "is cut short: its JPEG data end before the picture is complete. \(replace)"),
    ("broken-half.jpg", .truncated, "is cut short: its JPEG data end before the picture is complete. \(replace)"),
    ("broken-cut.tif", .truncated, "is cut short: its TIFF data end before the picture is complete. \(replace)"),
    ("unsupported-lab.tif", .unsupported, "is of a kind that is not read: a TIFF with color space 8. \(convert)"),
    ("broken-no-end.gif", .truncated, "is cut short: its GIF data end before the picture is complete. \(replace)"),
    ("broken-cut.gif", .truncated, "is cut short: its GIF data end before the picture is complete. \(replace)"),
  ]

  @Test("Every broken fixture is refused with its own words", arguments: sentences.map(\.name))
  func words(name: String) throws {
    let row = try #require(Self.sentences.first { $0.name == name })
    let url = Goldens.image(name)
    let error = try #require(throws: ImagingError.self) { try ImageFile.read(url) }
    #expect(error.kind == row.kind)
    #expect(error.code == "imaging.\(row.kind.rawValue)")
    let subject = row.kind == .unknownFormat ? "file" : "image"
    #expect(error.description == "The \(subject) \(url.path) \(row.text)")
  }

  @Test("A file that is not there and a folder are refused in the system's words")
  func missing() throws {
    let absent = Goldens.image("absent.png")
    let error = try #require(throws: ImagingError.self) { try ImageFile.read(absent) }
    #expect(error.description == "The image \(absent.path) cannot be read: No such file or directory. Check the path.")
    let folder = try #require(throws: ImagingError.self) { try ImageFile.read(Goldens.folder) }
    #expect(
      folder.description
        == "The image \(Goldens.folder.path) cannot be read: Is a directory. Check that it is a file and that you may read it.")
  }

  @Test(
    "Of a PNG, JPEG or GIF file, every piece that ends before the file does is an error",
    arguments: ["png-rgb8-interlaced.png", "png-palette4.png", "png-grey8.png", "png-rgba16.png", "jpeg-color.jpg", "jpeg-progressive.jpg", "gif-color.gif"])
  func everyPrefix(name: String) throws {
    let data = try Data(contentsOf: Goldens.image(name))
    for count in 0..<data.count {
      #expect(throws: ImagingError.self, "\(count) of \(data.count) bytes") { try decode(data.prefix(count)) }
    }
    #expect(throws: Never.self) { try decode(data) }
  }

  @Test(
    "Of a TIFF file, every piece that lacks more than padding is an error",
    arguments: ["tiff-lzw.tif", "tiff-jpeg.tif", "tiff-tiles.tif"])
  func everyTIFFPrefix(name: String) throws {
    // The directory or the last strip lies at the end; a byte of padding may follow.
    let data = try Data(contentsOf: Goldens.image(name))
    for count in 0..<data.count - 8 {
      #expect(throws: ImagingError.self, "\(count) of \(data.count) bytes") { try decode(data.prefix(count)) }
    }
  }
}

/// Decodes bytes from memory of exactly their size, so that an address checker sees a read past their end.
@discardableResult
func decode(_ data: Data) throws -> PixelBuffer {
  let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(data.count, 1), alignment: 16)
  defer { memory.deallocate() }
  data.copyBytes(to: memory)
  let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(memory)[..<data.count])
  return try ImageFile.decode(bytes, named: URL(fileURLWithPath: "/fuzz"), pixelLimit: 1 << 20)
}

@Suite("Mutated files")
struct FuzzTests {
  static let mutationsPerFile = 150

  @Test("Damage at random places is decoded or refused, never a crash", arguments: Goldens.imageNames)
  func mutations(name: String) throws {
    let original = try Data(contentsOf: Goldens.image(name))
    var generator = (SeedPath(2) / "fuzz" / name).generator()
    var refused = 0
    for _ in 0..<Self.mutationsPerFile {
      var data = original
      // The first bytes stay, so that the decoder is reached.
      for _ in 0...generator.integer(below: 4) {
        let place = 8 + generator.integer(below: data.count - 8)
        switch generator.integer(below: 4) {
        case 0: data[place] ^= 1 << UInt8(generator.integer(below: 8))
        case 1: data[place] = [0, 1, 127, 128, 255][generator.integer(below: 5)]
        case 2: data[place] = UInt8(generator.integer(below: 256))
        default: data.replaceSubrange(place..<min(place + 4, data.count), with: [255, 255, 255, 255].prefix(data.count - place))
        }
      }
      do {
        let image = try decode(data)
        #expect(image.samples.count == image.width * image.height * image.channels)
      } catch let error as ImagingError {
        #expect(error.kind != .unknownFormat && error.kind != .emptyFile)
        refused += 1
      }
    }
    #expect(refused > 0, "the mutations reach what is checked")
  }
}
