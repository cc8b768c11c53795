import Dispatch
public import Foundation
import Synchronization
public import Torch

/// Threads of one process in the place of processes: each waits until all have made the same call.
final class ThreadTransport: Sendable {
  private struct State {
    var values: [[UInt8]]
    var arrived = 0
    var left = 0
    var result: [UInt8] = []
  }

  private let size: Int
  private let state: Mutex<State>
  private let changed = NSCondition()

  init(size: Int) {
    self.size = size
    state = Mutex(State(values: Array(repeating: [], count: size)))
  }

  private func wait(until isTrue: (inout State) -> Bool) {
    changed.lock()
    while !state.withLock({ isTrue(&$0) }) { changed.wait() }
    changed.broadcast()
    changed.unlock()
  }

  /// Gives every thread what is made of all their bytes.
  func exchange(_ own: [UInt8], rank: Int, _ combine: ([[UInt8]]) -> [UInt8]) -> [UInt8] {
    // Nobody begins the next call before all have left the last.
    wait { $0.left == 0 || $0.left == $0.arrived }
    changed.lock()
    state.withLock { state in
      if state.left == size { (state.left, state.arrived) = (0, 0) }
      state.values[rank] = own
      state.arrived += 1
      if state.arrived == size { state.result = combine(state.values) }
    }
    changed.broadcast()
    changed.unlock()
    wait { $0.arrived == size }
    changed.lock()
    let result = state.withLock { state in
      state.left += 1
      return state.result
    }
    changed.broadcast()
    changed.unlock()
    return result
  }

  struct Member: CollectiveTransport {
    let transport: ThreadTransport
    let rank: Int

    func sum(_ values: UnsafeMutableRawPointer, count: Int, isDouble: Bool) throws {
      let bytes = count * (isDouble ? 8 : 4), own = Array(UnsafeRawBufferPointer(start: values, count: bytes))
      func added<Number: BinaryFloatingPoint & BitwiseCopyable>(_ all: [[UInt8]], _: Number.Type) -> [UInt8] {
        var total = [Number](repeating: 0, count: count)
        for one in all { one.withUnsafeBytes { for (index, value) in $0.bindMemory(to: Number.self).enumerated() { total[index] += value } } }
        return total.withUnsafeBytes { Array($0) }
      }
      let result = transport.exchange(own, rank: rank) { isDouble ? added($0, Double.self) : added($0, Float.self) }
      result.withUnsafeBytes { values.copyMemory(from: $0.baseAddress.unsafelyUnwrapped, byteCount: bytes) }
    }

    func copyFromFirst(_ bytes: UnsafeMutableRawBufferPointer) throws {
      let result = transport.exchange(Array(bytes), rank: rank) { $0[0] }
      bytes.copyBytes(from: result)
    }

    func leave() {}
    func endAll(status: Int32) {}
  }

  func group(_ rank: Int, _ deviceSums: DeviceSums?) -> ProcessGroup {
    ProcessGroup(rank: rank, size: size, transport: Member(transport: self, rank: rank), deviceSums: deviceSums)
  }
}

/// Runs `body` at the same time in so many threads, each of which stands for a process of one group, and waits for all.
public func inThreads(
  _ count: Int, deviceSums: @escaping @Sendable () -> DeviceSums? = { nil }, _ body: @escaping @Sendable (ProcessGroup) -> Void
) {
  let transport = ThreadTransport(size: count)
  eachInThread(count) { rank in body(transport.group(rank, deviceSums())) }
}

/// The same for threads that find each other by themselves.
public func eachInThread(_ count: Int, _ body: @escaping @Sendable (_ rank: Int) -> Void) {
  let ended = DispatchGroup()
  for rank in 0..<count {
    ended.enter()
    let thread = Thread {
      body(rank)
      ended.leave()
    }
    thread.stackSize = 8 << 20
    thread.start()
  }
  ended.wait()
}
