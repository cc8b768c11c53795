package import Foundation
import Foundations
import Imaging
import Synchronization

/// A made-up picture of horizontal bands whose rows are alike, so that one of twenty million pixels is drawn at once.
package struct Drawing: Sendable {
  package let width: Int
  package let height: Int
  package let channels: Int
  package let bitDepth: Int
  /// One row of each band, `[width × channels]`.
  package let rows: [[Int]]

  /// - Parameter value: of a place in a row of a band, from 0 to what the depth holds.
  package init(_ width: Int, _ height: Int, channels: Int = 1, bitDepth: Int = 8, bands: Int = 2, value: (_ x: Int, _ band: Int) -> Int) {
    self.width = width
    self.height = height
    self.channels = channels
    self.bitDepth = bitDepth
    rows = (0..<bands).map { band in
      (0..<width).flatMap { x in (0..<channels).map { max(0, value(x, band) - $0) } }
    }
  }

  /// A gray ramp in two bands that differs from image to image; of 251 levels, spread over the depth.
  package static func ramp(_ index: Int, _ width: Int, _ height: Int, channels: Int = 1, bitDepth: Int = 8) -> Drawing {
    let step = bitDepth == 8 ? 1 : (1 << bitDepth) / 256
    return Drawing(width, height, channels: channels, bitDepth: bitDepth) { x, band in ((x * 48 / width + 9 * band) * (index % 5 + 1) * 5 + index % 8 * 11) % 251 * step }
  }

  /// 255 in the columns from one fraction of the width to another, else 0.
  package static func columns(_ range: Range<Double>, _ width: Int, _ height: Int) -> Drawing {
    Drawing(width, height, bands: 1) { x, _ in range.contains(Double(x) / Double(width)) ? 255 : 0 }
  }

  /// Whether two drawings are alike is told by these words.
  private var key: String {
    var digest = 5381
    for row in rows { for value in row { digest = (digest &* 33) ^ value } }
    return "\(width) \(height) \(channels) \(bitDepth) \(rows.count) \(digest)"
  }

  /// What the rows are made into, top to bottom.
  private func stacked<Value>(_ make: ([Int]) -> [Value]) -> [Value] {
    let made = rows.map(make)
    var all = [Value]()
    all.reserveCapacity(width * height * channels)
    for y in 0..<height { all.append(contentsOf: made[y * made.count / height]) }
    return all
  }

  package var bytes: [UInt8] { stacked { $0.map { UInt8($0) } } }

  /// A picture is encoded once, however often it is written.
  private static let encoded = Mutex([String: Data]())

  private func once(_ format: String, _ encode: () throws -> Data) throws -> Data {
    let key = format + " " + key
    if let known = Self.encoded.withLock({ $0[key] }) { return known }
    let data = try encode()
    Self.encoded.withLock { $0[key] = data }
    return data
  }

  package func png() throws -> Data {
    try once("png") {
      let file = FileManager.default.temporaryDirectory.appendingPathComponent("drawing-\(UUID().uuidString).png")
      defer { try? FileManager.default.removeItem(at: file) }
      let samples: PixelBuffer.Samples = bitDepth == 8 ? .bytes(bytes) : .words(stacked { $0.map { UInt16($0) } })
      try ImageFile.writePNG(PixelBuffer(width: width, height: height, channels: channels, bitDepth: bitDepth, samples: samples), to: file)
      return try Data(contentsOf: file)
    }
  }

  /// A GIF of two levels whose codes are never longer than nine bits: the table is cleared before it grows.
  package func gif() throws -> Data {
    try once("gif") {
      var file = Data("GIF89a".utf8) + Data.words(width, height) + [0xF7, 0, 0]
      for level in 0..<256 { file += [UInt8](repeating: level == 0 ? 0 : 255, count: 3) }
      file += [0x2C] + Data.words(0, 0) + Data.words(width, height) + [0, 8]
      let pixels = bytes
      var bits = 0, held = 0, codes = [UInt8](), index = 0, sinceClear = 200
      codes.reserveCapacity(pixels.count * 9 / 8 + pixels.count / 160)
      while index <= pixels.count {
        var code = 257
        if index < pixels.count, sinceClear == 200 {
          (code, sinceClear) = (256, 0)
        } else {
          if index < pixels.count { code = pixels[index] == 0 ? 0 : 255 }
          index += 1
          sinceClear += 1
        }
        bits |= code << held
        held += 9
        while held >= 8 {
          codes.append(UInt8(bits & 255))
          bits >>= 8
          held -= 8
        }
      }
      if held > 0 { codes.append(UInt8(bits & 255)) }
      var start = 0
      while start < codes.count {
        let end = min(start + 255, codes.count)
        file.append(UInt8(end - start))
        file.append(contentsOf: codes[start..<end])
        start = end
      }
      return file + [0, 0x3B]
    }
  }

  /// An uncompressed RGB TIFF of three channels.
  package func tiff() throws -> Data {
    try once("tiff") {
      let pixels = Data(bytes)
      var file = Data([0x49, 0x49, 42, 0]) + Data.long(8)
      let entries: [(tag: Int, type: Int, count: Int, value: Int)] = [
        (256, 3, 1, width), (257, 3, 1, height), (258, 3, 3, 122), (259, 3, 1, 1), (262, 3, 1, 2), (273, 4, 1, 128), (277, 3, 1, 3),
        (278, 3, 1, height), (279, 4, 1, pixels.count),
      ]
      file += Data.words(entries.count)
      for entry in entries { file += Data.words(entry.tag, entry.type) + Data.long(entry.count) + Data.long(entry.value) }
      file += Data.long(0)
      file += Data.words(8, 8, 8)
      return file + pixels
    }
  }

  /// A radiograph in explicit little endian with 8 bits.
  package func dicom(instance: String) -> Data {
    func element(_ group: Int, _ number: Int, _ type: String, _ value: Data) -> Data {
      let padded = value.count.isMultiple(of: 2) ? value : value + [type == "UI" ? 0 : 32]
      let length = ["OB", "OW"].contains(type) ? Data.words(0) + Data.long(padded.count) : Data.words(padded.count)
      return Data.words(group, number) + Data(type.utf8) + length + padded
    }
    func text(_ group: Int, _ number: Int, _ type: String, _ value: String) -> Data { element(group, number, type, Data(value.utf8)) }
    func number(_ group: Int, _ tag: Int, _ value: Int) -> Data { element(group, tag, "US", Data.words(value)) }
    let kind = "1.2.840.10008.5.1.4.1.1.7"
    let meta = text(2, 2, "UI", kind) + text(2, 3, "UI", instance) + text(2, 0x10, "UI", "1.2.840.10008.1.2.1")
    var file = Data(count: 128) + Data("DICM".utf8) + element(2, 0, "UL", Data.long(meta.count)) + meta
    file += text(8, 0x16, "UI", kind) + text(8, 0x18, "UI", instance) + text(8, 0x60, "CS", "CR")
    file += number(0x28, 2, 1) + text(0x28, 4, "CS", "MONOCHROME2") + number(0x28, 0x10, height) + number(0x28, 0x11, width)
    file += number(0x28, 0x100, 8) + number(0x28, 0x101, 8) + number(0x28, 0x102, 7) + number(0x28, 0x103, 0)
    return file + element(0x7FE0, 0x10, "OB", Data(bytes))
  }
}

extension Data {
  /// 16 bits each, little endian.
  package static func words(_ values: Int...) -> Data { Data(values.flatMap { [UInt8($0 & 255), UInt8($0 >> 8 & 255)] }) }

  /// 32 bits, little endian.
  package static func long(_ value: Int) -> Data { Data((0..<4).map { UInt8(value >> (8 * $0) & 255) }) }

  /// Writes it, with the folders that it needs.
  package func write(below root: URL, _ path: String) throws {
    let file = root.appendingPathComponent(path)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try write(to: file)
  }
}

extension String {
  /// Writes it, with the folders that it needs.
  package func write(below root: URL, _ path: String) throws { try Data(utf8).write(below: root, path) }
}
