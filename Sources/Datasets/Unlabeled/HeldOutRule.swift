import Foundation
import Studies

/// An image that could be learned from.
struct Candidate {
  let id: String
  let sample: Sample
  let dataset: String?
  let isOfTask: Bool
}

/// Tells images that targets are validated or tested on from those that may be learned from.
struct HeldOutRule {
  private(set) var sameFile = 0
  private(set) var sameName = 0
  private(set) var sameBytes = 0
  /// Nil where they are not looked for.
  private(set) var nearCopies: Int?
  private(set) var samePatient = 0

  private let heldOut: [Sample]
  private let targets: [UnlabeledImages.Task]

  /// A part of a file by the file's bytes.
  private struct Picture: Hashable {
    let digest: String
    let selection: String
  }

  /// - Parameter seeksCopies: whether images are opened to find those that nearly are one that must not be seen.
  init(_ targets: [UnlabeledImages.Task], seeksCopies: Bool) {
    self.targets = targets
    nearCopies = seeksCopies ? 0 : nil
    heldOut = targets.flatMap { $0.splits.validation + $0.splits.test }
  }

  /// Those of the candidates that may be learned from, in their order.
  mutating func apply(to candidates: [Candidate], digest: (URL) throws -> String) throws -> [Candidate] {
    if targets.isEmpty { return candidates }
    let places = Set(heldOut.map { Self.places(of: $0) }), names = Set(heldOut.map(\.id))
    var isOut = candidates.map { candidate in
      if places.contains(Self.places(of: candidate.sample)) {
        sameFile += 1
        return true
      }
      // Images of two tasks of one name are two images; a folder's are not known to be.
      if !candidate.isOfTask, Self.tails(of: candidate.sample.id).contains(where: names.contains) {
        sameName += 1
        return true
      }
      return false
    }
    try leaveOutBytes(candidates, &isOut, digest)
    try leaveOutCopies(candidates, &isOut)
    leaveOutPatients(candidates, &isOut)
    return zip(candidates, isOut).filter { !$1 }.map(\.0)
  }

  /// A copy of a file is the same image under any name.
  private mutating func leaveOutBytes(_ candidates: [Candidate], _ isOut: inout [Bool], _ digest: (URL) throws -> String) throws {
    let sizes = Set(candidates.indices.filter { !isOut[$0] }.map { candidates[$0].sample.imageSize })
    var known = Set<[Picture]>(), knownSizes = Set<Int>()
    for sample in heldOut where sizes.contains(sample.imageSize) {
      known.insert(try Self.pictures(of: sample, digest))
      knownSizes.insert(sample.imageSize)
    }
    for (index, candidate) in candidates.enumerated() where !isOut[index] && knownSizes.contains(candidate.sample.imageSize) {
      guard known.contains(try Self.pictures(of: candidate.sample, digest)) else { continue }
      isOut[index] = true
      sameBytes += 1
    }
  }

  /// What looks like an image that must not be seen, by the search that audits make (`DuplicateSearch`). Images that cannot be opened look like none.
  private mutating func leaveOutCopies(_ candidates: [Candidate], _ isOut: inout [Bool]) throws {
    guard nearCopies != nil else { return }
    let asked = isOut.indices.filter { !isOut[$0] }
    var seen = Set<[ImageReference.Plane]>()
    let theirs = heldOut.filter { seen.insert(Self.places(of: $0)).inserted }
    func items(_ samples: [Sample], side: Int) throws -> [(place: Int, item: DuplicateSearch.Item)] {
      try SignatureReader.read(samples) { _ in }.enumerated().compactMap { place, result in
        (try? result.get()).map { (place, DuplicateSearch.Item(signature: $0, side: side, patient: nil)) }
      }
    }
    let own = try items(asked.map { candidates[$0].sample }, side: 0), others = try items(theirs, side: 1)
    let search = DuplicateSearch(items: (own + others).map(\.item), isAcrossOnly: true)
    var copies = Set<Int>()
    for group in search.identicalGroups() where group.contains(where: { $0 >= own.count }) { copies.formUnion(group.filter { $0 < own.count }) }
    // Of one side each: the first is a candidate, since those stand first.
    for pair in search.nearPairs() { copies.insert(pair.first) }
    for copy in copies { isOut[asked[own[copy].place]] = true }
    nearCopies = copies.count
  }

  private mutating func leaveOutPatients(_ candidates: [Candidate], _ isOut: inout [Bool]) {
    // Of the candidates' own naming too: a copy of a test image says by it whose others are.
    let own = Set(
      zip(candidates, isOut).filter(\.1).compactMap { pair in
        pair.0.sample.patient.map { Owner($0, pair.0.dataset) }
      })
    let theirs = targets.map { target in (target.dataset, Set((target.splits.validation + target.splits.test).compactMap(\.patient))) }
    for (index, candidate) in candidates.enumerated() where !isOut[index] {
      guard let patient = candidate.sample.patient else { continue }
      let isTheirs = theirs.contains { dataset, names in Self.mayBeOne(dataset, candidate.dataset) && names.contains(patient) }
      guard isTheirs || own.contains(Owner(patient, candidate.dataset)) else { continue }
      isOut[index] = true
      samePatient += 1
    }
  }

  private struct Owner: Hashable {
    let patient: String
    let dataset: String?

    init(_ patient: String, _ dataset: String?) { (self.patient, self.dataset) = (patient, dataset) }
  }

  /// Whether patients of one name can be one patient: not where both data sets are known and differ.
  private static func mayBeOne(_ first: String?, _ second: String?) -> Bool {
    guard let first, let second else { return true }
    return first.lowercased() == second.lowercased()
  }

  private static func places(of sample: Sample) -> [ImageReference.Plane] {
    sample.image.planes.map { ImageReference.Plane(file: $0.file.standardizedFileURL, selection: $0.selection) }
  }

  private static func pictures(of sample: Sample, _ digest: (URL) throws -> String) throws -> [Picture] {
    try sample.image.planes.map { Picture(digest: try digest($0.file), selection: $0.selection.words) }
  }

  /// `a/b/c.png`, `b/c.png`, `c.png`
  private static func tails(of path: String) -> [String] {
    let parts = path.split(separator: "/")
    return parts.indices.map { parts[$0...].joined(separator: "/") }
  }
}

extension Sample {
  /// The bytes of its image's files alone. A sample's own count may be of masks too.
  fileprivate var imageSize: Int {
    mask == nil && evaluatedRegion == nil && secondMask == nil ? byteCount : image.files.reduce(0) { $0 + ((try? Datasets.byteCount(ofFile: $1.path)) ?? 0) }
  }
}
