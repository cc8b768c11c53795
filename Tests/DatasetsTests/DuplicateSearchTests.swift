import Foundation
import Foundations
import Imaging
import Testing

@testable import Datasets
@testable import Phantoms

@Suite("The search of copies asks about pictures, and answers for images")
struct DuplicateSearchTests {
  private static let seed = SeedPath(77)

  /// Pictures of which many are near to each other, by every kind of copy, and many at the limits.
  private func pool(size: Int = 64) throws -> [ImageSignature] {
    func chest(_ number: Int) throws -> FloatImage {
      let phantom = ChestPhantom(size: size, patient: Self.seed / "patient" / number, image: Self.seed / "image" / number)
      return try FloatImage(PixelBuffer(width: size, height: size, channels: 1, bitDepth: 8, samples: .bytes(phantom.pixels)))
    }
    func mixed(_ a: FloatImage, _ b: FloatImage, _ share: Float) throws -> FloatImage {
      try FloatImage(width: size, height: size, channels: 1, values: zip(a.values, b.values).map { $0 * (1 - share) + $1 * share })
    }
    func inverted(_ image: FloatImage) throws -> FloatImage { try FloatImage(width: size, height: size, channels: 1, values: image.values.map { 1 - $0 }) }
    var images = [FloatImage]()
    for number in 0..<3 {
      let (one, other) = (try chest(number), try chest(number + 3))
      images += [one, try one.flippedHorizontally(), try inverted(one), try inverted(one.flippedHorizontally()), other]
      for share in [0.05, 0.1, 0.15, 0.2, 0.25, 0.3] as [Float] { images += [try mixed(one, other, share), try mixed(one, other, share).flippedHorizontally()] }
    }
    images.append(try FloatImage(width: size, height: size, channels: 1, values: [Float](repeating: 0.5, count: size * size)))
    return try images.map { try ImageSignature($0.pixelBuffer()) }
  }

  /// Every pair of images by itself, as the documentation says.
  private func bruteForce(_ items: [DuplicateSearch.Item], isAcrossOnly: Bool) -> [DuplicateSearch.Pair] {
    let mean = MeanPicture(items.map(\.signature)), bits = PerceptualHash.bitCount
    var pairs = [DuplicateSearch.Pair]()
    for (first, a) in items.enumerated() where !a.signature.isUniform {
      for (second, b) in items.enumerated().dropFirst(first + 1) where !b.signature.isUniform {
        if a.signature.pixelDigest == b.signature.pixelDigest || a.side == b.side && (isAcrossOnly || a.patient != nil && a.patient == b.patient) { continue }
        let upright = a.signature.hash.distance(to: b.signature.hash)
        let mirrored = zip(a.signature.hash.words, b.signature.hash.words).reduce(0) { $0 + ($1.0 ^ $1.1 ^ PerceptualHash.mirrorMask).nonzeroBitCount }
        var best: DuplicateSearch.Pair?
        for (relation, distance) in [
          (DuplicateRelation.similar, upright), (.mirrored, mirrored), (.negative, bits - upright), (.mirroredNegative, bits - mirrored),
        ] where distance <= 40 {
          let value = a.signature.correlation(with: b.signature, mirrored: relation.isMirrored) * (relation.isNegative ? -1 : 1)
          let isOne = value >= 0.998 || mean.map { $0.remainderCorrelation(a.signature, b.signature, mirrored: relation.isMirrored, negative: relation.isNegative) >= 0.9 } ?? true
          if value >= 0.98, isOne, value > best?.correlation ?? 0 {
            best = DuplicateSearch.Pair(first: first, second: second, relation: relation, distance: distance, correlation: value)
          }
        }
        if let best { pairs.append(best) }
      }
    }
    return pairs
  }

