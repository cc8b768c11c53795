internal import Foundation
internal import Synchronization

/// The results of work on each of `0..<count`, in their order, computed on all processors. The order of the work is not fixed, so it
/// must not matter.
public func concurrentMap<Result: Sendable>(_ count: Int, _ work: @Sendable (Int) -> Result) -> [Result] {
  let results = Mutex([Result?](repeating: nil, count: count))
  concurrentPerform(count) { index in
    let result = work(index)
    results.withLock { $0[index] = result }
  }
  return results.withLock { $0.compactMap(\.self) }
}

/// Work on each of `0..<count`, on all processors, until all of it is done.
///
/// The caller's thread works too, and alone where the system gives no more threads: Dispatch would wait for them for ever.
public func concurrentPerform(_ count: Int, _ work: @Sendable (Int) -> Void) {
  let next = NextIndex(count: count)
  withoutActuallyEscaping(work) { work in
    let body: @Sendable () -> Void = { while let index = next.take() { work(index) } }
    let helpers = min(ProcessInfo.processInfo.activeProcessorCount, count) - 1
    let threads = helpers > 0 ? try? WorkerThreads("map", count: helpers, cancel: {}, body) : nil
    body()
    threads?.join()
  }
}

/// Which piece of work is to be done next, of several threads.
private final class NextIndex: Sendable {
  private let next = Atomic(0)
  private let count: Int

  init(count: Int) { self.count = count }

  func take() -> Int? {
    let index = next.add(1, ordering: .relaxed).oldValue
    return index < count ? index : nil
  }
}
