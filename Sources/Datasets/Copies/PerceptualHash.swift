/// 255 signs of an image's low frequencies: images that look alike have hashes that differ in few bits.
///
/// Bit 16 v + u is set where the coefficient of the 64 × 64 thumbnail's cosine transform (DCT-II) with u half-waves across and v half-waves
/// down is positive, u and v in 0…15; the mean (u = v = 0) has none. More brightness or contrast leaves the signs as they are. A
/// mirrored image has the opposite signs where u is odd, a negative has all of them opposite; so both are found by the same hash.
/// The idea is that of Zauner's pHash (2010), with signs in place of a threshold at the median and 255 bits in place of 64: chest
/// X-rays agree in many of their lowest frequencies.
struct PerceptualHash: Sendable, Hashable {
  package static let side = 64
  static let frequencies = 16
  /// The bits that a hash has.
  static let bitCount = frequencies * frequencies - 1

  /// The bits, 64 each, those of the lowest v first.
  package let words: [UInt64]

  /// - Parameter plane: 64 × 64 brightnesses, row by row.
  package init(plane: [Float]) {
    let side = Self.side, count = Self.frequencies
    var rows = [Float](repeating: 0, count: side * count), words = [UInt64](repeating: 0, count: 4)
    plane.withUnsafeBufferPointer { plane in
      Self.waves.withUnsafeBufferPointer { waves in
        rows.withUnsafeMutableBufferPointer { rows in
          for y in 0..<side {
            for u in 0..<count {
              var sum: Float = 0
              for x in 0..<side { sum += plane[y &* side &+ x] * waves[u &* side &+ x] }
              rows[y &* count &+ u] = sum
            }
          }
          for v in 0..<count {
            for u in 0..<count where u + v > 0 {
              var sum: Float = 0
              for y in 0..<side { sum += rows[y &* count &+ u] * waves[v &* side &+ y] }
              if sum > 0 { words[v / 4] |= 1 << UInt64((v % 4) * count + u) }
            }
          }
        }
      }
    }
    self.words = words
  }

  /// cos(π (2x + 1) k / 128), frequency after frequency.
  private static let waves: [Float] = (0..<frequencies).flatMap { k in
    (0..<side).map { x in Float(cosine(Double((2 * x + 1) * k) / Double(2 * side))) }
  }

  /// The bits of odd u in each word: those that mirroring turns over.
  static let mirrorMask: UInt64 = 0xAAAA_AAAA_AAAA_AAAA

  /// The number of bits that differ, 0…255.
  package func distance(to other: PerceptualHash) -> Int { zip(words, other.words).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount } }
}
