import Foundation
import Testing

@testable import Imaging

@Suite("Remarks on images")
struct RemarkTests {
  private static let files = ["images", "pictures", "medical"].flatMap { name -> [URL] in
    let folder = Goldens.folder.appendingPathComponent(name)
    return ((try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []).sorted { $0.path < $1.path }
  }

  @Test("What a file states is the same with and without decoding it, for every fixture that is read")
  func stated() throws {
    var told = 0, undecided = Set<String>()
    for file in Self.files {
      guard let read = try? ImageFile.readRemarked(file) else { continue }
      guard let stated = try ImageFile.statedRemarks(file) else {
        undecided.insert(file.pathExtension)
        continue
      }
      told += 1
      #expect(stated + read.pixels.contentRemarks == read.remarks, "\(file.lastPathComponent)")
    }
    // Only formats whose files may hold several pictures have to be decoded for it.
    #expect(told > 100 && undecided == ["gif", "tif", "webp"], "\(told), \(undecided)")
  }

  private func buffer(_ bytes: [UInt8], channels: Int = 1) throws -> PixelBuffer {
    try PixelBuffer(width: bytes.count / channels, height: 1, channels: channels, bitDepth: 8, samples: .bytes(bytes))
  }

  @Test("One brightness, nearly one, and little of the range are remarked; opacity counts for none of them")
  func content() throws {
    let ramp = (0..<200).map { UInt8($0) }
    #expect(try buffer(ramp).contentRemarks.isEmpty)
    #expect(try buffer([UInt8](repeating: 7, count: 200)).contentRemarks == [ImageRemark(.oneBrightness, "all its pixels have the brightness 7 of 255")])
    #expect(
      try buffer([UInt8](repeating: 0, count: 1999) + [255]).contentRemarks
        == [ImageRemark(.nearlyOneBrightness, "99.9 % of its pixels have the brightness 0 of 255")])
    #expect(try buffer([UInt8](repeating: 0, count: 98) + [255, 254]).contentRemarks.isEmpty)
    #expect(
      try buffer((0..<200).map { UInt8(100 + $0 % 25) }).contentRemarks
        == [ImageRemark(.narrowRange, "it uses 9.4 % of the range from black to white: 100 to 124 of 255")])
    // Gray with opacity, which alone differs.
    let seen = try buffer((0..<200).map { $0 % 2 == 0 ? 9 : UInt8($0) }, channels: 2)
    #expect(seen.contentRemarks.map(\.kind) == [.oneBrightness] && seen.extremes == 9...9)
  }
}
