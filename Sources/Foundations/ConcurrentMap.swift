internal import Dispatch
internal import Synchronization

/// The results of work on each of `0..<count`, in their order, computed on all processors. The order of the work is not fixed, so it
/// must not matter.
public func concurrentMap<Result: Sendable>(_ count: Int, _ work: @Sendable (Int) -> Result) -> [Result] {
  let results = Mutex([Result?](repeating: nil, count: count))
  DispatchQueue.concurrentPerform(iterations: count) { index in
    let result = work(index)
    results.withLock { $0[index] = result }
  }
  return results.withLock { $0.compactMap(\.self) }
}
