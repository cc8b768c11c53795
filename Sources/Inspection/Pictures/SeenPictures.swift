import Datasets
public import Loading
import Studies
import Synchronization

/// What was seen of images while a cache was built of them, so that the check decodes none of these again.
public final class SeenPictures: Sendable {
  private let known: Set<Int>?
  private let found = Mutex<[String: PictureFacts]>([:])

  init(known: Set<Int>?) { self.known = known }

  /// For `ImageCache.prepare`. What cannot be told of a sample here is told where the check opens it itself.
  public var watcher: DecodedWatcher {
    { [self] sample, picture, mask in
      guard let facts = try? PictureFacts(sample, picture, mask, known: known) else { return }
      found.withLock { $0[sample.id] = facts }
    }
  }

  var facts: [String: PictureFacts] { found.withLock { $0 } }
}
