internal import CTorch

/// The memory of the tensors on the CPU that are made in a scope.
///
/// What this process holds in all cannot tell it: the C library keeps freed memory, so that a small piece of work after a large one seems
/// to take as much. Working memory of oneDNN's kernels is not seen.
public struct MemoryMeter {
  /// Nothing else than what `begin` gave.
  private let handle: OpaquePointer?

  /// The most bytes that were held at once, since the beginning or the last `restart`.
  public var peak: Int { Int(ct_memory_meter_peak(handle)) }

  /// Takes what is held now for the most so far.
  public func restart() { ct_memory_meter_restart(handle) }

  /// Measures what `body` makes on this thread.
  public static func measuring<Result>(_ body: (MemoryMeter) throws -> Result) throws -> Result {
    var handle: OpaquePointer?
    try check(ct_memory_meter_begin(&handle), "measuring memory")
    defer { ct_memory_meter_end(handle) }
    return try body(MemoryMeter(handle: handle))
  }
}
