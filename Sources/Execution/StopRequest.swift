import Foundation
import Synchronization

/// Whether the process was asked to stop (SIGINT, SIGTERM, or SIGUSR1 as Slurm sends before a time limit).
///
/// The first request lets the training save its state between two steps; the second ends the process at once.
public enum StopRequest {
  private static let signalNumber = Atomic<Int32>(0)

  /// The signal that asked, or nil.
  public static var current: Int32? {
    let number = signalNumber.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// Makes this process listen.
  public static func listen() {
    // A file that meets a size limit is an error of the write, with a sentence, instead of the end of the process.
    signal(SIGXFSZ, SIG_IGN)
    // A parent process may have blocked them; a mask is inherited.
    var wanted = sigset_t()
    sigemptyset(&wanted)
    for number in [SIGINT, SIGTERM, SIGUSR1] { sigaddset(&wanted, number) }
    pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
    for number in [SIGINT, SIGTERM, SIGUSR1] {
      signal(number) { number in
        // Only what is safe in a signal handler: an atomic exchange, and _exit.
        if StopRequest.signalNumber.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
      }
    }
  }
}
