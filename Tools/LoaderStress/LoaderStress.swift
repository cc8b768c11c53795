import Datasets
import Loading
import Phantoms
import Dispatch
import Foundation
import Foundations
import SanitizedLocks
import Studies

/// Works the loader, the cache and requests to stop hard, with many threads: for the thread sanitizer (`Scripts/thread-sanitizer`). What
/// comes out is held to what one thread gives, so that it proves something without the sanitizer too.
@main
struct LoaderStress {
  static func main() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("loader-stress-\(getpid())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let rounds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 20
    let counts = PhantomCounts(training: 24, validation: 4, test: 4)
    let source = try PhantomWriter.write(kind: .lungs, counts: counts, size: 64, seed: SeedPath(0), to: folder.appendingPathComponent("data"))
    let splits = try DatasetResolver.resolve(.manifest(source), kind: .binarySegmentation)
    var changed = Recipe.standard(for: .binarySegmentation)
    (changed.inputSize, changed.reducedSize) = (32, 48)
    let recipe = changed
    let samples = splits.training
    let expected = try sums(samples, recipe, cache: nil, workers: 1)
    StopRequest.listen()
    for round in 0..<rounds {
      let cacheFolder = folder.appendingPathComponent("cache-\(round)")
      try stopWhileCaching(samples, recipe, folder: cacheFolder, after: round % 12)
      // Two owners of one folder at once, as two processes would be; one of them finds the work done.
      let caches = concurrentMap(2) { _ in try? ImageCache(folder: cacheFolder).prepare(samples, recipe: recipe, threads: 4) }
      for cache in caches {
        guard let cache, cache.count == samples.count else { throw Unequal(what: "the cache of round \(round)") }
        // Several loaders share a cache, and some are left half-way.
        let found = concurrentMap(3) { number in try? sums(samples, recipe, cache: cache, workers: 4, leavingAfter: number == 2 ? 3 : nil) }
        guard found[0] == expected, found[1] == expected, found[2] == Array(expected.prefix(3)) else { throw Unequal(what: "round \(round)") }
      }
      try cancelWhileWaiting(samples, recipe)
    }
    print("\(rounds) rounds, every batch as with one thread")
  }

  struct Unequal: Error { let what: String }

  /// The sum of each batch's pixels, in order.
  private static func sums(
    _ samples: [Sample], _ recipe: Recipe, cache: SampleCache?, workers: Int, leavingAfter limit: Int? = nil
  ) throws -> [Float] {
    let order = BatchOrder(sampleCount: samples.count, batchSize: 4, shuffledBy: SeedPath(1))
    let pipeline = try SamplePipeline(recipe: recipe, kind: .binarySegmentation, stage: .training, cache: cache)
    let loader = try BatchLoader(
      samples: samples, batches: order.batches, pipeline: pipeline, seed: SeedPath(2), workers: workers, prefetch: 2)
    var sums: [Float] = []
    while let batch = try loader.next() {
      if !batch.broken.isEmpty { throw Unequal(what: batch.broken[0].reason) }
      sums.append(batch.images.reduce(0, +))
      if sums.count == limit { break }
    }
    return sums
  }

  /// Another thread asks for a stop while images are being decoded.
  private static func stopWhileCaching(_ samples: [Sample], _ recipe: Recipe, folder: URL, after count: Int) throws {
    let reached = DispatchSemaphore(value: 0), ended = DispatchSemaphore(value: 0)
    DispatchQueue.global().async {
      reached.wait()
      StopRequest.simulate(SIGTERM)
      ended.signal()
    }
    do {
      try StopRequest.deferring {
        defer {
          reached.signal()
          ended.wait()
          StopRequest.simulate(nil)
        }
        _ = try ImageCache(folder: folder).prepare(
          samples, recipe: recipe, threads: 4, shardLimit: 20_000, shouldStop: { StopRequest.current != nil },
          progress: { if case .built(count, _) = $0 { reached.signal() } })
      }
    } catch is CancellationError {}
  }

  /// A loader is canceled by another thread than the one that waits for it.
  private static func cancelWhileWaiting(_ samples: [Sample], _ recipe: Recipe) throws {
    let pipeline = try SamplePipeline(recipe: recipe, kind: .binarySegmentation, stage: .training)
    let loader = try BatchLoader(
      samples: samples, batches: [Array(samples.indices)], pipeline: pipeline, seed: SeedPath(2), workers: 3, prefetch: 1)
    let canceled = DispatchSemaphore(value: 0)
    DispatchQueue.global().async {
      loader.cancel()
      canceled.signal()
    }
    do { while try loader.next() != nil {} } catch is CancellationError {}
    canceled.wait()
  }
}