  /// What equality and pairs join, by spreading the least number until nothing changes.
  private func bruteGroups(_ items: [DuplicateSearch.Item], _ pairs: [DuplicateSearch.Pair]) -> [[Int]] {
    var labels = Array(items.indices)
    let shown = items.indices.filter { !items[$0].signature.isUniform }
    let equal = Dictionary(grouping: shown) { items[$0].signature.pixelDigest }.values.flatMap { group in group.dropFirst().map { (group[0], $0) } }
    var isChanged = true
    while isChanged {
      isChanged = false
      for (a, b) in equal + pairs.map({ ($0.first, $0.second) }) where labels[a] != labels[b] {
        (labels[a], labels[b]) = (min(labels[a], labels[b]), min(labels[a], labels[b]))
        isChanged = true
      }
    }
    return Dictionary(grouping: items.indices) { labels[$0] }.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
  }

  @Test("Pairs, equal images and groups are those of comparing all images with all, however many are one picture", arguments: 0..<6)
  func sameAsBruteForce(_ round: Int) throws {
    let pool = try pool()
    var random = (Self.seed / "items" / round).generator()
    // Few pictures for many images in some rounds, many in others.
    let used = [2, 5, 12, 25, pool.count, pool.count][round]
    let places = (0..<used).map { _ in Int(random.uniform() * Double(pool.count)) % pool.count }
    let items = (0..<(round == 5 ? 30 : 140)).map { _ -> DuplicateSearch.Item in
      let patient = Int(random.uniform() * 8)
      return DuplicateSearch.Item(
        signature: pool[places[Int(random.uniform() * Double(used)) % used]], side: Int(random.uniform() * 3), patient: patient < 5 ? patient : nil)
    }
    for isAcrossOnly in [false, true] {
      let search = DuplicateSearch(items: items, isAcrossOnly: isAcrossOnly), expected = bruteForce(items, isAcrossOnly: isAcrossOnly)
      #expect(search.nearPairs() == expected)
      #expect(search.groups() == bruteGroups(items, expected))
      #expect(round < 2 || !expected.isEmpty)
    }
    let shown = items.indices.filter { !items[$0].signature.isUniform }
    let equal = Dictionary(grouping: shown) { items[$0].signature.pixelDigest }.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
    #expect(DuplicateSearch(items: items, isAcrossOnly: false).identicalGroups() == equal)
  }

  @Test("The correlation of two thumbnails is that of its formula, mirrored too, and the same from either side")
  func correlation() throws {
    let pool = try pool(), side = PerceptualHash.side
    func expected(_ a: [UInt8], _ b: [UInt8]) -> Double {
      let (x, y) = (a.map(Double.init), b.map(Double.init)), count = Double(a.count)
      let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
      var (products, ofX, ofY) = (0.0, 0.0, 0.0)
      for (one, other) in zip(x, y) {
        products += (one - meanX) * (other - meanY)
        ofX += (one - meanX) * (one - meanX)
        ofY += (other - meanY) * (other - meanY)
      }
      return ofX * ofY > 0 ? products / (ofX * ofY).squareRoot() : 0
    }
    for (a, b) in zip(pool, pool.dropFirst() + pool.prefix(1)) {
      let turned = (0..<side * side).map { b.thumbnail[$0 / side * side + side - 1 - $0 % side] }
      #expect(abs(a.correlation(with: b, mirrored: false) - expected(a.thumbnail, b.thumbnail)) < 1e-9)
      #expect(abs(a.correlation(with: b, mirrored: true) - expected(a.thumbnail, turned)) < 1e-9)
      #expect(a.correlation(with: b, mirrored: true) == b.correlation(with: a, mirrored: true))
    }
  }

  @Test("Of images that are all one picture no pair is compared, whatever their number and whosever they are")
  func onePicture() throws {
    let signature = try pool()[0]
    let items = (0..<30_000).map { DuplicateSearch.Item(signature: signature, side: $0 % 3, patient: $0 % 7 == 0 ? nil : $0 % 5) }
    let search = DuplicateSearch(items: items, isAcrossOnly: false)
    #expect(DistinctPictures(items).members.count == 1)
    #expect(search.nearPairs().isEmpty && search.groups() == [Array(items.indices)] && search.identicalGroups() == search.groups())
  }
}
