/// Where a run was computed, as `environment.json` has it: what may differ between machines that give other bytes for the same run.
public struct RunEnvironment: Codable, Hashable, Sendable {
  public let program: String
  public let libtorch: String
  public let device: String
  public let threads: Int
  public let processor: String
  public let vectorInstructions: String
  public let system: String
  /// How OpenMP's threads wait for work, as the environment says it; nil where nothing does, and in runs of programs that did not keep it.
  public let threadWaiting: String?

  public init(
    program: String, libtorch: String, device: String, threads: Int, processor: String, vectorInstructions: String, system: String,
    threadWaiting: String? = nil
  ) {
    self.threadWaiting = threadWaiting
    (self.program, self.libtorch, self.device, self.threads) = (program, libtorch, device, threads)
    (self.processor, self.vectorInstructions, self.system) = (processor, vectorInstructions, system)
  }
}

/// How long a run took, as `timing.json` has it. Speeds are kept apart from the history, which must be the same bytes in every run.
public struct RunTiming: Codable, Hashable, Sendable {
  /// Of the last start; those before it are not counted where the run was interrupted.
  public let seconds: Double
  public let trainedImages: Int
  /// Nil where the run was not interrupted.
  public let resumedAfterStep: Int?
  /// When the last start began and ended, as `2026-11-30T09:05:00Z`; nil in runs of programs that did not keep it.
  public let began: String?
  public let ended: String?

  public init(seconds: Double, trainedImages: Int, resumedAfterStep: Int?, began: String?, ended: String?) {
    (self.seconds, self.trainedImages, self.resumedAfterStep) = (seconds, trainedImages, resumedAfterStep)
    (self.began, self.ended) = (began, ended)
  }
}
