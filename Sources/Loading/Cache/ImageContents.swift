public import Datasets
public import Foundation
import Foundations
import Studies

/// What names images by their content, for whatever is computed of them: the SHA-256 of everything that an image's pixels follow from (its
/// files' bytes, what is taken from them, and the numerics revision). Neither path nor date is in it.
///
/// Digests of files are remembered in the file `sources` of a folder, as the cache of images does.
public final class ImageContents: Sendable {
  private let sources: RememberedDigests

  /// - Parameter folder: made where it is not there.
  public init(folder: URL) throws {
    try AtomicFile.makeFolder(folder)
    sources = RememberedDigests(folder.appendingPathComponent("sources"))
  }

  /// The name of each sample's image, 64 hexadecimal digits, or why it has none: its file cannot be read.
  public func names(of samples: [Sample]) -> [Result<String, any Error>] {
    let hurry = Hurry()
    let names = concurrentMap(samples.count) { index in
      Result { try hurry.patiently { try CacheKey(samples[index].image, reduction: nil, digest: sources.digest).hex } }
    }
    // It saves time and no more.
    try? sources.save()
    return names
  }
}
