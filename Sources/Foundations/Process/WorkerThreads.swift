internal import CProcess
import Foundation
internal import Synchronization

/// Threads that one owner starts, and waits for before it goes.
///
/// A process that ends while threads of its own are at work in a library may crash in that library's last words, so nobody may leave
/// a thread behind. `Foundation.Thread` can neither be joined nor fail to start: where the system gives no thread, it is waited for
/// for ever.
public final class WorkerThreads: Sendable {
  private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private let threads: Mutex<[cp_thread]>

  /// Starts threads that run `body` and end with it.
  ///
  /// - Parameters:
  ///   - name: what a debugger calls them, with their number behind it.
  ///   - count: at least 1.
  ///   - cancel: makes those end that have begun; called where one cannot be started.
  /// - Throws: `FoundationsError` where the system gives this process no more threads. None is left then.
  public init(_ name: String, count: Int, cancel: () -> Void, _ body: @escaping @Sendable () -> Void) throws {
    threads = Mutex([])
    for number in 0..<max(count, 1) {
      let work = Unmanaged.passRetained(Work(body))
      var thread: cp_thread = 0
      let result = cp_thread_start(
        &thread, "\(name)-\(number)",
        { argument in
          guard let argument else { return }
          Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
        }, work.toOpaque())
      guard result == 0 else {
        work.release()
        cancel()
        join()
        throw FoundationsError.noThread(number: number + 1, of: max(count, 1), errno: result)
      }
      let started = thread
      threads.withLock { $0.append(started) }
    }
  }

  /// Waits until all have ended. Only the owner's thread may call it; a second time returns at once.
  public func join() {
    let open = threads.withLock { threads in
      defer { threads = [] }
      return threads
    }
    for thread in open { cp_thread_join(thread) }
  }
}

extension FoundationsError {
  static func noThread(number: Int, of count: Int, errno: Int32) -> FoundationsError {
    FoundationsError(
      kind: .noThread,
      problem: "The system gives this process no more threads: number \(number) of \(count) that read images could not be started (\(systemMessage(errno))).",
      remedy: "Take fewer loaderThreads, or raise the limit (ulimit -u, the job’s or container’s pids limit).")
  }
}
