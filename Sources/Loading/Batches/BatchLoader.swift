public import Datasets
import Foundation
public import Foundations
import Synchronization

/// Decodes and prepares batches on threads of its own, ahead of the training that takes them in order.
///
/// What it returns depends on its arguments alone: each sample's randomness comes from `seed / sample.id`, so neither the
/// number of workers nor their luck shows. A file whose content cannot be used is left out of its batch and named there. One that the
/// system does not give (`SystemFault`) is asked for again, and then ends the batches: the disk's luck must not show either.
/// Memory: the batch in the caller's hands, and at most `prefetch` more, finished or being made.
/// When the loader goes away it waits for its threads, each of which ends with the sample it is at: none outlives it.
public final class BatchLoader: Sendable {
  private let line: AssemblyLine
  private let threads: WorkerThreads

  /// - Parameters:
  ///   - batches: For each batch the indices into `samples`, as `BatchOrder` gives them.
  ///   - seed: The epoch's path.
  ///   - workers: The number of threads, at least 1.
  ///   - prefetch: How many batches may be made ahead, at least 1.
  /// - Throws: `FoundationsError` where the system gives this process no threads.
  public convenience init(
    samples: [Sample], batches: [[Int]], pipeline: SamplePipeline, seed: SeedPath, workers: Int, prefetch: Int = 2
  ) throws {
    try self.init(samples: samples, batches: batches, seed: seed, workers: workers, prefetch: prefetch) { sample, path in
      try pipeline.load(sample, seed: path)
    }
  }

  /// As above, with any way to prepare a sample.
  init(
    samples: [Sample], batches: [[Int]], seed: SeedPath, workers: Int, prefetch: Int,
    prepare: @escaping @Sendable (Sample, SeedPath) throws -> PreparedSample
  ) throws {
    let line = AssemblyLine(
      samples: samples, batches: batches, seed: seed, prefetch: max(prefetch, 1), prepare: prepare)
    self.line = line
    line.register(max(workers, 1))
    // The threads hold the line, not the loader, so that the loader can go away under them.
    threads = try WorkerThreads("loader", count: workers, cancel: line.cancel) { line.work() }
  }

  deinit {
    line.cancel()
    threads.join()
  }

  /// The next batch, waiting for it if need be; nil after the last.
  ///
  /// - Throws: `CancellationError` once `cancel` was called, and the error of a file of this batch that the system did not give.
  public func next() throws -> Batch? { try line.take() }

  /// Stops the threads and wakes a caller that waits in `next`.
  public func cancel() { line.cancel() }

  /// How many threads have not ended yet, and how many batches are finished or being made.
  var activity: (threads: Int, batches: Int) { line.activity }

  /// Keeps watching the line after the loader is gone: for tests of its end.
  func threadCounter() -> @Sendable () -> Int { { [line] in line.activity.threads } }
}

/// What the loader and its threads share.
///
/// Samples are claimed one by one in order, so that all workers finish a batch together and the first batch comes soon.
private final class AssemblyLine: Sendable {
  private struct Unfinished {
    var results: [Result<PreparedSample, any Error>?]
    var missing: Int
  }

  private struct State {
    /// The next sample to claim: its batch and its place there.
    var batch = 0
    var place = 0
    var unfinished: [Int: Unfinished] = [:]
    var finished: [Int: Result<Batch, any Error>] = [:]
    var taken = 0
    var isCanceled = false
    var threads = 0
  }

  private let samples: [Sample]
  private let batches: [[Int]]
  private let seed: SeedPath
  private let prefetch: Int
  private let prepare: @Sendable (Sample, SeedPath) throws -> PreparedSample
  private let state = Mutex(State())
  /// Only for waiting: whoever changes the state broadcasts afterward, whoever waits looks at the state holding this lock,
  /// so no change falls between the look and the wait.
  private let changed = NSCondition()

