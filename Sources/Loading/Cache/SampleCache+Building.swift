public import Datasets
import Foundation
import Foundations
public import Imaging
public import Studies
import Synchronization

/// How much of a task's images a cache has, and what the rest will cost.
public struct CachePlan: Sendable {
  public let samples: Int
  /// Those that are there already, as far as is known without reading files again.
  public let present: Int
  /// What the rest will take, in bytes: measured on a few samples, and in proportion.
  public let bytes: Int
  /// What is free on the disk, in bytes.
  public let freeBytes: Int
  /// The time for the rest with one thread, in seconds, measured likewise.
  public let seconds: Double

  public var missing: Int { samples - present }
}

/// How far the building of a cache is.
public enum CacheProgress: Sendable {
  case planned(CachePlan)
  /// Another process builds; this one waits for it.
  case waiting
  case built(done: Int, of: Int)
}

extension ImageCache {
  /// The bytes of a shard, about.
  public static let shardLimit = 256 << 20

  /// Looks at what is missing of these samples.
  public func plan(_ samples: [Sample], recipe: Recipe) throws -> CachePlan {
    let reduction = ImageReduction(recipe)
    let missing = samples.filter { isMissing($0, reduction) }
    return try plan(missing, of: samples.count, reduction: reduction)
  }

  /// Without reading a file: one whose digest is not known counts as missing.
  private func isMissing(_ sample: Sample, _ reduction: ImageReduction?) -> Bool {
    struct Unknown: Error {}
    let keys = try? SampleKeys(sample, reduction: reduction) { url in
      guard let digest = sources.known(url) else { throw Unknown() }
      return digest
    }
    return keys.map { !$0.areComplete(in: self) } ?? true
  }

  private func plan(_ missing: [Sample], of count: Int, reduction: ImageReduction?) throws -> CachePlan {
    // Evenly spread, since neighbors in a folder are alike.
    let probes = Swift.min(missing.count, 24)
    var bytes = 0, measured = 0
    let start = DispatchTime.now().uptimeNanoseconds
    for number in 0..<probes {
      guard let decoded = try? DecodedSample(missing[number * missing.count / probes], reduction) else { continue }
      bytes += decoded.byteCount
      measured += 1
    }
    let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    return CachePlan(
      samples: count, present: count - missing.count, bytes: measured == 0 ? 0 : bytes / measured * missing.count,
      freeBytes: try Self.freeBytes(at: folder), seconds: probes == 0 ? 0 : seconds / Double(probes) * Double(missing.count))
  }

  private static func freeBytes(at folder: URL) throws -> Int {
    var status = statvfs()
    guard statvfs(folder.path, &status) == 0 else { throw FoundationsError.unwritable(folder, errno: errno) }
    return Int(status.f_bavail) * Int(status.f_frsize)
  }

  /// Decodes what is missing of these samples, and gives what serves them.
  ///
  /// Shards appear one by one and whole, so a process that is killed loses at most the one it was at, and the next call goes on
  /// there. A file that cannot be decoded is left out; whoever reads it from its file gets the error. One that the system does not give
  /// is asked for again, and then ends the building, with what is decoded kept. Two processes on one folder take
  /// turns: the second waits and finds the work done.
  ///
  /// - Parameters:
  ///   - threads: how many decode at once, at least 1.
  ///   - shardLimit: a shard with more bytes is full.
  ///   - shouldStop: asked after every sample; where it says so, the shard at hand is written and `CancellationError` thrown.
  ///   - decoded: is given each sample that is decoded, whole, with its mask, so that whoever has to see every image needs no second
  ///     decoding; from any thread, several at a time.
  ///   - progress: called on the caller's thread.
  /// - Throws: `DatasetsError` where the disk has no room for it, and the error of a file that the system does not give.
  public func prepare(
    _ samples: [Sample], recipe: Recipe, threads: Int, shardLimit: Int = ImageCache.shardLimit, shouldStop: () -> Bool = { false },
    decoded: DecodedWatcher? = nil, progress: (CacheProgress) -> Void = { _ in }
  ) throws -> SampleCache {
    let reduction = ImageReduction(recipe)
    // A folder that cannot be written to is used as it is: whether it has everything, the files themselves tell then.
    if isReadOnly {
      let missing = samples.count { sample in !((try? SampleKeys(sample, reduction: reduction, digest: sources.digest))?.areComplete(in: self) ?? false) }
      noteMissing(missing)
    } else if samples.contains(where: { isMissing($0, reduction) }) {
      let lock = try FileLock(folder: folder) { progress(.waiting) }
      try withExtendedLifetime(lock) {
        try openShards()
        try build(
          samples.filter { isMissing($0, reduction) }, of: samples.count, reduction: reduction, threads: threads,
          shardLimit: shardLimit, shouldStop: shouldStop, decoded: decoded, progress: progress)
      }
    }
    let prepared = SampleCache(cache: self, reduction: reduction)
    for sample in samples {
      // Files changed a moment ago are read once more here; a file that cannot be read is not in the cache.
      guard let keys = try? SampleKeys(sample, reduction: reduction, digest: sources.digest) else { continue }
      prepared.note(sample, keys: keys)
    }
    return prepared
  }

