/// Where and how fast a study runs; nothing here alters a cell's identity.
public struct ExecutionOptions: Codable, Hashable, Sendable {
  /// `auto`, `cpu`, `cuda` or `cuda:<index>`.
  public var device: String
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
