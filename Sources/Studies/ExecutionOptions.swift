/// Where and how fast a study runs; nothing here alters a cell's identity.
public struct ExecutionOptions: Codable, Hashable, Sendable {
  /// `auto`, `cpu`, `cuda` or `cuda:<index>`; the first one of several.
  public var device: String
  /// Further devices, on which runs are made at the same time.
  public var otherDevices: [String] = []
  /// How many runs are made at the same time, each in a process of its own; nil for one a device.
  public var processes: Int?
  /// Whether a training that is spread over processes takes batch statistics over all of them.
  public var synchronizedBatchNorm = false
  /// The number of threads an operator may use; nil leaves it to libtorch.
  public var threads: Int?
  /// The number of threads that read and prepare images.
  public var loaderThreads: Int
  /// The most seconds of work that a killed run loses; 0 saves after every step.
  public var checkpointSeconds: Int
  /// The folder that keeps decoded images; nil decodes them each time.
  public var cacheFolder: String?
  /// Whether a run draws a few pictures at its end: outlines of masks, or Grad-CAM.
  public var examples: Bool

  public init(
    device: String = "auto", threads: Int? = nil, loaderThreads: Int = 2, checkpointSeconds: Int = 300, cacheFolder: String? = nil,
    examples: Bool = true
  ) {
    self.device = device
    self.threads = threads
    self.loaderThreads = loaderThreads
    self.checkpointSeconds = checkpointSeconds
    self.cacheFolder = cacheFolder
    self.examples = examples
  }
}

extension ExecutionOptions {
  /// All devices, in their order.
  public var devices: [String] {
    get { [device] + otherDevices }
    set { (device, otherDevices) = (newValue.first ?? "", Array(newValue.dropFirst())) }
  }

  /// How many runs are made at the same time, at least 1.
  public var processCount: Int { max(1, processes ?? devices.count) }
}
