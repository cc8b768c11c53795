public import Datasets
import Foundation
import Foundations
public import Loading
public import Studies

extension StudyData {
  /// The study's cache of decoded images; nil where the study has none, or one that cannot be opened, which changes no number and is said.
  func imageCache() throws -> ImageCache? {
    if let openCache { return openCache }
    guard let path = study.execution.cacheFolder, cacheFailure == nil else { return nil }
    do {
      let cache = try ImageCache(folder: URL(fileURLWithPath: path, isDirectory: true))
      openCache = cache
      return cache
    } catch {
      cacheFailure = "The cache is not used, and images are decoded each time: \(sentence(for: error))"
      return nil
    }
  }

  /// The cache for commands that are about it.
  fileprivate func requireCache() throws -> ImageCache {
    if let cache = try imageCache() { return cache }
    // What is wrong with it.
    if let path = study.execution.cacheFolder { return try ImageCache(folder: URL(fileURLWithPath: path, isDirectory: true)) }
    throw ExecutionError.noCache()
  }

  /// What serves the images of a task, decoded now where they are missing; nil where the study has no cache.
  ///
  /// - Parameter decoded: is given each image that is decoded for it, from any thread.
  /// - Throws: `ExecutionError` of kind `stopped` when the process was asked to stop; what was decoded is kept.
  public func cache(
    of task: TaskSpecification, recipe: Recipe, watcher: (CacheProgress) -> Void = { _ in }, decoded: DecodedWatcher? = nil
  ) throws -> SampleCache? {
    guard execution.cacheFolder != nil else { return nil }
    let splits = try splits(of: task)
    return try cache(of: splits.training + splits.validation + splits.test, named: task.name, recipe: recipe, watcher: watcher, decoded: decoded)
  }

  /// The same for any images, also of another study: a cache is keyed by content.
  ///
  /// - Parameter name: One set of images has one name as long as the process lives.
  func cache(
    of samples: @autoclosure () -> [Sample], named name: String, recipe: Recipe, watcher: (CacheProgress) -> Void, decoded: DecodedWatcher? = nil
  ) throws -> SampleCache? {
    guard let cache = try imageCache() else { return nil }
    let name = "\(name) \(recipe.reducedSize ?? 0) \(recipe.interpolation.rawValue)"
    if let known = sampleCaches[name] { return known }
    do {
      // Nothing is trained meanwhile, so the threads of both are free.
      let threads = max(execution.loaderThreads, execution.threads ?? 1)
      let prepared = try cache.prepare(
        samples(), recipe: recipe, threads: threads, shouldStop: { StopRequest.current != nil }, decoded: decoded, progress: watcher)
      sampleCaches[name] = prepared
      return prepared
    } catch is CancellationError {
      throw ExecutionError.stoppedCaching(StopRequest.current ?? 0)
    }
  }

  private var execution: ExecutionOptions { study.execution }

  /// What of the cache was found damaged so far.
  func cacheDamages() -> [String] { openCache?.damages ?? cacheFailure.map { [$0] } ?? [] }
}

/// What a study's cache has and lacks, for `medtransfer cache`.
public struct CacheOverview: Sendable {
  public struct Line: Sendable {
    public let task: String
    public let plan: CachePlan
  }

  public let folder: String
  public let lines: [Line]
  public let images: Int
  public let bytes: Int
  public let damages: [String]

  /// - Throws: `ExecutionError` where the study has no cache.
  public init(_ data: StudyData) throws {
    let cache = try data.requireCache()
    folder = cache.folder.path
    lines = try data.study.tasks.map { task in
      let splits = try data.splits(of: task)
      return Line(
        task: task.name, plan: try cache.plan(splits.training + splits.validation + splits.test, recipe: task.recipe))
    }
    (images, bytes) = cache.contents
    damages = cache.damages
  }
}

/// What `medtransfer cache` does besides looking.
extension StudyData {
  /// Decodes what is missing of every task.
  public func buildCaches(watcher: (_ task: String, CacheProgress) -> Void) throws {
    _ = try requireCache()
    for task in study.tasks { _ = try cache(of: task, recipe: task.recipe) { watcher(task.name, $0) } }
  }

  /// Compares every cached image with its checksum. Returns a sentence for each damaged file, which was taken away.
  public func verifyCache(progress: (_ done: Int, _ total: Int) -> Void) throws -> [String] {
    let cache = try requireCache()
    cache.verify(progress: progress)
    return cache.damages
  }

  /// Removes the cache. Returns the bytes freed.
  public func removeCache() throws -> Int {
    guard let path = study.execution.cacheFolder else { throw ExecutionError.noCache() }
    return try ImageCache.remove(folder: URL(fileURLWithPath: path, isDirectory: true))
  }
}

extension ExecutionError {
  static func noCache() -> ExecutionError {
    ExecutionError(
      kind: .noCache, problem: "The study has no cache of images.",
      remedy: "Name a folder for it with the key `cache`, as in `cache: cache`.")
  }

  static func stoppedCaching(_ signal: Int32) -> ExecutionError {
    ExecutionError(
      kind: .stopped, problem: "Stopped while the images were being cached, as asked (signal \(signal)).",
      remedy: "Run the same command to go on; what was decoded is kept.")
  }
}
