import Datasets
import Foundation
import Foundations
import Loading
import Studies
import Synchronization

/// All images and masks of a task, each opened once, on all processors. About 4 KB of memory an image.
struct PictureInventory: Sendable {
  struct Unreadable: Sendable {
    let id: String
    let part: DatasetPart
    let reason: String
  }

  /// By id; an image that cannot be read has none.
  let facts: [String: PictureFacts]
  let unreadable: [Unreadable]
  /// Images whose mask has another size.
  let unlike: [Unreadable]
  /// Whether images were decoded; else only their first and last bytes were read.
  let isDecoded: Bool
  let counts: [DatasetPart: Int]

  /// More images than this are not decoded: their files are looked at.
  static let decodedLimit = 250_000

  /// - Parameters:
  ///   - known: the values that label files may have; nil where any may be.
  ///   - seen: of samples that were opened elsewhere, by id.
  ///   - cache: spares the decoding of what it has.
  ///   - progress: is told how many are done, from any thread, one call at a time.
  /// - Throws: The error of a file that the system does not give: that is no finding.
  init(
    _ parts: [DatasetPart: [Sample]], known: Set<Int>?, seen: [String: PictureFacts] = [:], cache: SampleCache? = nil, decodedLimit: Int = PictureInventory.decodedLimit,
    progress: @Sendable (Int, Int) -> Void
  ) throws {
    let samples = DatasetPart.allCases.flatMap { part in parts[part, default: []].map { (part: part, sample: $0) } }
    let isDecoded = samples.count <= decodedLimit
    let state = Mutex<(facts: [String: PictureFacts], unreadable: [(index: Int, reason: String, isUnlike: Bool)], done: Int)>(([:], [], 0))
    let hurry = Hurry(), fault = Mutex<(index: Int, error: any Error)?>(nil)
    concurrentPerform(samples.count) { index in
      let sample = samples[index].sample
      var facts: PictureFacts?, reason: String?, isUnlike = false
      do {
        if isDecoded {
          facts = try seen[sample.id] ?? hurry.patiently { try PictureFacts(sample, known: known, cache: cache) }
        } else {
          try hurry.patiently { try Self.glance(at: sample) }
        }
      } catch {
        if SystemFault.isFault(error) { fault.withLock { if index < $0?.index ?? .max { $0 = (index, error) } } }
        reason = sentence(for: error)
        isUnlike = (error as? DatasetsError)?.kind == .sizeMismatch
      }
      state.withLock { state in
        if let facts { state.facts[sample.id] = facts }
        if let reason { state.unreadable.append((index, reason, isUnlike)) }
        state.done += 1
        progress(state.done, samples.count)
      }
    }
    if let fault = fault.withLock({ $0 }) { throw fault.error }
    let (found, failed) = state.withLock { ($0.facts, $0.unreadable.sorted { $0.index < $1.index }) }
    facts = found
    func named(_ failed: [(index: Int, reason: String, isUnlike: Bool)]) -> [Unreadable] {
      failed.map { Unreadable(id: samples[$0.index].sample.id, part: samples[$0.index].part, reason: $0.reason) }
    }
    unreadable = named(failed.filter { !$0.isUnlike })
    unlike = named(failed.filter(\.isUnlike))
    self.isDecoded = isDecoded
    counts = parts.mapValues(\.count)
  }

  private static func glance(at sample: Sample) throws {
    for file in sample.files { try FileGlance(file).check(raw: nil) }
  }
}

extension PictureInventory {
  /// SHA-256 over the pixels of each image and mask, by id: equal wherever the files lie and however they are compressed.
  func digests(of samples: [Sample]) -> [(id: String, digest: String)] {
    samples.compactMap { sample in facts[sample.id].map { (sample.id, $0.pixels) } }
  }
}

extension PictureFacts {
  /// The first 16 hexadecimal digits of the digest of the image's pixels, and of its mask's.
  var pixels: String {
    let image = signature.pixelDigest.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    return mask.map { "\(image)-\($0.digest)-\($0.counted)" } ?? image
  }
}
