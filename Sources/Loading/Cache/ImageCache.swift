public import Datasets
public import Foundation
import Foundations
import Imaging
import Synchronization

/// A folder that keeps decoded images, so that a data set is decoded once and not in every epoch of every run.
///
/// It never changes a number: what it gives is to the bit what decoding the file again would give. Images are found by what
/// their pixels follow from (`CacheKey`), so studies may share a folder, and nothing in it can be out of date. In the folder: shards
/// (`CacheShard`), `sources` (`RememberedDigests`), and `lock`, which whoever builds holds.
public final class ImageCache: Sendable {
  struct Place {
    let shard: CacheShard
    let index: Int
  }

  private struct State {
    var places: [CacheKey: Place] = [:]
    var shards: [CacheShard] = []
    var damages: [CacheDamage] = []
    /// Images that a folder which cannot be written to lacks.
    var lacking = 0
  }

  public let folder: URL
  let sources: RememberedDigests
  private let state: Mutex<State>

  /// Opens a cache, or begins one.
  ///
  /// A shard that is not whole is left aside and named in `damages`; the next building makes its images again.
  public init(folder: URL) throws {
    self.folder = folder
    ShardFile.raiseLimit()
    try AtomicFile.makeFolder(folder)
    sources = RememberedDigests(folder.appendingPathComponent("sources"))
    state = Mutex(State())
    try openShards()
  }

  /// What was found damaged so far, one sentence a shard, and what is lacking and cannot be added.
  public var damages: [String] {
    let (damages, lacking) = state.withLock { ($0.damages, $0.lacking) }
    let lack = lacking == 0 ? [] : ["The cache in \(folder.path) lacks \(counted(lacking, "image")) and cannot be written to: they are decoded anew each time."]
    return lack
      + damages.map { damage in
        if !damage.isOfContent { return "The file \(damage.shard.path) of the cache cannot be used: \(damage.reason) Its images are decoded again." }
        let isThere = FileManager.default.fileExists(atPath: damage.shard.path)
        return "The file \(damage.shard.path) of the cache is damaged: \(damage.reason). "
          + (isThere ? "It cannot be taken away; its images are decoded anew each time." : "It was taken away, and its images are decoded again.")
      }
  }

  /// The number of images and their bytes.
  public var contents: (images: Int, bytes: Int) {
    state.withLock { state in
      (state.places.count, state.shards.reduce(0) { $0 + $1.entries.reduce(0) { $0 + $1.byteCount } })
    }
  }

  func place(of key: CacheKey) -> Place? { state.withLock { $0.places[key] } }

  func contains(_ key: CacheKey) -> Bool { place(of: key) != nil }

  /// Opens the shards that are new in the folder.
  func openShards() throws {
    let names = try FolderListing.names(in: folder.path).sorted()
    let known = state.withLock { Set($0.shards.map(\.url.lastPathComponent) + $0.damages.map(\.shard.lastPathComponent)) }
    for name in names where name.hasSuffix("." + CacheShard.fileExtension) && !name.hasPrefix(".") && !known.contains(name) {
      switch CacheShard.open(folder.appendingPathComponent(name)) {
      case .success(let shard): add(shard)
      case .failure(let damage): report(damage)
      }
    }
  }

  func add(_ shard: CacheShard) {
    state.withLock { state in
      state.shards.append(shard)
      for (index, entry) in shard.entries.enumerated() where state.places[entry.key] == nil {
        state.places[entry.key] = Place(shard: shard, index: index)
      }
    }
  }

  /// Notes how many images of a task a folder lacks that cannot be written to.
  func noteMissing(_ count: Int) { state.withLock { $0.lacking = max($0.lacking, count) } }

  /// Whether the folder is one that nothing can be added to.
  var isReadOnly: Bool { access(folder.path, W_OK) != 0 }

  /// Lends an image's pixels; nil where the cache does not have them, or has them damaged.
  func withPixels<Answer>(at place: Place, _ body: (PixelView) throws -> Answer) throws -> Answer? {
    if let answer = try place.shard.withPixels(of: place.index, body) { return answer }
    report(place.shard.damage(of: place.index))
    return nil
  }

  /// Takes a damaged shard away, so that the next building makes it again. Images of it that are sound go on to be used until then.
  private func report(_ damage: CacheDamage) {
    let isNew = state.withLock { state in
      if state.damages.contains(where: { $0.shard == damage.shard }) { return false }
      state.damages.append(damage)
      return true
    }
    if isNew, damage.isOfContent { unlink(damage.shard.path) }
  }

  /// Compares every image with its checksum. Damaged shards are taken away and named in `damages`.
  ///
  /// - Parameter progress: told how many of how many bytes are done.
  public func verify(progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }) {
    let shards = state.withLock { $0.shards }
    let total = contents.bytes
    var done = 0
    for shard in shards {
      for index in shard.entries.indices {
        if shard.check(index) == .damaged {
          report(shard.damage(of: index))
          forget(shard)
          break
        }
        done += shard.entries[index].byteCount
        progress(done, total)
      }
    }
  }

  private func forget(_ shard: CacheShard) {
    state.withLock { state in
      state.shards.removeAll { $0 === shard }
      for entry in shard.entries where state.places[entry.key]?.shard === shard { state.places[entry.key] = nil }
    }
  }

  /// Removes everything that a cache puts into its folder, and the folder where nothing else is in it. Returns the bytes freed.
  public static func remove(folder: URL) throws -> Int {
    guard FileManager.default.fileExists(atPath: folder.path) else { return 0 }
    let lock = try FileLock(folder: folder)
    return try withExtendedLifetime(lock) {
      var freed = 0
      for name in try FolderListing.names(in: folder.path) {
        guard name.hasSuffix("." + CacheShard.fileExtension) || name == "sources" || name == FileLock.name else { continue }
        let file = folder.appendingPathComponent(name)
        freed += try byteCount(ofFile: file.path) ?? 0
        unlink(file.path)
      }
      rmdir(folder.path)
      return freed
    }
  }
}

/// The right to add to a cache or to remove it, held by one process at a time. The kernel releases it when its holder dies.
package final class FileLock {
  static let name = "lock"
  private let descriptor: Int32

  /// Waits until the lock is free.
  ///
  /// - Parameter waiting: called once where another process holds it.
  package init(folder: URL, waiting: () -> Void = {}) throws {
    let url = folder.appendingPathComponent(Self.name)
    try AtomicFile.makePlace(for: .file, at: url)
    descriptor = open(url.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FoundationsError.unwritable(url, errno: errno) }
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
    waiting()
    while flock(descriptor, LOCK_EX) != 0 {
      let number = errno
      if number == EINTR { continue }
      close(descriptor)
      throw FoundationsError.unwritable(url, errno: number)
    }
  }

  deinit { close(descriptor) }
}
