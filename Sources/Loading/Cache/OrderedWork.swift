public import Datasets
import Foundation
import Foundations
import Synchronization

/// Answers to numbered questions, worked out on several threads a little ahead of who takes them in order.
///
/// When it goes away it waits for its threads, each of which ends with what it is at.
final class OrderedWork<Answer: Sendable>: Sendable {
  private let line: WorkLine<Answer>
  private let threads: WorkerThreads

  /// - Throws: `FoundationsError` where the system gives this process no threads.
  init(count: Int, threads: Int, _ work: @escaping @Sendable (Int) -> Answer) throws {
    // The threads hold the line, not this, so that this can go away under them.
    let line = WorkLine(count: count, ahead: 2 * max(threads, 1), work)
    self.line = line
    self.threads = try WorkerThreads("cache", count: threads, cancel: line.cancel) { while line.workOnce() {} }
  }

  deinit {
    line.cancel()
    threads.join()
  }

  /// The answer of a number; numbers are to be asked from 0 on, one after the other.
  func next(_ number: Int) -> Answer { line.next(number) }
}

/// What the owner and its threads share.
private final class WorkLine<Answer: Sendable>: Sendable {
  private struct State {
    var claimed = 0
    var taken = 0
    var answers: [Int: Answer] = [:]
    var isCanceled = false
  }

  private let count: Int
  private let ahead: Int
  private let state = Mutex(State())
  private let changed = NSCondition()
  private let work: @Sendable (Int) -> Answer

  init(count: Int, ahead: Int, _ work: @escaping @Sendable (Int) -> Answer) {
    self.count = count
    self.ahead = ahead
    self.work = work
  }

  func next(_ number: Int) -> Answer {
    let answer: Answer = wait {
      state.withLock { state in
        guard let answer = state.answers.removeValue(forKey: number) else { return nil }
        state.taken = number + 1
        return answer
      }
    }
    wake()
    return answer
  }

  func cancel() {
    state.withLock { $0.isCanceled = true }
    wake()
  }

  private enum Claim {
    case number(Int)
    case end
  }

  func workOnce() -> Bool {
    let claim: Claim = wait {
      state.withLock { state in
        if state.isCanceled || state.claimed == count { return .end }
        guard state.claimed < state.taken + ahead else { return nil }
        defer { state.claimed += 1 }
        return .number(state.claimed)
      }
    }
    guard case .number(let number) = claim else { return false }
    let answer = work(number)
    state.withLock { $0.answers[number] = answer }
    wake()
    return true
  }

  private func wake() {
    changed.lock()
    changed.broadcast()
    changed.unlock()
  }

  private func wait<Found>(for look: () -> Found?) -> Found {
    changed.lock()
    defer { changed.unlock() }
    while true {
      if let found = look() { return found }
      changed.wait()
    }
  }
}
