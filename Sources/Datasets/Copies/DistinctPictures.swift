/// The pictures that differ in a pixel, each with its images: what a search of copies compares. Images of one brightness are none.
struct DistinctPictures: Sendable {
  /// The bits in which two hashes differ, as they are and with one of them mirrored.
  struct Distances {
    package let upright: Int
    package let mirrored: Int
  }

  /// Where an image stands and whose it is.
  struct Owner: Sendable, Hashable {
    package let side: Int
    package let patient: Int?
  }

  /// In the order of each one's first image.
  let signatures: [ImageSignature]
  /// The places of each one's images, in order.
  let members: [[Int]]
  /// Who has all images of one; nil where several have.
  let owners: [Owner?]
  private let words: [UInt64]
  private let ownersOfImages: [Owner]

  package init(_ items: [DuplicateSearch.Item]) {
    var places = [[UInt8]: Int](), signatures = [ImageSignature](), members = [[Int]](), owners = [Owner?]()
    let ownersOfImages = items.map { Owner(side: $0.side, patient: $0.patient) }
    for (index, item) in items.enumerated() where !item.signature.isUniform {
      let place = places[item.signature.pixelDigest] ?? members.count
      if place == members.count {
        places[item.signature.pixelDigest] = place
        signatures.append(item.signature)
        members.append([])
        owners.append(ownersOfImages[index])
      }
      members[place].append(index)
      if owners[place] != ownersOfImages[index] { owners[place] = nil }
    }
    (self.signatures, self.members, self.owners, self.ownersOfImages) = (signatures, members, owners, ownersOfImages)
    words = signatures.flatMap(\.hash.words)
  }

  func owner(of image: Int) -> Owner { ownersOfImages[image] }

  /// The pictures behind one whose hash is near to its own, or to that of its mirrored picture or its negative.
  package func candidates(after row: Int, _ body: (Int, Distances) -> Void) {
    words.withUnsafeBufferPointer { words in
      let limit = DuplicateSearch.distanceLimit, farthest = PerceptualHash.bitCount - limit, mask = PerceptualHash.mirrorMask
      let (a, b, c, d) = (words[4 * row], words[4 * row + 1], words[4 * row + 2], words[4 * row + 3])
      var other = row + 1
      while other < members.count {
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
            body(other, Distances(upright: distance, mirrored: mirrored))
          }
        }
        other &+= 1
      }
    }
  }
}
