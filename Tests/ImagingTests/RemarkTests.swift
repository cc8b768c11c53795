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
    var told = 0, fractional = 0, undecided = Set<String>()
    for file in Self.files {
      guard let read = try? ImageFile.readRemarked(file) else { continue }
      guard let stated = try ImageFile.statedRemarks(file) else {
        if try ImageDescription(file).type.hasPrefix("float") { fractional += 1 } else { undecided.insert(file.pathExtension) }
        continue
      }
      told += 1
      #expect(stated + read.pixels.contentRemarks == read.remarks, "\(file.lastPathComponent)")
    }
    // Only formats whose files may hold several pictures have to be decoded for it, and fractional numbers, of which some may be none.
    #expect(told > 100 && fractional > 0 && undecided == ["gif", "tif", "webp"], "\(told), \(fractional), \(undecided)")
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
      try buffer((0..<200).map { place -> UInt8 in UInt8(100 + place % 25) }).contentRemarks
        == [ImageRemark(.narrowRange, "it uses 9.4 % of the range from black to white: 100 to 124 of 255")])
    // Padding far from all values takes their range from them; a drawing in two brightnesses, or on a ground, has none.
    #expect(
      try buffer((0..<200).map { place -> UInt8 in place < 80 ? 0 : UInt8(240 + place % 12) }).contentRemarks
        == [ImageRemark(.narrowRange, "beside its commonest brightness 0 it uses 4.3 % of the range from black to white: 240 to 251 of 255")])
    #expect(try buffer((0..<200).map { $0 < 80 ? 0 : 255 }).contentRemarks.isEmpty)
    #expect(try buffer((0..<200).map { place -> UInt8 in place < 80 ? 0 : UInt8(100 + place % 90) }).contentRemarks.isEmpty)
    // Gray with opacity, which alone differs.
    let seen = try buffer((0..<200).map { place -> UInt8 in place % 2 == 0 ? 9 : UInt8(place) }, channels: 2)
    #expect(seen.contentRemarks.map(\.kind) == [.oneBrightness] && seen.extremes == 9...9)
  }

  @Test("A picture of which nothing is seen is remarked, and one of which a pixel is seen is not")
  func transparent() throws {
    let colors = (0..<100).flatMap { place -> [UInt8] in [UInt8(place), 0, 255, 0] }
    #expect(try buffer(colors, channels: 4).contentRemarks == [ImageRemark(.transparent, "all its pixels are fully transparent, and are read as if they were not")])
    var seen = colors
    seen[399] = 1
    #expect(try buffer(seen, channels: 4).contentRemarks.isEmpty)
    #expect(try buffer((0..<200).map { place -> UInt8 in place % 2 == 0 ? UInt8(place) : 0 }, channels: 2).contentRemarks.map(\.kind) == [.transparent])
  }

  @Test("A file says whether its numbers are those that were written: not those of JPEG, and of WebP and JPEG 2000 by how they are coded")
  func lossy() throws {
    let pictures = Goldens.folder.appendingPathComponent("pictures")
    for (name, isLossy) in [
      ("webp-lossy.webp", true), ("webp-lossless.webp", false), ("webp-animation.webp", false), ("jp2-rgb8.jp2", false), ("jp2-grey16.j2k", false),
    ] { #expect(try FileStatement(pictures.appendingPathComponent(name)).isLossy == isLossy, "\(name)") }
    // The same stream said to be of the wavelet that cannot be undone.
    var stream = try Data(contentsOf: pictures.appendingPathComponent("jp2-rgb8.jp2"))
    let style = try #require(stream.indices.dropLast(14).first { stream[$0] == 0xFF && stream[$0 + 1] == 0x52 })
    #expect(stream[style + 13] == 1)
    stream[style + 13] = 0
    let changed = FileManager.default.temporaryDirectory.appendingPathComponent("lossy-\(UUID().uuidString).jp2")
    try stream.write(to: changed)
    defer { try? FileManager.default.removeItem(at: changed) }
    #expect(try FileStatement(changed).isLossy)
    #expect(
      try FileStatement(pictures.appendingPathComponent("webp-animation.webp")).pictures == 3
        && FileStatement(pictures.appendingPathComponent("webp-orientation6.webp")).orientation == 6)
  }

  @Test("A PGM of several pictures says so, and each can be chosen; bytes behind a picture that begin no other are none")
  func severalInPGM() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("remarks-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("two.pgm")
    let first = Data("P5\n2 1\n255\n".utf8) + Data([10, 200]), second = Data("P5 # the other\n3 1 255\n".utf8) + Data([1, 128, 255])
    try (first + Data("\n".utf8) + second).write(to: file)
    #expect(try ImageFile.readRemarked(file).remarks == [.severalPictures(2)] && ImageFile.statedRemarks(file) == [.severalPictures(2)])
    #expect(try ImageFile.read(file).width == 2)
    let chosen = try ImageFile.readRemarked(file, .frame(1))
    #expect(chosen.pixels.samples == .bytes([1, 128, 255]) && chosen.remarks.isEmpty)
    #expect(throws: ImagingError.self) { try ImageFile.read(file, .frame(2)) }
    // The second is cut short, so it is none; trailing bytes are nothing.
    try (first + second.dropLast()).write(to: file)
    #expect(try ImageFile.readRemarked(file).remarks.isEmpty)
    try (first + Data("P5 and so on".utf8)).write(to: file)
    #expect(try ImageFile.readRemarked(file).remarks.isEmpty)
  }

  @Test("An animated PNG says how many pictures it holds, and the first is read")
  func animated() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("remarks-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("still.png")
    try ImageFile.writePNG(try PixelBuffer(width: 4, height: 1, channels: 1, bitDepth: 8, samples: .bytes([0, 80, 160, 255])), to: file)
    var bytes = try Data(contentsOf: file)
    // The chunk acTL of three frames, behind the header's 8 + 25 bytes.
    bytes.insert(contentsOf: [0, 0, 0, 8] + Array("acTL".utf8) + [0, 0, 0, 3, 0, 0, 0, 0] + Self.checksum(Array("acTL".utf8) + [0, 0, 0, 3, 0, 0, 0, 0]), at: 33)
    try bytes.write(to: file)
    let read = try ImageFile.readRemarked(file)
    #expect(read.pixels.samples == .bytes([0, 80, 160, 255]) && read.remarks == [.severalPictures(3)])
    #expect(try ImageFile.statedRemarks(file) == [.severalPictures(3)])
    let error = #expect(throws: ImagingError.self) { try ImageFile.read(file, .frame(1)) }
    #expect(error?.problem.contains("of its 3 pictures only the first can be read") == true, "\(String(describing: error))")
  }

  /// CRC-32 as PNG's chunks have it (ISO/IEC 15948 annex D), most significant byte first.
  private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
    var sum = UInt32.max
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? 0xEDB8_8320 ^ sum >> 1 : sum >> 1 }
    }
    sum = ~sum
    return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> $0) }
  }
}
