internal import CCollectives
internal import Foundations

/// What carries values between the processes of one training. Every process makes the same calls in the same order.
public protocol CollectiveTransport: Sendable {
  /// Puts the sum over all processes in the place of each value.
  ///
  /// - Parameter isDouble: whether they are of 8 bytes, else of 4.
  func sum(_ values: UnsafeMutableRawPointer, count: Int, isDouble: Bool) throws
  /// Copies the first process's bytes to all others.
  func copyFromFirst(_ bytes: UnsafeMutableRawBufferPointer) throws
  /// Takes leave of the others, when nothing more is to be said.
  func leave()
  /// Ends all processes.
  func endAll(status: Int32)
}

/// The processes that `mpirun` or `srun` started, through the MPI library that is found when the program runs: Open MPI, or one with the
/// interface of MPICH (Intel MPI, MVAPICH2, Cray MPICH).
public struct MPITransport: CollectiveTransport {
  /// Seconds that others are waited for once this process was asked to stop: all of them are, and agree on it after the step they are at.
  static let patience = 60.0

  /// Joins the others.
  ///
  /// - Parameter library: the library's file; nil for the usual names.
  /// - Throws: `TorchError` of kind `collectiveFailed` where there is no such library, or it fails.
  public static func join(library: String?) throws -> (transport: MPITransport, rank: Int, size: Int) {
    var rank: Int32 = 0, size: Int32 = 1
    try collectiveCall { cc_join(library, &rank, &size, $0, $1) }
    return (MPITransport(), Int(rank), Int(size))
  }

  public func sum(_ values: UnsafeMutableRawPointer, count: Int, isDouble: Bool) throws {
    try collectiveCall { cc_sum(values, Int64(count), isDouble ? CC_FLOAT64 : CC_FLOAT32, givesUp, $0, $1) }
  }

  public func copyFromFirst(_ bytes: UnsafeMutableRawBufferPointer) throws {
    guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
    try collectiveCall { cc_copy_from_first(start, Int64(bytes.count), givesUp, $0, $1) }
  }

  public func leave() { cc_leave() }

  public func endAll(status: Int32) { cc_end_all(status) }
}

private func givesUp() -> Bool { StopRequest.isOlder(than: MPITransport.patience) }

extension TorchError {
  static func noMPI(_ reason: String) -> TorchError {
    TorchError(
      .collectiveFailed, problem: "No MPI library can be used: \(reason).",
      remedy: "Install one (Debian: openmpi-bin), load the cluster’s module, or name its file in MEDTRANSFER_MPI.")
  }

  static func othersAreSilent() -> TorchError {
    TorchError(
      .collectiveFailed, problem: "This process was asked to stop, and the other processes of the training have not answered for a minute: one of them is gone or hangs.",
      remedy: "Run the same command again to go on from what was saved last.")
  }

  static func collectiveFailed(_ reason: String) -> TorchError {
    TorchError(
      .collectiveFailed, problem: "The processes of the training lost each other: \(reason).", remedy: "Run the same command again to go on from what was saved last.")
  }
}
