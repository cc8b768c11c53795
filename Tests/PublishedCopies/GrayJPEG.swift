package import Foundation

/// A gray picture as a baseline JPEG file (ITU-T T.81), in the luminance table of its annex K at a quality as libjpeg scales it. What it does
/// to levels is what every JPEG writer does.
package enum GrayJPEG {
  package static func file(_ pixels: [UInt8], width: Int, quality: Int) -> Data {
    let height = pixels.count / width, table = quantization(quality)
    var file = Data([0xFF, 0xD8])
    func segment(_ marker: UInt8, _ content: [UInt8]) {
      file.append(contentsOf: [0xFF, marker, UInt8((content.count + 2) >> 8), UInt8((content.count + 2) & 255)] + content)
    }
    segment(0xDB, [0] + zigzag.map { UInt8(table[$0]) })
    segment(0xC0, [8, UInt8(height >> 8), UInt8(height & 255), UInt8(width >> 8), UInt8(width & 255), 1, 1, 0x11, 0])
    // Twelve codes of four bits; 128 of eight and 128 of nine. Symbols in order.
    segment(0xC4, [0x00] + [0, 0, 0, 12] + [UInt8](repeating: 0, count: 12) + (0..<12).map { UInt8($0) })
    segment(0xC4, [0x10] + [UInt8](repeating: 0, count: 7) + [128, 128] + [UInt8](repeating: 0, count: 7) + (0...255).map { UInt8($0) })
    segment(0xDA, [1, 1, 0, 0, 63, 0])
    var bits = Bits(), last = 0
    for top in stride(from: 0, to: height, by: 8) {
      for left in stride(from: 0, to: width, by: 8) {
        let block = coefficients(pixels, width: width, height: height, left: left, top: top, table)
        add(block, last: &last, to: &bits)
      }
    }
    return file + bits.finished + Data([0xFF, 0xD9])
  }

  private static func add(_ block: [Int], last: inout Int, to bits: inout Bits) {
    func size(_ value: Int) -> Int { Int.bitWidth - abs(value).leadingZeroBitCount }
    func addValue(_ value: Int) { bits.add(value < 0 ? value + (1 << size(value)) - 1 : value, size(value)) }
    func addSymbol(_ symbol: Int) { symbol < 128 ? bits.add(symbol, 8) : bits.add(symbol + 128, 9) }
    bits.add(size(block[0] - last), 4)
    addValue(block[0] - last)
    last = block[0]
    var zeros = 0
    for place in 1..<64 {
      if block[place] == 0 {
        zeros += 1
        continue
      }
      while zeros > 15 {
        addSymbol(0xF0)
        zeros -= 16
      }
      addSymbol(zeros << 4 | size(block[place]))
      addValue(block[place])
      zeros = 0
    }
    if zeros > 0 { addSymbol(0) }
  }

  /// The quantized coefficients of a block in the order of the code; past the edges the last pixel is repeated.
  private static func coefficients(_ pixels: [UInt8], width: Int, height: Int, left: Int, top: Int, _ table: [Int]) -> [Int] {
    let samples = (0..<64).map { Double(pixels[min(top + $0 / 8, height - 1) * width + min(left + $0 % 8, width - 1)]) - 128 }
    var rows = [Double](repeating: 0, count: 64), block = rows
    let waves = waves
    for y in 0..<8 { for u in 0..<8 { for x in 0..<8 { rows[y &* 8 &+ u] += samples[y &* 8 &+ x] * waves[u &* 8 &+ x] } } }
    for v in 0..<8 { for u in 0..<8 { for y in 0..<8 { block[v &* 8 &+ u] += rows[y &* 8 &+ u] * waves[v &* 8 &+ y] } } }
    return zigzag.map { Int((block[$0] / Double(table[$0])).rounded()) }
  }

  /// The cosines of the eight frequencies, scaled.
  private static let waves: [Double] = (0..<64).map { place in
    let (frequency, x) = (Double(place / 8), Double(place % 8))
    return 0.5 * (frequency == 0 ? 0.5.squareRoot() : 1) * cos((2 * x + 1) * frequency * .pi / 16)
  }

  private static func quantization(_ quality: Int) -> [Int] {
    let scale = quality < 50 ? 5000 / quality : 200 - 2 * quality
    return luminance.map { min(max(($0 * scale + 50) / 100, 1), 255) }
  }

  private static let luminance = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
    18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
  ]

  /// Places row by row in the order of the diagonals, up and down in turn.
  private static let zigzag: [Int] = (0..<64).sorted { first, second in
    let (one, other) = (first / 8 + first % 8, second / 8 + second % 8)
    if one != other { return one < other }
    return one.isMultiple(of: 2) ? first / 8 > second / 8 : first / 8 < second / 8
  }

  private struct Bits {
    private var bytes = [UInt8]()
    private var rest = 0
    private var count = 0

    mutating func add(_ value: Int, _ size: Int) {
      for place in stride(from: size - 1, through: 0, by: -1) {
        rest = rest << 1 | value >> place & 1
        count += 1
        if count == 8 { flush() }
      }
    }

    private mutating func flush() {
      bytes.append(UInt8(rest))
      if rest == 0xFF { bytes.append(0) }
      (rest, count) = (0, 0)
    }

    /// Filled up with ones.
    var finished: Data {
      var all = self
      while all.count > 0 { all.add(1, 1) }
      return Data(all.bytes)
    }
  }
}
