internal import CCollectives
internal import Foundation
internal import Synchronization

/// Sums over processes in the memory of GPUs, by the NCCL library that is found when the program runs.
public final class DeviceSums: Sendable {
  private let library: String?
  /// Whether tensors of the main memory are summed so too: where a test puts another library into NCCL's place.
  let coverMainMemory: Bool
  /// NCCL's handle on the group, once it has been joined; 0 before.
  private let communicator = Mutex(UInt(0))

  /// - Parameter library: the library's file; nil for the one that libtorch has loaded.
  public convenience init(library: String?) { self.init(library: library, coverMainMemory: false) }

  init(library: String?, coverMainMemory: Bool) { (self.library, self.coverMainMemory) = (library, coverMainMemory) }

  /// Puts the sum over all processes in the place of each value, after what the stream has to do before. The current device is the values'.
  ///
  /// - Parameter group: through whose transport the processes find each other in the first call.
  func sum(_ values: UnsafeMutableRawPointer, count: Int, isDouble: Bool, stream: UnsafeMutableRawPointer?, _ group: ProcessGroup) throws {
    let handle = try communicator.withLock { kept in
      if kept == 0 { kept = try join(group) }
      return kept
    }
    try collectiveCall {
      cc_nccl_sum(UnsafeMutableRawPointer(bitPattern: handle), values, Int64(count), isDouble ? CC_FLOAT64 : CC_FLOAT32, stream, $0, $1)
    }
  }

  private func join(_ group: ProcessGroup) throws -> UInt {
    try collectiveCall(withoutLibrary: TorchError.noNCCL) { cc_nccl_open(library, $0, $1) }
    var own: Data?
    if group.isFirst {
      var made = [UInt8](repeating: 0, count: Int(CC_NCCL_IDENTITY))
      try made.withUnsafeMutableBytes { bytes in try collectiveCall { cc_nccl_identity(bytes.baseAddress, $0, $1) } }
      own = Data(made)
    }
    let shared = try group.fromFirst(own)
    var made: UnsafeMutableRawPointer?
    try shared.withUnsafeBytes { bytes in
      try collectiveCall { cc_nccl_join(bytes.baseAddress, Int32(group.rank), Int32(group.size), &made, $0, $1) }
    }
    return UInt(bitPattern: made)
  }

  /// Takes leave of the others, or gives them up.
  func leave(endsAtOnce: Bool) {
    communicator.withLock { kept in
      cc_nccl_leave(UnsafeMutableRawPointer(bitPattern: kept), endsAtOnce)
      kept = 0
    }
  }
}

extension TorchError {
  static func noNCCL(_ reason: String) -> TorchError {
    TorchError(
      .collectiveFailed, problem: "No NCCL library can be used: \(reason).",
      remedy: "Name its file in MEDTRANSFER_NCCL, or say MEDTRANSFER_NCCL=off, which sends the sums of GPUs through the main memory.")
  }
}

/// Calls a function that leaves a sentence where it fails.
func collectiveCall(
  withoutLibrary: (String) -> TorchError = TorchError.noMPI, _ call: (UnsafeMutablePointer<CChar>, Int) -> cc_outcome
) throws {
  var words = [CChar](repeating: 0, count: 2048)
  let outcome = words.withUnsafeMutableBufferPointer { room in room.baseAddress.map { call($0, room.count) } ?? CC_FAILED }
  let message = String(decoding: words.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  switch outcome {
  case CC_DONE: return
  case CC_NO_LIBRARY: throw withoutLibrary(message)
  case CC_GAVE_UP: throw TorchError.othersAreSilent()
  default: throw TorchError.collectiveFailed(message)
  }
}
