internal import CTorch
public import Foundation
internal import Foundations

/// The processes that make one training together, each with its part of every batch.
///
/// All of them make the same calls in the same order; a call returns when the others have made theirs.
public final class ProcessGroup: Sendable {
  /// Which of them this one is, from 0.
  public let rank: Int
  /// How many there are.
  public let size: Int
  private let transport: any CollectiveTransport

  public init(rank: Int, size: Int, transport: any CollectiveTransport) { (self.rank, self.size, self.transport) = (rank, size, transport) }

  /// Whether this is the one that writes files and decides where one has to.
  public var isFirst: Bool { rank == 0 }

  /// The sum over all processes of each number.
  public func sum(_ values: [Double]) throws -> [Double] {
    var values = values
    if !values.isEmpty { try values.withUnsafeMutableBytes { try sum($0.baseAddress, count: $0.count / 8, isDouble: true) } }
    return values
  }

  /// Whether it is true in any process.
  public func any(_ isTrue: Bool) throws -> Bool { try sum([isTrue ? 1 : 0])[0] > 0 }

  /// Puts the sum over all processes in the place of each tensor, of float32 or float64. Those of a GPU go through the main memory.
  public func sumInPlace(_ tensors: [Tensor]) throws {
    for tensor in tensors {
      if tensor.device == .cpu, try sumInMemory(tensor) { continue }
      // Without a memory of its own that it fills.
      let own = try tensor.detach().to(device: .cpu).contiguous().clone()
      _ = try sumInMemory(own)
      try tensor.copy(from: own)
    }
  }

  private func sumInMemory(_ tensor: Tensor) throws -> Bool {
    guard tensor.scalarType == .float32 || tensor.scalarType == .float64 else { throw TorchError.notSummed(tensor.scalarType) }
    var memory: UnsafeMutableRawPointer?
    guard ct_tensor_memory(tensor.handle, &memory) == CT_OK else { return false }
    try withExtendedLifetime(tensor) { try sum(memory, count: tensor.elementCount, isDouble: tensor.scalarType == .float64) }
    return true
  }

  fileprivate func sum(_ values: UnsafeMutableRawPointer?, count: Int, isDouble: Bool) throws {
    guard let values, count > 0 else { return }
    try transport.sum(values, count: count, isDouble: isDouble)
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
  public func leave() { transport.leave() }

  /// Ends all processes: this one met what the others cannot know of.
  public func endAll(status: Int32) { transport.endAll(status: status) }
}

/// The sum over all processes of a tensor, of float32 or float64, through which gradients pass: the derivative of what all processes compute
/// from it by one's own part is the sum of their derivatives.
public func sumOverProcesses(_ values: Tensor, _ group: ProcessGroup) throws -> Tensor {
  let sum: @convention(c) (UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, Int64, Bool) -> Int32 = { context, values, count, isDouble in
    guard let context else { return 1 }
    // The group is held by whoever trains, as long as its gradients are computed.
    let group = Unmanaged<ProcessGroup>.fromOpaque(context).takeUnretainedValue()
    do { try group.sum(values, count: Int(count), isDouble: isDouble) } catch { return 1 }
    return 0
  }
  var made: ct_tensor?
  try check(ct_sum_over_processes(values.handle, sum, Unmanaged.passUnretained(group).toOpaque(), &made), "sumOverProcesses(\(values))")
  guard let made else { throw TorchError.collectiveFailed("there is no sum") }
  return try Tensor(owning: made)
}

extension TorchError {
  static func notSummed(_ type: ScalarType) -> TorchError {
    TorchError(.invalidType, problem: "A tensor of \(type) cannot be summed over processes.", remedy: "Convert it to float32 or float64.")
  }
}
