import Foundation
import Foundations
import Testing

@testable import Imaging

/// Files written here, by the definitions of PNG's chapter 9, with filters that an encoder would not choose in this order.
@Suite("Filters of PNG")
struct PNGFilterTests {
  struct Layout: Sendable, CustomStringConvertible {
    let colorType: UInt8
    let channels: Int
    let depth: Int
    var description: String { "\(channels) channels of \(depth) bits" }
    var pixelByteCount: Int { channels * depth / 8 }
  }

  static let layouts = [(0, 1), (4, 2), (2, 3), (6, 4)].flatMap { colorType, channels in
    [8, 16].map { Layout(colorType: UInt8(colorType), channels: channels, depth: $0) }
  }
  /// Every filter first, and every filter after every other, Paeth several times in a row.
  static let filters: [[UInt8]] = [[0, 1, 2, 3, 4, 0, 2, 4, 1, 3, 0], [4, 4, 4, 4, 4, 3, 3], [3, 1, 4, 4], [2, 0, 4], [1, 4, 4, 2], [4]]

  @Test("Every filter after every other is undone, for every size of a pixel", arguments: layouts)
  func filters(layout: Layout) throws {
    for (number, filters) in Self.filters.enumerated() {
      for width in [1, 2, 3, 17, 64] {
        var random = (SeedPath(9) / "filters" / number / width).generator()
        let rowByteCount = width * layout.pixelByteCount
        let rows = filters.map { _ in (0..<rowByteCount).map { _ in UInt8(random.integer(below: 256)) } }
        let file = Self.png(rows, filters: filters, layout: layout, width: width)
        let image = try file.withUnsafeBytes { try ImageFile.decode($0, named: URL(fileURLWithPath: "/made.png")) }
        let expected = rows.flatMap { $0 }
        switch image.samples {
        case .bytes(let bytes): #expect(layout.depth == 8 && bytes == expected)
        case .words(let words): #expect(layout.depth == 16 && words.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] } == expected)
        }
        #expect(image.width == width && image.height == filters.count && image.channels == layout.channels)
      }
    }
  }

  @Test("A filter that PNG does not have, and a picture whose checksum is wrong, are refused")
  func refused() throws {
    let layout = Layout(colorType: 0, channels: 1, depth: 8)
    let rows: [[UInt8]] = [[1, 2, 3], [4, 5, 6]]
    for file in [
      Self.png(rows, filters: [0, 5], layout: layout, width: 3), Self.png(rows, filters: [0, 0], layout: layout, width: 3, sumError: 1),
    ] {
      #expect(throws: ImagingError.self) {
        try file.withUnsafeBytes { try ImageFile.decode($0, named: URL(fileURLWithPath: "/made.png")) }
      }
    }
  }

  // MARK: Writing

  private static func png(_ rows: [[UInt8]], filters: [UInt8], layout: Layout, width: Int, sumError: UInt32 = 0) -> [UInt8] {
    let step = layout.pixelByteCount
    var filtered: [UInt8] = []
    for (y, row) in rows.enumerated() {
      filtered.append(filters[y])
      for x in row.indices {
        let left = x >= step ? Int(row[x - step]) : 0, up = y > 0 ? Int(rows[y - 1][x]) : 0
        let corner = y > 0 && x >= step ? Int(rows[y - 1][x - step]) : 0
        filtered.append(row[x] &- UInt8(prediction(filters[y], left, up, corner)))
      }
    }
    let size = [UInt8](bigEndian: UInt32(width)) + [UInt8](bigEndian: UInt32(rows.count))
    // Two chunks of data, so that the picture lies in pieces.
    let data = stored(filtered, sumError: sumError)
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", size + [UInt8(layout.depth), layout.colorType, 0, 0, 0])
      + chunk("IDAT", Array(data[..<7])) + chunk("IDAT", Array(data[7...])) + chunk("IEND", [])
  }

  private static func prediction(_ filter: UInt8, _ a: Int, _ b: Int, _ c: Int) -> Int {
    switch filter {
    case 1: return a
    case 2: return b
    case 3: return (a + b) / 2
    case 4:
      let p = a + b - c
      if abs(p - a) <= abs(p - b), abs(p - a) <= abs(p - c) { return a }
      return abs(p - b) <= abs(p - c) ? b : c
    default: return 0
    }
  }

  /// A zlib stream of one stored block.
  private static func stored(_ bytes: [UInt8], sumError: UInt32) -> [UInt8] {
    let count = UInt16(bytes.count)
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      a = (a + UInt32(byte)) % 65521
      b = (b + a) % 65521
    }
    let lengths = [count, ~count].flatMap { number -> [UInt8] in [UInt8(number & 255), UInt8(number >> 8)] }
    return [0x78, 0x01, 1] + lengths + bytes + [UInt8](bigEndian: (b << 16 | a) ^ sumError)
  }

  private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + data
    var sum = ~UInt32(0)
    for byte in body {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return [UInt8](bigEndian: UInt32(data.count)) + body + [UInt8](bigEndian: ~sum)
  }
}

extension [UInt8] {
  fileprivate init(bigEndian value: UInt32) { self = Swift.withUnsafeBytes(of: value.bigEndian) { Array($0) } }
}
