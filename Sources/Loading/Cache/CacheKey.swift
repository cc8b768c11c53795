public import Datasets
import Foundation
import Foundations
import Studies

/// What names an image in the cache: the SHA-256 of everything its pixels follow from.
///
/// That is the content of its files, which part of them is meant and through which window, the size it is reduced to, and the
/// numerics revision, which rises when a reader gives other pixels than before. Neither a path nor a date is in it, so a cache
/// serves a data set that was moved, and a file that was changed has another key.
struct CacheKey: Hashable, Sendable {
  /// 32 bytes.
  let bytes: [UInt8]

  var hex: String { bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }

  init(bytes: [UInt8]) { self.bytes = bytes }

  private init(_ words: [String]) {
    let hasher = Digest.Hasher()
    // Each word is preceded by its length, so that no two lists write the same bytes.
    for word in words { hasher.update(Data("\(word.utf8.count):\(word)".utf8)) }
    bytes = hasher.finalize()
  }

  /// - Parameter digest: the SHA-256 of a file.
  init(_ image: ImageReference, reduction: ImageReduction?, digest: (URL) throws -> String) rethrows {
    let files = try image.planes.map { try digest($0.file) }
    self.init(["image", "\(NumericsRevision.current)", reduction?.words ?? "full", image.fingerprint ?? "plain"] + files)
  }

  /// A mask belongs to an image, whose size it has. The first word changes where masks are read otherwise than before.
  init(_ mask: MaskReference, of image: CacheKey, digest: (URL) throws -> String) rethrows {
    let files = try mask.regions.map { region in
      switch region {
      case .file(let file, _): try digest(file)
      case .labels(let plane, _): try digest(plane.file)
      case .runLengths, .polygons: "none"
      }
    }
    self.init(["mask of stored numbers", image.hex, mask.fingerprint ?? "plain"] + files)
  }
}
