import Foundation
import Testing

@testable import Imaging

@Suite("Raw images")
struct RawImageTests {
  private func file(_ bytes: [UInt8], in folder: TemporaryFolder) throws -> URL {
    let url = folder.url.appendingPathComponent("raw.IMG")
    try Data(bytes).write(to: url)
    return url
  }

  @Test("Words of either byte order, an offset and white as 0 are read as stated")
  func words() throws {
    let folder = try TemporaryFolder()
    let url = try file([9, 9, 0x01, 0x02, 0x0F, 0xFF, 0x00, 0x00], in: folder)
    let big = RawImage(width: 3, height: 1, bitDepth: 12, isBigEndian: true, offset: 2)
    #expect(try big.read(url) == PixelBuffer(width: 3, height: 1, channels: 1, bitDepth: 12, samples: .words([0x102, 0xFFF, 0])))
    let white = RawImage(width: 3, height: 1, bitDepth: 12, isBigEndian: true, offset: 2, isWhiteZero: true)
    #expect(try white.read(url) == PixelBuffer(width: 3, height: 1, channels: 1, bitDepth: 12, samples: .words([0xEFD, 0, 0xFFF])))
    let bytes = RawImage(width: 4, height: 2, bitDepth: 8, isBigEndian: false)
    #expect(try bytes.read(url).samples == .bytes([9, 9, 1, 2, 15, 255, 0, 0]))
  }

  @Test("A file of another size, or with samples deeper than stated, is refused")
  func refused() throws {
    let folder = try TemporaryFolder()
    let url = try file([0x10, 0x00, 0x00, 0x10], in: folder)
    let deep = #expect(throws: ImagingError.self) { try RawImage(width: 2, height: 1, bitDepth: 12, isBigEndian: true).read(url) }
    #expect(deep?.problem == "The image \(url.path) is damaged: sample 0 is 4096, more than 12 bits hold.")
    let short = #expect(throws: ImagingError.self) { try RawImage.jsrt.read(url) }
    #expect(
      short?.problem == "The image \(url.path) is cut short: it has 4 bytes, and 2048 × 2048 samples of 12 bits need 8388608.")
    let long = #expect(throws: ImagingError.self) { try RawImage(width: 1, height: 1, bitDepth: 16, isBigEndian: true).read(url) }
    #expect(long?.kind == .malformed)
  }
}
