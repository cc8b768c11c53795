import Foundation
import Foundations
import Testing

@testable import Imaging

/// What Tools/goldens/more_pictures.py found with Pillow and numpy.
private struct PictureGolden: Decodable {
  let width, height, channels, bitDepth, tolerance, count, orientation: Int
  let samples: [Int]
  /// Before it is turned.
  let stored: [Int]?
  /// By the picture's index.
  let later: [String: [Int]]?

  static let folder = Goldens.folder.appendingPathComponent("pictures")
  static let all = Result { try Goldens.decode([String: PictureGolden].self, from: "pictures.json") }
  static let names = ((try? all.get()) ?? [:]).keys.sorted()

  static func file(_ name: String) -> URL { folder.appendingPathComponent(name) }

  func isEqual(_ buffer: PixelBuffer, _ expected: [Int]) -> Bool {
    let found = buffer.integers
    return found.count == expected.count && (zip(found, expected).map { abs($0 - $1) }.max() ?? 0) <= tolerance
  }
}

extension PixelBuffer {
  fileprivate var integers: [Int] {
    switch samples {
    case .bytes(let values): return values.map(Int.init)
    case .words(let values): return values.map(Int.init)
    }
  }
}

@Suite("Picture formats")
struct PictureFormatTests {
  @Test("Every fixture decodes as Pillow decodes and turns it", arguments: PictureGolden.names)
  func decodes(name: String) throws {
    let golden = try #require(try PictureGolden.all.get()[name]), url = PictureGolden.file(name)
    let image = try ImageFile.read(url)
    let shape = [image.width, image.height, image.channels, image.bitDepth]
    #expect(shape == [golden.width, golden.height, golden.channels, golden.bitDepth] as [Int])
    #expect(golden.isEqual(image, golden.samples))
    let description = try ImageDescription(url)
    #expect(description.frames == golden.count && description.orientation == golden.orientation)
    let kinds = Set(description.remarks.map(\.kind))
    #expect(kinds.contains(.severalPictures) == (golden.count > 1) && kinds.contains(.statedOrientation) == (golden.orientation > 1))
    if let stored = golden.stored {
      #expect(golden.isEqual(try ImageFile.read(url, .whole, orientation: .asStored), stored))
    }
    for (index, pixels) in golden.later ?? [:] {
      let chosen = try ImageFile.readRemarked(url, .frame(#require(Int(index))))
      #expect(golden.isEqual(chosen.pixels, pixels), "\(index)")
      #expect(!chosen.remarks.contains { $0.kind == .severalPictures })
    }
  }

  @Test("Every format has a fixture, and every ending of its files leads to it")
  func everyFormat() throws {
    let files = try [Goldens.folder.appendingPathComponent("images"), PictureGolden.folder].flatMap {
      try FileManager.default.contentsOfDirectory(at: $0, includingPropertiesForKeys: nil)
    }
    for format in PictureFormat.all {
      let own = files.filter { format.endings.contains($0.pathExtension) && !$0.lastPathComponent.hasPrefix("broken") }
      #expect(own.count >= 4, "\(format.name)")
      #expect(format.endings.allSatisfy(ImageFile.supportedExtensions.contains))
    }
    #expect(Set(PictureFormat.all.flatMap(\.endings)).count == PictureFormat.all.flatMap(\.endings).count)
  }

  @Test("Signed and fractional samples keep their type in the description, and a window shows a part of them")
  func numbers() throws {
    let url = PictureGolden.file("tiff-int16.tif")
    let description = try ImageDescription(url)
    #expect(description.type == "int16" && description.isSigned && description.bitDepth == 16)
    let range = try #require(description.minimum)...#require(description.maximum)
    #expect(range.lowerBound < 0 && description.display == "from \(range.lowerBound) to \(range.upperBound)")
    let window = try IntensityWindow(from: -1000, to: 1000)
    let shown = try ImageFile.read(url, .whole, window: window).integers
    #expect(shown.contains(0) && shown.contains(65535))
    // A window that is the whole range changes nothing.
    let whole = try ImageFile.read(url, .whole, window: IntensityWindow(from: range.lowerBound, to: range.upperBound)).integers
    #expect(zip(whole, try ImageFile.read(url).integers).allSatisfy { abs($0 - $1) <= 1 })
  }

  @Test("A range brings 12 bits in 16 to the whole scale, which is remarked without it")
  func range() throws {
    let folder = try TemporaryFolder()
    let url = folder.url.appendingPathComponent("dark.png")
    let words = (0..<64).map { UInt16($0 * 65) }
    try ImageFile.writePNG(PixelBuffer(width: 8, height: 8, channels: 1, bitDepth: 16, samples: .words(words)), to: url)
    let plain = try ImageFile.readRemarked(url)
    #expect(plain.remarks == [ImageRemark(.narrowRange, "it uses 6.2 % of the range from black to white: 0 to 4095 of 65535")])
    let shown = try ImageFile.readRemarked(url, window: IntensityWindow(from: 0, to: 4095))
    #expect(shown.remarks.isEmpty && shown.pixels.usedShareOfRange == 1)
    #expect(shown.pixels.integers == words.map { word -> Int in Int((Float(Double(word) / 4095) * 65535).rounded()) })
  }

  @Test(
    "A picture that the file does not hold is refused with how many it holds",
    arguments: ["tiff-pages.tif", "gif-frames.gif", "webp-animation.webp", "bmp-8.bmp", "jp2-rgb8.jp2", "webp-lossy.webp"])
  func absent(name: String) throws {
    let url = PictureGolden.file(name)
    let count = try #require(try PictureGolden.all.get()[name]).count
    let error = #expect(throws: ImagingError.self) { try ImageFile.read(url, .frame(count)) }
    #expect(error?.description == "The image \(url.path) has no frame \(count + 1): it has \(count). Ask for one of these, counted from 1.")
  }

  @Test(
    "Of these files too, every piece that ends before the picture does is an error",
    arguments: ["webp-lossless.webp", "webp-lossy.webp", "bmp-24.bmp", "bmp-8.bmp", "pgm-16.pgm", "ppm-8.ppm", "jp2-grey8.jp2"])
  func everyPrefix(name: String) throws {
    let data = try Data(contentsOf: PictureGolden.file(name))
    // A BMP's last row may lack its padding; a JPEG 2000 code stream ends with a mark of two bytes that says nothing of the picture.
    for count in 0..<data.count - 3 {
      #expect(throws: ImagingError.self, "\(count) of \(data.count) bytes") { try decode(data.prefix(count)) }
    }
    #expect(throws: Never.self) { try decode(data) }
  }

  @Test("A NIfTI file of several gzip members is one, and either file of a pair leads to it")
  func nifti() throws {
    let folder = try TemporaryFolder()
    let whole = try Data(contentsOf: MedicalGoldens.file("axes-oblique.nii"))
    let url = folder.url.appendingPathComponent("two.nii.gz")
    try (gzip(whole.prefix(400)) + gzip(whole.dropFirst(400)) + Data(count: 20)).write(to: url)
    #expect(try NIfTIFile.open(url).storedSamples() == NIfTIFile.open(MedicalGoldens.file("axes-oblique.nii")).storedSamples())
    let pair = try ImageDescription(MedicalGoldens.file("pair.img"))
    #expect(try pair == ImageDescription(MedicalGoldens.file("pair.hdr")) && pair.format == "NIfTI")
    #expect(try ImageFile.read(MedicalGoldens.file("pair.img"), .slice(1)) == ImageFile.read(MedicalGoldens.file("pair.hdr"), .slice(1)))
  }

  @Test("What stands in an image's place is called by its name")
  func foreign() throws {
    let folder = try TemporaryFolder()
    let url = folder.url.appendingPathComponent("a.png")
    for (text, words) in [
      (
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n",
        "it is a Git LFS pointer, not the file itself. Fetch the file with `git lfs pull` in its repository."
      ),
      ("/annex/objects/SHA256E-s12--00.png\n", "it is a git-annex pointer, not the file itself. Fetch the file with `git annex get` or `datalad get`."),
      (
        "\n <!DOCTYPE html><title>Log in</title>", "it is an HTML page, as a server sends for a login or an error. Download the file again, signed in where its source asks for it."
      ),
      ("PK\u{3}\u{4}", "it is a zip archive. Unpack it, and name the files in it."),
    ] {
      try Data(text.utf8).write(to: url)
      let error = #expect(throws: ImagingError.self) { try ImageFile.read(url) }
      #expect(error?.description == "The file \(url.path) is no image: \(words)")
    }
  }
}

/// Stored, not compressed: one block.
private func gzip(_ data: Data) -> Data {
  func little(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
  var checksum: UInt32 = ~0
  for byte in data {
    checksum ^= UInt32(byte)
    for _ in 0..<8 { checksum = checksum >> 1 ^ (checksum & 1 == 1 ? 0xEDB8_8320 : 0) }
  }
  let count = UInt16(data.count)
  return Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1] + little(UInt32(count) | UInt32(~count) << 16)) + data + Data(little(~checksum) + little(UInt32(data.count)))
}
