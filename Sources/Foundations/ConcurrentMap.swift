internal import Foundation
internal import Synchronization

/// The results of work on each of `0..<count`, in their order, computed on all processors. The order of the work is not fixed, so it
/// must not matter.
///
/// The caller's thread works too, and alone where the system gives no more threads: Dispatch would wait for them for ever.
public func concurrentMap<Result: Sendable>(_ count: Int, _ work: @Sendable (Int) -> Result) -> [Result] {
  let shared = SharedResults<Result>(count: count)
  withoutActuallyEscaping(work) { work in
    let body: @Sendable () -> Void = { while let index = shared.take() { shared.put(work(index), at: index) } }
    let helpers = min(ProcessInfo.processInfo.activeProcessorCount, count) - 1
    let threads = helpers > 0 ? try? WorkerThreads("map", count: helpers, cancel: {}, body) : nil
    body()
    threads?.join()
  }
  return shared.all
}

/// The results of several threads, and which of them is to be computed next.
private final class SharedResults<Result: Sendable>: Sendable {
  private let next = Atomic(0)
  private let results: Mutex<[Result?]>
  private let count: Int

  init(count: Int) {
    self.count = count
    results = Mutex([Result?](repeating: nil, count: count))
  }

  func take() -> Int? {
    let index = next.add(1, ordering: .relaxed).oldValue
    return index < count ? index : nil
  }

  func put(_ result: Result, at index: Int) { results.withLock { $0[index] = result } }

  var all: [Result] { results.withLock { $0.compactMap(\.self) } }
}
