internal import Foundation
internal import Foundations
internal import Synchronization

/// A claim that was taken, as the thread that works and the one that gives signs of life share it.
final class Holding: Sendable {
  let url: URL
  let claims: Claims<ClaimFolder>
  let number: Int
  private let state: Mutex<State>

  private struct State {
    /// When the last sign of life was given, by this machine's clock.
    var lastBeat: Double
    var beats = 0
    var isLost = false
  }

  init(url: URL, claims: Claims<ClaimFolder>, number: Int) {
    (self.url, self.claims, self.number) = (url, claims, number)
    // It was made a moment ago.
    state = Mutex(State(lastBeat: claims.store.now - claims.store.patience.beat / 2))
  }

  /// Throws where another has taken the place of this process.
  ///
  /// - Parameter isThorough: whether the files are asked in any case. Else nothing is asked soon after a sign of life, since nobody takes a
  ///   claim before signs have been missing for much longer.
  func check(isThorough: Bool) throws {
    let (isLost, lastBeat) = state.withLock { ($0.isLost, $0.lastBeat) }
    if isLost { throw RunStoreError.leaseLost(url) }
    let patience = claims.store.patience, age = claims.store.now - lastBeat
    if !isThorough, age < patience.sure { return }
    // There may be no thread for it.
    if age > 2 * patience.beat { beat() }
    if try !claims.holds(number) { state.withLock { $0.isLost = true } }
    if state.withLock({ $0.isLost }) { throw RunStoreError.leaseLost(url) }
  }

  /// Gives a sign of life. One that cannot be given is given the next time.
  func beat() {
    let now = claims.store.now
    let count = state.withLock { state in
      state.beats += 1
      return state.beats
    }
    guard let holds = try? claims.beat(number, count) else { return }
    state.withLock { if holds { $0.lastBeat = now } else { $0.isLost = true } }
  }

  /// Releases the claim.
  ///
  /// - Returns: whether it was still this process's.
  func letGo() -> Bool {
    if state.withLock({ $0.isLost }) { return false }
    return (try? claims.release(number)) ?? false
  }
}

/// Calls something again and again, in a thread of its own: a step of a training may take long.
final class Heart: Sendable {
  private let ends: (read: Int32, write: Int32)
  private let threads: WorkerThreads?

  /// Where there is no thread to be had, nothing is called.
  init(every seconds: Double, _ beat: @escaping @Sendable () -> Void) {
    var descriptors: [Int32] = [-1, -1]
    guard pipe(&descriptors) == 0 else {
      (ends, threads) = ((-1, -1), nil)
      return
    }
    for descriptor in descriptors { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    let read = descriptors[0], milliseconds = Int32(max(seconds * 1000, 1))
    ends = (read, descriptors[1])
    threads = try? WorkerThreads("lease", count: 1, cancel: {}) {
      while true {
        var end = pollfd(fd: read, events: Int16(POLLIN), revents: 0)
        let result = poll(&end, 1, milliseconds)
        // Whoever closes the other end waits for this thread.
        if result > 0 { return }
        if result == 0 { beat() }
      }
    }
  }

  func stop() {
    if ends.write >= 0 { close(ends.write) }
    threads?.join()
    if ends.read >= 0 { close(ends.read) }
  }
}
