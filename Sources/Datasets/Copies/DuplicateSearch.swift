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

  package var isMirrored: Bool { self == .mirrored || self == .mirroredNegative }
  var isNegative: Bool { self == .negative || self == .mirroredNegative }
}

/// Finds images that nearly are the same one, by comparing all pairs of different pictures.
///
/// Images that are equal in every pixel are one picture (`DistinctPictures`) and are compared with the others once for all of them: of 40,000
/// empty slices that are one picture no pair is looked at.
///
/// A pair is a candidate where its hashes differ in at most 40 of 255 bits, with either image mirrored or made a negative too; a
/// candidate counts where the thumbnails correlate by at least 0.998, or by at least 0.98 while what they have beyond the set's mean
/// picture (`MeanPicture`) correlates by at least 0.9. Measured on all 7,087 chest X-rays of three sets: of 17.6 million
/// pairs of different images the nearest that is a candidate correlates by 0.972; copies compressed by JPEG at quality 20 or shrunk to half
/// differ in at most 17 bits and correlate by at least 0.998, and a gamma of 0.7 leaves at most 31 bits and 0.988. Of the 40 eyes of DRIVE
/// two correlate by up to 0.994, beyond the mean picture by up to 0.88. A copy that is
/// cropped, rotated, or brightened until much of it is white may be missed (`Documentation/audits.md`).
package struct DuplicateSearch {
  static let distanceLimit = 40
  static let correlationLimit = 0.98
  /// From here on the mean picture is not asked.
  static let certainCorrelation = 0.998
  static let remainderLimit = 0.9

  /// An image with where it stands. Pairs of one side are left out where `isAcrossOnly`, and where both are of one patient.
  package struct Item: Sendable {
    package let signature: ImageSignature
    package let side: Int
    /// A number a patient; nil where it is not known.
    package let patient: Int?

    package init(signature: ImageSignature, side: Int, patient: Int?) {
      self.signature = signature
      self.side = side
      self.patient = patient
    }
  }

  package struct Pair: Hashable, Sendable {
    package let first: Int
    package let second: Int
    package let relation: DuplicateRelation
    /// Bits of the hashes that differ.
    package let distance: Int
    package let correlation: Double
  }

  package let items: [Item]
  package let isAcrossOnly: Bool
  private let mean: MeanPicture?
  private let pictures: DistinctPictures

  package init(items: [Item], isAcrossOnly: Bool) {
    self.items = items
    self.isAcrossOnly = isAcrossOnly
    mean = MeanPicture(items.map(\.signature))
    pictures = DistinctPictures(items)
  }

  /// Images that are equal in every pixel, each group in the order of its indices; those of one brightness are in none.
  package func identicalGroups() -> [[Int]] { pictures.members.filter { $0.count > 1 } }

  /// Pairs that are not equal in every pixel, in the order of their indices; images of one brightness are in none.
  ///
  /// - Parameter progress: is told how many images have been compared with all behind them.
  package func nearPairs(progress: @Sendable (Int) -> Void = { _ in }) -> [Pair] {
    let found = Mutex<(pairs: [Pair], done: Int)>(([], 0))
    forEachBlock { rows in
      var pairs = [Pair]()
      for row in rows {
        pictures.candidates(after: row) { append(row, $0, $1, to: &pairs) }
      }
      let images = rows.reduce(0) { $0 + pictures.members[$1].count }
      found.withLock { state in
        state.pairs += pairs
        state.done += images
        progress(state.done)
      }
    }
    return found.withLock { $0.pairs }.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
  }

  /// Images that are joined by being equal or by pairs, each group in the order of its indices. No pair of images that others have joined
  /// is asked about, so that a thousand images which are all nearly one cost a thousand comparisons.
  package func groups() -> [[Int]] {
    let joined = Mutex(DisjointIndices(count: pictures.members.count))
    forEachBlock { rows in
      var known = joined.withLock { $0 }, joins = [(Int, Int)]()
      for row in rows {
        pictures.candidates(after: row) { other, distances in
          if known.representative(of: row) == known.representative(of: other) || !isPair(row, other, distances) { return }
          known.join(row, other)
          joins.append((row, other))
        }
      }
      joined.withLock { joined in for (row, other) in joins { joined.join(row, other) } }
    }
    return joined.withLock { $0.sets() }.map { $0.flatMap { pictures.members[$0] }.sorted() }.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
  }

  private func forEachBlock(_ body: @Sendable (Range<Int>) -> Void) {
    let count = pictures.members.count, block = 64
    concurrentPerform((count + block - 1) / block) { body($0 * block..<min(count, ($0 + 1) * block)) }
  }

  // MARK: Pairs of images, by their pictures

  /// What two pictures are to each other where an image of the first comes first, and where one of the second does: which of two is mirrored
  /// before the mean picture is taken away is not quite the same. Nil as long as nobody asked.
  private struct Verdicts {
    var forward: Verdict??
    var backward: Verdict??

    /// Whether no pair of their images has another answer than that they are none.
    var areNone: Bool {
      if case .some(.none) = forward, case .some(.none) = backward { return true }
      return false
    }
  }

  private struct Verdict {
    let relation: DuplicateRelation
    let distance: Int
    let correlation: Double
  }

  /// The pairs of all images of two pictures.
  private func append(_ first: Int, _ second: Int, _ distances: DistinctPictures.Distances, to pairs: inout [Pair]) {
    var verdicts = unasked(first, second)
    forEachPair(first, second) { a, b, isForward in
      if let verdict = self.verdict(first, second, isForward, distances, &verdicts) {
        pairs.append(Pair(first: min(a, b), second: max(a, b), relation: verdict.relation, distance: verdict.distance, correlation: verdict.correlation))
      }
      return !verdicts.areNone
    }
  }

  /// Whether any image of the one picture makes a pair with one of the other.
  private func isPair(_ first: Int, _ second: Int, _ distances: DistinctPictures.Distances) -> Bool {
    var verdicts = unasked(first, second), isFound = false
    forEachPair(first, second) { _, _, isForward in
      isFound = verdict(first, second, isForward, distances, &verdicts) != nil
      return !isFound && !verdicts.areNone
    }
    return isFound
  }

  private func unasked(_ first: Int, _ second: Int) -> Verdicts {
    let isInterleaved = pictures.members[second][0] < pictures.members[first].last ?? 0
    return Verdicts(forward: nil, backward: isInterleaved ? nil : .some(.none))
  }

  /// Images of two pictures that may be a pair, and whether that of the first comes first, as long as `body` wants more.
  private func forEachPair(_ first: Int, _ second: Int, _ body: (Int, Int, _ isForward: Bool) -> Bool) {
    if let owner = pictures.owners[first], owner == pictures.owners[second], !mayBePair(pictures.members[first][0], pictures.members[second][0]) { return }
    for a in pictures.members[first] {
      for b in pictures.members[second] where mayBePair(a, b) {
        if !body(a, b, a < b) { return }
      }
    }
  }

  private func mayBePair(_ first: Int, _ second: Int) -> Bool {
    let (a, b) = (pictures.owner(of: first), pictures.owner(of: second))
    return a.side != b.side || !isAcrossOnly && (a.patient == nil || a.patient != b.patient)
  }

  private func verdict(_ first: Int, _ second: Int, _ isForward: Bool, _ distances: DistinctPictures.Distances, _ verdicts: inout Verdicts) -> Verdict? {
    if isForward {
      if verdicts.forward == nil { verdicts.forward = .some(confirm(pictures.signatures[first], pictures.signatures[second], distances)) }
      return verdicts.forward ?? nil
    }
    if verdicts.backward == nil { verdicts.backward = .some(confirm(pictures.signatures[second], pictures.signatures[first], distances)) }
    return verdicts.backward ?? nil
  }

  private func confirm(_ first: ImageSignature, _ second: ImageSignature, _ distances: DistinctPictures.Distances) -> Verdict? {
    let bits = PerceptualHash.bitCount
    let candidates: [(DuplicateRelation, Int)] = [
      (.similar, distances.upright), (.mirrored, distances.mirrored), (.negative, bits - distances.upright),
      (.mirroredNegative, bits - distances.mirrored),
    ]
    var best: Verdict?
    for (relation, distance) in candidates where distance <= Self.distanceLimit {
      let value = first.correlation(with: second, mirrored: relation.isMirrored) * (relation.isNegative ? -1 : 1)
      if value >= Self.correlationLimit, value > best?.correlation ?? 0,
        value >= Self.certainCorrelation || areOneBeyondMean(first, second, relation)
      {
        best = Verdict(relation: relation, distance: distance, correlation: value)
      }
    }
    return best
  }

  private func areOneBeyondMean(_ first: ImageSignature, _ second: ImageSignature, _ relation: DuplicateRelation) -> Bool {
    guard let mean else { return true }
    let value = mean.remainderCorrelation(first, second, mirrored: relation.isMirrored, negative: relation.isNegative)
    return value >= Self.remainderLimit
  }
}