  private func build(
    _ missing: [Sample], of count: Int, reduction: ImageReduction?, threads: Int, shardLimit: Int, shouldStop: () -> Bool,
    decoded: DecodedWatcher?, progress: (CacheProgress) -> Void
  ) throws {
    guard !missing.isEmpty else { return }
    try AtomicFile.removeLeftovers(in: folder)
    let plan = try plan(missing, of: count, reduction: reduction)
    // Some room is left for runs and checkpoints.
    guard plan.bytes + plan.bytes / 50 < plan.freeBytes else { throw DatasetsError.noRoomForCache(plan, folder: folder.path) }
    progress(.planned(plan))
    // What is decoded so far is written out before the process stops.
    try StopRequest.deferring {
      try decode(
        missing, reduction, threads: threads, shardLimit: shardLimit, shouldStop: shouldStop, decoded: decoded, progress: progress)
    }
  }

  private func decode(
    _ missing: [Sample], _ reduction: ImageReduction?, threads: Int, shardLimit: Int, shouldStop: () -> Bool, decoded: DecodedWatcher?,
    progress: (CacheProgress) -> Void
  ) throws {
    var writer = CacheShard.Writer(folder: folder, limit: shardLimit)
    func publish() throws {
      if let shard = try writer.publish() { add(shard) }
      try sources.save()
    }
    let work = try OrderedWork(count: missing.count, threads: threads) { [self] index in Result { try SystemFault.patiently { try self.fill(missing[index], reduction, decoded) } }
    }
    for number in missing.indices {
      if shouldStop() {
        try publish()
        throw CancellationError()
      }
      // A file that cannot be decoded is named by the run that needs it.
      switch work.next(number) {
      case .success(let found): for (key, buffer) in found { writer.add(buffer, key: key) }
      case .failure(let error) where SystemFault.isFault(error):
        try publish()
        throw error
      case .failure: break
      }
      if writer.isFull { try publish() }
      progress(.built(done: number + 1, of: missing.count))
    }
    try publish()
  }

  /// What is still missing of one sample.
  private func fill(_ sample: Sample, _ reduction: ImageReduction?, _ watcher: DecodedWatcher?) throws -> [(key: CacheKey, buffer: PixelBuffer)] {
    let keys = try SampleKeys(sample, reduction: reduction, digest: sources.digest)
    guard !keys.areComplete(in: self) else { return [] }
    let decoded = try DecodedSample(sample, reduction, watcher)
    // A file that changed between the digest and the decoding must not get the digest's key.
    guard try SampleKeys(sample, reduction: reduction, digest: sources.digest).image == keys.image else { return [] }
    var found = contains(keys.image) ? [] : [(keys.image, decoded.image)]
    if let key = keys.mask, let mask = decoded.mask, !contains(key) { found.append((key, mask)) }
    return found
  }
}

/// Is given what is decoded of a sample: its whole image with its remarks, and its mask.
public typealias DecodedWatcher = @Sendable (Sample, RemarkedPicture, Mask?) -> Void

/// The pixels of a sample as the cache keeps them.
struct DecodedSample {
  let image: PixelBuffer
  /// 0 and 1, a depth of one bit; of several classes the codes, of eight bits.
  let mask: PixelBuffer?

  var byteCount: Int { ([image] + (mask.map { [$0] } ?? [])).reduce(0) { $0 + $1.withView { $0.bytes.count } } }

  init(_ sample: Sample, _ reduction: ImageReduction?, _ watcher: DecodedWatcher? = nil) throws {
    let remarked = watcher == nil ? nil : try sample.image.readRemarked(), whole = try remarked?.pixels ?? sample.image.read()
    let wholeMask = try sample.mask?.read(for: whole, of: sample.id)
    if let remarked { watcher?(sample, remarked, wholeMask) }
    image = try reduction?.apply(to: whole) ?? whole
    mask = try wholeMask.map { read in
      let mask = try reduction?.apply(to: read) ?? read
      return try PixelBuffer(width: mask.width, height: mask.height, channels: 1, bitDepth: sample.mask?.classes == nil ? 1 : 8, samples: .bytes(mask.values))
    }
  }
}

extension DatasetsError {
  static func noRoomForCache(_ plan: CachePlan, folder: String) -> DatasetsError {
    DatasetsError(
      kind: .noRoomForCache,
      problem: "The cache in \(folder) needs about \(spoken(bytes: plan.bytes)) for \(counted(plan.missing, "image")), and its disk has \(spoken(bytes: plan.freeBytes)) left.",
      remedy: "Free space, name another folder under `cache`, or give the recipe a `reducedSize`, which changes the numbers.")
  }

  static func unusableShard(_ damage: CacheDamage) -> DatasetsError {
    DatasetsError(
      kind: .unusableShard, problem: "The file \(damage.shard.path), written a moment ago, cannot be read back: \(damage.reason).",
      remedy: "Check the disk, or name another folder under `cache`.")
  }
}
