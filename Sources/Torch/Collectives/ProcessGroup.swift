internal import CTorch
public import Foundation
internal import Foundations
internal import Synchronization

/// The processes that make one training together, each with its part of every batch.
///
/// All of them make the same calls in the same order; a call returns when the others have made theirs.
public final class ProcessGroup: Sendable {
  /// Which of them this one is, from 0.
  public let rank: Int
  /// How many there are.
  public let size: Int
  private let transport: any CollectiveTransport
  /// What sums the tensors of GPUs where they are; nil sends them through the main memory.
  private let deviceSums: DeviceSums?
  /// Why a sum that libtorch asked for did not come.
  private let failure = Mutex<(any Error)?>(nil)

  public init(rank: Int, size: Int, transport: any CollectiveTransport, deviceSums: DeviceSums? = nil) {
    (self.rank, self.size, self.transport, self.deviceSums) = (rank, size, transport, deviceSums)
  }

  /// Whether this is the one that writes files and decides where one has to.
  public var isFirst: Bool { rank == 0 }

  /// The sum over all processes of each number.
  public func sum(_ values: [Double]) throws -> [Double] {
    var values = values
    try values.withUnsafeMutableBytes { bytes in
      if let start = bytes.baseAddress, !bytes.isEmpty { try transport.sum(start, count: bytes.count / 8, isDouble: true) }
    }
    return values
  }

  /// Whether it is true in any process.
  public func any(_ isTrue: Bool) throws -> Bool { try sum([isTrue ? 1 : 0])[0] > 0 }

  /// Puts the sum over all processes in the place of each tensor, of float32 or float64.
  public func sumInPlace(_ tensors: [Tensor]) throws {
    for tensor in tensors {
      guard tensor.scalarType == .float32 || tensor.scalarType == .float64 else { throw TorchError.notSummed(tensor.scalarType) }
      if tensor.device == .cpu || staysOnDevice(tensor) {
        let status = try sumWhereItIs(tensor)
        if status == CT_OK { continue }
        if status != CT_INVALID_ARGUMENT { try check(status, "sumInPlace(\(tensor))") }
      }
      // Without a memory of its own that it fills, or of a device whose values go through the main memory.
      let own = try tensor.detach().to(device: staysOnDevice(tensor) ? tensor.device : .cpu).contiguous().clone()
      try check(sumWhereItIs(own), "sumInPlace(\(own))")
      try tensor.copy(from: own)
    }
  }

  fileprivate func staysOnDevice(_ tensor: Tensor) -> Bool { deviceSums != nil && tensor.device.kind == .cuda }

  /// - Returns: `CT_INVALID_ARGUMENT` for a tensor that does not fill its own memory.
  private func sumWhereItIs(_ tensor: Tensor) throws -> ct_status {
    let status = ct_sum_where_it_is(tensor.handle, sumTensor, Unmanaged.passUnretained(self).toOpaque())
    if let error = takeFailure() { throw error }
    return status
  }

  /// The same for the values of a tensor, called by libtorch, whose exceptions know no errors of ours.
  fileprivate func sum(
    _ values: UnsafeMutableRawPointer?, count: Int, isDouble: Bool, isOnDevice: Bool, stream: UnsafeMutableRawPointer?
  ) -> Int32 {
    guard let values, count > 0 else { return 0 }
    do {
      if let deviceSums, isOnDevice || deviceSums.coverMainMemory {
        try deviceSums.sum(values, count: count, isDouble: isDouble, stream: stream, self)
      } else {
        try transport.sum(values, count: count, isDouble: isDouble)
      }
      return 0
    } catch {
      failure.withLock { $0 = error }
      return 1
    }
  }

  fileprivate func takeFailure() -> (any Error)? {
    failure.withLock { kept in
      defer { kept = nil }
      return kept
    }
  }

  /// What the first process has, in all of them.
  ///
  /// - Parameter bytes: of the first process; others give none.
  public func fromFirst(_ bytes: Data?) throws -> Data {
    var length = [Int64(bytes?.count ?? 0)]
    try length.withUnsafeMutableBytes { try transport.copyFromFirst($0) }
    var shared = isFirst ? bytes ?? Data() : Data(count: Int(length[0]))
    try shared.withUnsafeMutableBytes { try transport.copyFromFirst($0) }
    return shared
  }

  /// Takes leave of the others, once none has anything more to say.
  public func leave() {
    deviceSums?.leave(endsAtOnce: false)
    transport.leave()
  }

  /// Ends all processes: this one met what the others cannot know of.
  public func endAll(status: Int32) {
    transport.endAll(status: status)
    deviceSums?.leave(endsAtOnce: true)
  }
}

/// The sum over all processes of a tensor, of float32 or float64, through which gradients pass: the derivative of what all processes compute
/// from it by one's own part is the sum of their derivatives.
public func sumOverProcesses(_ values: Tensor, _ group: ProcessGroup) throws -> Tensor {
  var made: ct_tensor?
  let status = ct_sum_over_processes(values.handle, group.staysOnDevice(values), sumTensor, Unmanaged.passUnretained(group).toOpaque(), &made)
  if let error = group.takeFailure() { throw error }
  try check(status, "sumOverProcesses(\(values))")
  guard let made else { throw TorchError.collectiveFailed("there is no sum") }
  return try Tensor(owning: made)
}

/// What libtorch calls. The group is held by whoever trains, as long as its gradients are computed.
private let sumTensor: ct_sum = { context, values, count, isDouble, isOnDevice, stream in
  guard let context else { return 1 }
  return Unmanaged<ProcessGroup>.fromOpaque(context).takeUnretainedValue().sum(
    values, count: Int(count), isDouble: isDouble, isOnDevice: isOnDevice, stream: stream)
}

extension TorchError {
  static func notSummed(_ type: ScalarType) -> TorchError {
    TorchError(.invalidType, problem: "A tensor of \(type) cannot be summed over processes.", remedy: "Convert it to float32 or float64.")
  }
}
