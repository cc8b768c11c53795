import Foundations
import Synchronization

/// How one image is made of another that looks like it.
public enum DuplicateRelation: String, Codable, Sendable, CaseIterable {
  /// Equal in every pixel.
  case identical
  /// The same picture with other pixels: compressed anew, of another size, brighter.
  case similar
  /// Left and right exchanged.
  case mirrored
  /// Black and white exchanged.
  case negative
  case mirroredNegative = "mirrored negative"

  var isMirrored: Bool { self == .mirrored || self == .mirroredNegative }
  var isNegative: Bool { self == .negative || self == .mirroredNegative }
}

/// Finds images that nearly are the same one, by comparing all pairs.
///
/// A pair is a candidate where its hashes differ in at most 40 of 255 bits, with either image mirrored or made a negative too; a
/// candidate counts where the thumbnails correlate by at least 0.998, or by at least 0.98 while what they have beyond the set's mean
/// picture (`MeanPicture`) correlates by at least 0.9. Measured on all 7,087 chest X-rays of three sets: of 17.6 million
/// pairs of different images the nearest that is a candidate correlates by 0.972; copies compressed by JPEG at quality 20 or shrunk to half
/// differ in at most 17 bits and correlate by at least 0.998, and a gamma of 0.7 leaves at most 31 bits and 0.988. Of the 40 eyes of DRIVE
/// two correlate by up to 0.994, beyond the mean picture by up to 0.88. A copy that is
/// cropped, rotated, or brightened until much of it is white may be missed (`Documentation/audits.md`).
struct DuplicateSearch {
  static let distanceLimit = 40
  static let correlationLimit = 0.98
  /// From here on the mean picture is not asked.
  static let certainCorrelation = 0.998
  static let remainderLimit = 0.9

  /// An image with where it stands. Pairs of one side are left out where `isAcrossOnly`, and where both are of one patient.
  struct Item: Sendable {
    let signature: ImageSignature
    let side: Int
    /// A number a patient; nil where it is not known.
    let patient: Int?
  }

  struct Pair: Hashable, Sendable {
    let first: Int
    let second: Int
    let relation: DuplicateRelation
    /// Bits of the hashes that differ.
    let distance: Int
    let correlation: Double
  }

  let items: [Item]
  let isAcrossOnly: Bool
  private let mean: MeanPicture?

  init(items: [Item], isAcrossOnly: Bool) {
    self.items = items
    self.isAcrossOnly = isAcrossOnly
    mean = MeanPicture(items.map(\.signature))
  }

  /// Pairs that are not equal in every pixel, in the order of their indices; images of one brightness are in none.
  ///
  /// - Parameter progress: is told how many images have been compared with all behind them.
  func nearPairs(progress: @Sendable (Int) -> Void = { _ in }) -> [Pair] {
    let words = items.flatMap(\.signature.hash.words), block = 64
    let blocks = (items.count + block - 1) / block
    let found = Mutex<(pairs: [Pair], done: Int)>(([], 0))
    concurrentPerform(blocks) { index in
      var pairs = [Pair]()
      let rows = index * block..<min(items.count, (index + 1) * block)
      words.withUnsafeBufferPointer { words in
        for row in rows where !items[row].signature.isUniform { compare(row, words, into: &pairs) }
      }
      found.withLock { state in
        state.pairs += pairs
        state.done += rows.count
        progress(state.done)
      }
    }
    return found.withLock { $0.pairs }.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
  }

  /// Compares one image with all behind it.
  private func compare(_ row: Int, _ words: UnsafeBufferPointer<UInt64>, into pairs: inout [Pair]) {
    let limit = Self.distanceLimit, farthest = PerceptualHash.bitCount - limit, mask = PerceptualHash.mirrorMask
    let (a, b, c, d) = (words[4 * row], words[4 * row + 1], words[4 * row + 2], words[4 * row + 3])
    var other = row + 1
    while other < items.count {
      let place = 4 &* other
      let (da, db) = (a ^ words[place], b ^ words[place &+ 1])
      // Half of the bits: what differs in more of them than the limit, and agrees in more, is no candidate of any kind.
      let half = da.nonzeroBitCount &+ db.nonzeroBitCount
      let mirroredHalf = (da ^ mask).nonzeroBitCount &+ (db ^ mask).nonzeroBitCount
      if half <= limit || half >= 127 &- limit || mirroredHalf <= limit || mirroredHalf >= 127 &- limit {
        let (dc, dd) = (c ^ words[place &+ 2], d ^ words[place &+ 3])
        let distance = half &+ dc.nonzeroBitCount &+ dd.nonzeroBitCount
        // The mean has no bit, so it is no bit that mirroring could turn over; u = 0 is even.
        let mirrored = mirroredHalf &+ (dc ^ mask).nonzeroBitCount &+ (dd ^ mask).nonzeroBitCount
        if distance <= limit || distance >= farthest || mirrored <= limit || mirrored >= farthest {
          if let pair = confirm(row, other, distance: distance, mirrored: mirrored) { pairs.append(pair) }
        }
      }
      other &+= 1
    }
  }

  private func confirm(_ first: Int, _ second: Int, distance: Int, mirrored: Int) -> Pair? {
    let (a, b) = (items[first], items[second])
    if a.side == b.side, isAcrossOnly || (a.patient != nil && a.patient == b.patient) { return nil }
    if b.signature.isUniform || a.signature.pixelDigest == b.signature.pixelDigest { return nil }
    let bits = PerceptualHash.bitCount
    let candidates: [(DuplicateRelation, Int)] = [
      (.similar, distance), (.mirrored, mirrored), (.negative, bits - distance), (.mirroredNegative, bits - mirrored),
    ]
    var best: Pair?
    for (relation, distance) in candidates where distance <= Self.distanceLimit {
      let value = a.signature.correlation(with: b.signature, mirrored: relation.isMirrored) * (relation.isNegative ? -1 : 1)
      if value >= Self.correlationLimit, value > best?.correlation ?? 0, value >= Self.certainCorrelation || areOneBeyondMean(a, b, relation) {
        best = Pair(first: first, second: second, relation: relation, distance: distance, correlation: value)
      }
    }
    return best
  }

  private func areOneBeyondMean(_ first: Item, _ second: Item, _ relation: DuplicateRelation) -> Bool {
    guard let mean else { return true }
    let value = mean.remainderCorrelation(
      first.signature, second.signature, mirrored: relation.isMirrored, negative: relation.isNegative)
    return value >= Self.remainderLimit
  }

  /// Images that are equal in every pixel, each group in the order of its indices; those of one brightness are in none.
  func identicalGroups() -> [[Int]] {
    let indices = items.indices.filter { !items[$0].signature.isUniform }
    return Dictionary(grouping: indices) { items[$0].signature.pixelDigest }.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
  }
}
