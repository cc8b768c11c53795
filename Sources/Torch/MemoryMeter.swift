internal import CTorch

/// The memory of the tensors that are made in a scope, on the CPU or on a GPU.
///
/// What this process holds in all cannot tell it: the C library keeps freed memory, so that a small piece of work after a large one seems
/// to take as much. Working memory of oneDNN's kernels is not seen.
public struct MemoryMeter {
  /// Nothing else than what `begin` gave.
  private let handle: OpaquePointer?
  /// The GPU whose memory it is, with the bytes that it held before; nil for the CPU.
  private let device: (index: Int, before: Int)?

  /// The most bytes that were held at once, since the beginning or the last `restart`; of a GPU that cannot be asked any more, 0.
  public var peak: Int {
    guard let device else { return Int(ct_memory_meter_peak(handle)) }
    return ((try? TorchRuntime.cudaMemory(device.index).allocated.peak) ?? device.before) - device.before
  }

  /// Takes what is held now for the most so far.
  public func restart() {
    guard let device else { return ct_memory_meter_restart(handle) }
    try? TorchRuntime.resetCUDAPeakMemory(device.index)
  }

  /// Measures what `body` makes on this thread, or on a GPU by whatever thread.
  public static func measuring<Result>(on device: Device = .cpu, _ body: (MemoryMeter) throws -> Result) throws -> Result {
    if device.kind == .cuda {
      let index = device.index ?? 0
      try TorchRuntime.resetCUDAPeakMemory(index)
      return try body(MemoryMeter(handle: nil, device: (index, TorchRuntime.cudaMemory(index).allocated.current)))
    }
    var handle: OpaquePointer?
    try check(ct_memory_meter_begin(&handle), "measuring memory")
    defer { ct_memory_meter_end(handle) }
    return try body(MemoryMeter(handle: handle, device: nil))
  }
}
