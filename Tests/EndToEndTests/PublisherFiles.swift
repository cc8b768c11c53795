import Foundation
import Imaging

/// Small image files in the formats in which publishers give theirs, written from their definitions.
enum PublisherFiles {
  /// 1 where a pixel is object, by column and row.
  typealias Shape = (_ x: Int, _ y: Int) -> Bool

  static func write(_ data: Data, to url: URL) throws {
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: url)
  }

  /// A gray PNG of 8 or 16 bits.
  static func png(_ side: Int, bitDepth: Int = 8, to url: URL, value: (Int, Int) -> Int) throws {
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    let values = (0..<side * side).map { value($0 % side, $0 / side) }
    try ImageFile.writePNG(
      PixelBuffer(
        width: side, height: side, channels: 1, bitDepth: bitDepth,
        samples: bitDepth == 8 ? .bytes(values.map(UInt8.init)) : .words(values.map(UInt16.init))), to: url)
  }

  static func mask(_ side: Int, to url: URL, _ shape: Shape) throws { try png(side, to: url) { shape($0, $1) ? 255 : 0 } }

  /// A GIF of two levels whose codes are never longer than nine bits: the table is cleared before it grows.
  static func gif(_ side: Int, to url: URL, _ shape: Shape) throws {
    var file = Data("GIF89a".utf8) + words(side, side) + [0xF7, 0, 0]
    for level in 0..<256 { file += [UInt8](repeating: level == 0 ? 0 : 255, count: 3) }
    file += [0x2C] + words(0, 0) + words(side, side) + [0, 8]
    var bits = 0, held = 0, codes = [UInt8]()
    func add(_ code: Int) {
      bits |= code << held
      held += 9
      while held >= 8 {
        codes.append(UInt8(bits & 255))
        bits >>= 8
        held -= 8
      }
    }
    for index in 0..<side * side {
      if index.isMultiple(of: 200) { add(256) }
      add(shape(index % side, index / side) ? 255 : 0)
    }
    add(257)
    if held > 0 { codes.append(UInt8(bits & 255)) }
    for start in stride(from: 0, to: codes.count, by: 255) {
      let block = codes[start..<min(start + 255, codes.count)]
      file += [UInt8(block.count)] + block
    }
    try write(file + [0, 0x3B], to: url)
  }

  /// An uncompressed RGB TIFF.
  static func tiff(_ side: Int, to url: URL, color: (Int, Int) -> [UInt8]) throws {
    let pixels = Data((0..<side * side).flatMap { color($0 % side, $0 / side) })
    var file = Data([0x49, 0x49, 42, 0]) + long(8)
    let entries: [(tag: Int, type: Int, count: Int, value: Int)] = [
      (256, 3, 1, side), (257, 3, 1, side), (258, 3, 3, 122), (259, 3, 1, 1), (262, 3, 1, 2), (273, 4, 1, 128), (277, 3, 1, 3), (278, 3, 1, side),
      (279, 4, 1, pixels.count),
    ]
    file += words(entries.count)
    for entry in entries { file += words(entry.tag, entry.type) + long(entry.count) + long(entry.value) }
    file += long(0)
    file += words(8, 8, 8)
    try write(file + pixels, to: url)
  }

  /// A radiograph in explicit little endian with 8 bits.
  static func dicom(_ side: Int, instance: String, to url: URL, value: (Int, Int) -> UInt8) throws {
    func element(_ group: Int, _ number: Int, _ type: String, _ value: Data) -> Data {
      let padded = value.count.isMultiple(of: 2) ? value : value + [type == "UI" ? 0 : 32]
      let length = ["OB", "OW"].contains(type) ? words(0) + long(padded.count) : words(padded.count)
      return words(group, number) + Data(type.utf8) + length + padded
    }
    func text(_ group: Int, _ number: Int, _ type: String, _ value: String) -> Data { element(group, number, type, Data(value.utf8)) }
    func number(_ group: Int, _ tag: Int, _ value: Int) -> Data { element(group, tag, "US", words(value)) }
    let kind = "1.2.840.10008.5.1.4.1.1.7"
    let meta = text(2, 2, "UI", kind) + text(2, 3, "UI", instance) + text(2, 0x10, "UI", "1.2.840.10008.1.2.1")
    var file = Data(count: 128) + Data("DICM".utf8) + element(2, 0, "UL", long(meta.count)) + meta
    file += text(8, 0x16, "UI", kind) + text(8, 0x18, "UI", instance) + text(8, 0x60, "CS", "CR")
    file += number(0x28, 2, 1) + text(0x28, 4, "CS", "MONOCHROME2") + number(0x28, 0x10, side) + number(0x28, 0x11, side)
    file += number(0x28, 0x100, 8) + number(0x28, 0x101, 8) + number(0x28, 0x102, 7) + number(0x28, 0x103, 0)
    try write(file + element(0x7FE0, 0x10, "OB", Data((0..<side * side).map { value($0 % side, $0 / side) })), to: url)
  }

  /// A radiograph of JSRT: 2048 × 2048 samples of 12 bits, high byte first.
  static func jsrt(to url: URL) throws {
    var row = Data()
    for x in 0..<2048 { row += [UInt8(x >> 8), UInt8(x & 255)] }
    var file = Data(capacity: 2 * 2048 * 2048)
    for _ in 0..<2048 { file += row }
    try write(file, to: url)
  }

  /// A NIfTI-1 volume of bytes whose axes run to the patient's left, front and top, so that slices are seen as they are stored.
  static func nifti(_ side: Int, slices: Int, to url: URL, value: (_ x: Int, _ y: Int, _ z: Int) -> UInt8) throws {
    var header = Data(count: 352)
    func put(_ data: Data, at place: Int) { header.replaceSubrange(place..<place + data.count, with: data) }
    func real(_ value: Float) -> Data { long(Int(value.bitPattern)) }
    put(long(348), at: 0)
    put(words(3, side, side, slices, 1, 1, 1, 1), at: 40)
    put(words(2, 8), at: 70)
    put([1, 1, 1, 1, 0, 0, 0, 0].reduce(Data()) { $0 + real($1) }, at: 76)
    put(real(352), at: 108)
    put(real(1), at: 112)
    put(words(0, 1), at: 252)
    put([-1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1, 0].reduce(Data()) { $0 + real($1) }, at: 280)
    put(Data("n+1\0".utf8), at: 344)
    var voxels = Data()
    for z in 0..<slices { for y in 0..<side { for x in 0..<side { voxels.append(value(x, y, z)) } } }
    try write(header + voxels, to: url)
  }

  private static func words(_ values: Int...) -> Data {
    Data(values.flatMap { [UInt8($0 & 255), UInt8($0 >> 8 & 255)] })
  }

  private static func long(_ value: Int) -> Data { Data((0..<4).map { UInt8(value >> (8 * $0) & 255) }) }
}
