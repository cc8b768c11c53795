internal import CTorch

/// The libtorch that this process runs, and its settings for the whole process.
public enum TorchRuntime {
  /// libtorch's version, such as `2.13.0`.
  public static var version: String { String(cString: ct_version()) }

  /// How libtorch was built, in its own words.
  public static var configuration: String { String(cString: ct_configuration()) }

  /// The widest vector instructions that libtorch uses on this CPU, such as `AVX512`.
  public static var cpuCapability: String { String(cString: ct_cpu_capability()) }

  /// Whether the CPU multiplies bfloat16 by itself; elsewhere bfloat16 is slower than float32.
  public static var cpuHasBFloat16: Bool { ct_cpu_has_bfloat16() }

  /// Keeps the C library from giving the memory of freed activations back to the kernel, which otherwise costs up to half
  /// of a training step on a CPU. Call it once, at the start of the process.
  ///
  /// - Returns: false where the C library has no such setting.
  @discardableResult
  public static func configureAllocator() -> Bool { ct_keep_freed_memory() }
}

// Threads.
extension TorchRuntime {
  /// How many threads one operator uses. Results in floating point depend on it.
  public static var threadCount: Int { Int(ct_thread_count()) }

  /// - Throws: `TorchError` for a count below 1.
  public static func setThreadCount(_ count: Int) throws {
    try check(ct_set_thread_count(Int32(clamping: count)), "setThreadCount(\(count))")
  }

  /// How many operators may run at once.
  public static var interoperatorThreadCount: Int { Int(ct_interop_thread_count()) }

  /// - Throws: `TorchError` when called a second time, or after work has begun.
  public static func setInteroperatorThreadCount(_ count: Int) throws {
    try check(ct_set_interop_thread_count(Int32(clamping: count)), "setInteroperatorThreadCount(\(count))")
  }
}

// Numerics.
extension TorchRuntime {
  /// Whether operators that would give other results in another run throw instead.
  public static var usesDeterministicAlgorithms: Bool { ct_is_deterministic() }

  /// Takes deterministic algorithms on a GPU, and makes operators throw that have none. CPU operators are deterministic
  /// for a fixed thread count anyway.
  public static func setDeterministicAlgorithms(_ enabled: Bool) throws {
    try check(ct_set_deterministic(enabled), "setDeterministicAlgorithms(\(enabled))")
  }

  /// Lets cuDNN try its convolution algorithms and keep the fastest; the choice can differ from run to run.
  public static func setConvolutionBenchmarking(_ enabled: Bool) { ct_set_cudnn_benchmark(enabled) }

  /// Lets float32 products on a GPU round their factors to TF32 (10 bits of mantissa): faster, less exact.
  public static func setTensorFloat32(_ enabled: Bool) throws {
    try check(ct_set_tf32(enabled), "setTensorFloat32(\(enabled))")
  }

  /// Seeds the shared generators of the CPU and of every CUDA device.
  public static func seedSharedGenerators(_ seed: UInt64) throws {
    try Generator.shared().setSeed(seed)
    for index in 0..<Device.cudaDeviceCount { try Generator.shared(on: .cuda(index)).setSeed(seed) }
  }
}

// Memory.
extension TorchRuntime {
  /// Bytes now and at most so far.
  public struct Memory: Sendable, Hashable {
    public let current: Int
    public let peak: Int
  }

  /// What a GPU holds: in tensors, and altogether in libtorch's cache.
  public struct DeviceMemory: Sendable, Hashable {
    public let allocated: Memory
    public let reserved: Memory
    /// What the device has in all, whoever uses it.
    public let total: Int
  }

  /// The resident memory of this process.
  public static var processMemory: Memory {
    Memory(current: Int(ct_resident_bytes()), peak: Int(ct_resident_bytes_peak()))
  }

  /// - Throws: `TorchError` of kind `deviceFailed` where there is no CUDA device.
  public static func cudaMemory(_ index: Int = 0) throws -> DeviceMemory {
    var memory = ct_device_memory()
    try check(ct_cuda_memory(Int32(index), &memory), "cudaMemory(\(index))")
    return DeviceMemory(
      allocated: Memory(current: Int(memory.allocated), peak: Int(memory.allocated_peak)),
      reserved: Memory(current: Int(memory.reserved), peak: Int(memory.reserved_peak)), total: Int(memory.total))
  }

  /// Starts the peaks of that device afresh.
  public static func resetCUDAPeakMemory(_ index: Int = 0) throws {
    try check(ct_cuda_reset_peak_memory(Int32(index)), "resetCUDAPeakMemory(\(index))")
  }

  /// Gives unused cached memory of the GPUs back to the driver.
  public static func emptyCUDACache() throws { try check(ct_cuda_empty_cache(), "emptyCUDACache()") }

  /// Waits until the device has done everything that it was given.
  public static func synchronize(_ device: Device) throws {
    guard device.kind == .cuda else { return }
    try check(ct_cuda_synchronize(Int32(device.index ?? 0)), "synchronize(\(device))")
  }
}
