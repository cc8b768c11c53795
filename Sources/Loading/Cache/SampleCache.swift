public import Datasets
import Foundation
import Foundations
package import Imaging
import Studies
import Synchronization

/// What an `ImageCache` has of the samples of one task.
///
/// Which files belong to which key is settled when it is made: a run sees one state of its files from its beginning to its end.
public final class SampleCache: Sendable {
  /// What is cached of one sample. The sample is kept to be compared, so that one of another data set with the same id is never given
  /// these pixels.
  private struct Record {
    let sample: Sample
    let imagePlace: ImageCache.Place
    let maskPlace: ImageCache.Place?
  }

  let cache: ImageCache
  let reduction: ImageReduction?
  private let records: Mutex<[String: Record]>

  init(cache: ImageCache, reduction: ImageReduction?) {
    self.cache = cache
    self.reduction = reduction
    records = Mutex([:])
  }

  /// The number of samples whose pixels need no decoding.
  public var count: Int { records.withLock { $0.count } }

  /// Notes what the cache has of a sample by now.
  func note(_ sample: Sample, keys: SampleKeys) {
    guard let image = cache.place(of: keys.image) else { return }
    let mask = keys.mask.flatMap { cache.place(of: $0) }
    records.withLock { $0[sample.id] = Record(sample: sample, imagePlace: image, maskPlace: mask) }
  }

  private func record(of sample: Sample) -> Record? {
    guard let record = records.withLock({ $0[sample.id] }), record.sample.image == sample.image else { return nil }
    return record
  }

  /// The sample's own image, as its file has it; nil where it has to be decoded, or only a reduced one is there.
  package func wholeImage(of sample: Sample) throws -> PixelBuffer? {
    guard reduction == nil else { return nil }
    return try withImage(of: sample) { try PixelBuffer($0) }
  }

  /// Lends the sample's image, reduced where the recipe says so; nil where it has to be decoded.
  func withImage<Answer>(of sample: Sample, _ body: (PixelView) throws -> Answer) throws -> Answer? {
    guard let record = record(of: sample) else { return nil }
    return try cache.withPixels(at: record.imagePlace, body)
  }

  /// The sample's mask, reduced likewise; nil where it has to be read.
  func mask(of sample: Sample) throws -> Mask? {
    guard let record = record(of: sample), record.sample.mask == sample.mask, let place = record.maskPlace else { return nil }
    return try cache.withPixels(at: place) { try Mask(width: $0.width, height: $0.height, codes: Array($0.bytes)) }
  }
}

/// The keys of what a sample needs.
struct SampleKeys {
  let image: CacheKey
  /// nil where there is no mask.
  let mask: CacheKey?

  init(_ sample: Sample, reduction: ImageReduction?, digest: (URL) throws -> String) rethrows {
    let image = try CacheKey(sample.image, reduction: reduction, digest: digest)
    self.image = image
    mask = try sample.mask.map { try CacheKey($0, of: image, digest: digest) }
  }

  func areComplete(in cache: ImageCache) -> Bool { cache.contains(image) && mask.map(cache.contains) ?? true }
}