  init(
    samples: [Sample], batches: [[Int]], seed: SeedPath, prefetch: Int,
    prepare: @escaping @Sendable (Sample, SeedPath) throws -> PreparedSample
  ) {
    self.samples = samples
    self.batches = batches.filter { !$0.isEmpty }
    self.seed = seed
    self.prefetch = prefetch
    self.prepare = prepare
  }

  var activity: (threads: Int, batches: Int) {
    state.withLock { ($0.threads, $0.unfinished.count + $0.finished.count) }
  }

  /// Threads that are about to start.
  func register(_ count: Int) { state.withLock { $0.threads += count } }

  func cancel() {
    state.withLock {
      $0.isCanceled = true
      $0.finished = [:]
    }
    wake()
  }

  private func wake() {
    changed.lock()
    changed.broadcast()
    changed.unlock()
  }

  /// Asks until there is an answer, sleeping between changes.
  private func wait<Answer>(for ask: () throws -> Answer?) rethrows -> Answer {
    changed.lock()
    defer { changed.unlock() }
    while true {
      if let answer = try ask() { return answer }
      changed.wait()
    }
  }

  // MARK: The caller's side

  func take() throws -> Batch? {
    let batch: Batch? = try wait {
      try state.withLock { state -> Batch?? in
        if state.isCanceled { throw CancellationError() }
        if state.taken == batches.count { return .some(nil) }
        guard let batch = try state.finished.removeValue(forKey: state.taken)?.get() else { return nil }
        state.taken += 1
        return batch
      }
    }
    wake()
    return batch
  }

  // MARK: The workers' side

  private enum Order {
    case prepare(batch: Int, place: Int)
    case end
  }

  func work() {
    loop: while true {
      switch wait(for: claim) {
      case .end: break loop
      case .prepare(let batch, let place):
        let sample = samples[batches[batch][place]]
        let result = Result { try SystemFault.patiently { try prepare(sample, seed / sample.id) } }
        deliver(result, batch: batch, place: place)
      }
    }
    state.withLock { $0.threads -= 1 }
  }

  /// The next sample, or nil while enough batches lie ahead.
  private func claim() -> Order? {
    state.withLock { state in
      if state.isCanceled || state.batch == batches.count { return .end }
      if state.batch >= state.taken + prefetch { return nil }
      let (batch, place) = (state.batch, state.place)
      if place == 0 {
        let count = batches[batch].count
        state.unfinished[batch] = Unfinished(results: Array(repeating: nil, count: count), missing: count)
      }
      state.place += 1
      if state.place == batches[batch].count { (state.batch, state.place) = (batch + 1, 0) }
      return .prepare(batch: batch, place: place)
    }
  }

  private func deliver(_ result: Result<PreparedSample, any Error>, batch: Int, place: Int) {
    let complete: [Result<PreparedSample, any Error>?]? = state.withLock { state in
      state.unfinished[batch]?.results[place] = result
      state.unfinished[batch]?.missing -= 1
      return state.unfinished[batch]?.missing == 0 ? state.unfinished[batch]?.results : nil
    }
    guard let complete else { return }
    let laidOut = Result { try layOut(complete, indices: batches[batch]) }
    state.withLock { state in
      state.unfinished[batch] = nil
      if !state.isCanceled { state.finished[batch] = laidOut }
    }
    wake()
  }

  private func layOut(_ results: [Result<PreparedSample, any Error>?], indices: [Int]) throws -> Batch {
    var prepared = [(index: Int, sample: Sample, prepared: PreparedSample)](), broken = [BrokenFile]()
    for (index, result) in zip(indices, results) {
      switch result {
      case .success(let sample): prepared.append((index, samples[index], sample))
      case .failure(let error) where SystemFault.isFault(error): throw error
      case .failure(let error): broken.append(BrokenFile(id: samples[index].id, reason: sentence(for: error)))
      case nil: continue
      }
    }
    return Batch(prepared, broken: broken)
  }
}
