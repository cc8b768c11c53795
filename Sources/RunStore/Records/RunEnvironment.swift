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
  /// How many processes the study was spread over on that machine, of which this was one; nil where it was one alone.
  public let processes: Int?
  /// How the training was spread over processes that each computed a part of every batch; nil where it was not.
  public let spread: RunSpread?

  public init(
    program: String, libtorch: String, device: String, threads: Int, processor: String, vectorInstructions: String, system: String,
    threadWaiting: String? = nil, processes: Int? = nil, spread: RunSpread? = nil
  ) {
    (self.threadWaiting, self.processes, self.spread) = (threadWaiting, processes, spread)
    (self.program, self.libtorch, self.device, self.threads) = (program, libtorch, device, threads)
    (self.processor, self.vectorInstructions, self.system) = (processor, vectorInstructions, system)
  }
}

extension RunEnvironment {
  /// The device, and how many of them made a training together where they did.
  public var deviceWords: String {
    guard let spread else { return device }
    return "\(spread.ranks) × \(device)\(spread.batchNormStatistics == .ownPart ? ", batch statistics of each by itself" : "")"
  }

  /// What of it may give other bytes.
  fileprivate var decisive: RunEnvironment {
    RunEnvironment(
      program: program, libtorch: libtorch, device: device, threads: threads, processor: processor, vectorInstructions: vectorInstructions, system: system, spread: spread)
  }
}

/// How a training is spread over processes that each compute a part of every batch.
public struct RunSpread: Codable, Hashable, Sendable {
  public let ranks: Int
  /// Whose statistics batch normalizations take in training; nil where none is trained.
  public let batchNormStatistics: BatchNormStatistics?

  public enum BatchNormStatistics: String, Codable, Sendable {
    /// Those of the whole batch.
    case synchronized
    /// Each process those of its own part.
    case ownPart
  }

  public init(ranks: Int, batchNormStatistics: BatchNormStatistics?) { (self.ranks, self.batchNormStatistics) = (ranks, batchNormStatistics) }
}

/// One process that worked on a run: where, and after which step it went on.
public struct RunSession: Codable, Hashable, Sendable {
  public let environment: RunEnvironment
  /// The name of the machine. A pack has another one in its place.
  public let host: String
  /// 0 for a beginning.
  public let afterStep: Int

  public init(_ environment: RunEnvironment, host: String, afterStep: Int) {
    (self.environment, self.host, self.afterStep) = (environment, host, afterStep)
  }

  private enum Key: String, CodingKey { case host, afterStep }

  // Its own keys stand beside those of the environment.
  public init(from decoder: any Decoder) throws {
    environment = try RunEnvironment(from: decoder)
    let container = try decoder.container(keyedBy: Key.self)
    host = try container.decode(String.self, forKey: .host)
    afterStep = try container.decode(Int.self, forKey: .afterStep)
  }

  public func encode(to encoder: any Encoder) throws {
    try environment.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(host, forKey: .host)
    try container.encode(afterStep, forKey: .afterStep)
  }
}

/// What `environment.json` holds: every process that had a part in the run, and at its top, as older files have it alone, where the last was.
public struct RunSessions: Codable, Hashable, Sendable {
  public let last: RunEnvironment
  /// In their order; those whose steps were lost and done again are among them. Empty in files of programs that kept the last alone.
  public let sessions: [RunSession]

  public init(_ sessions: [RunSession], last: RunEnvironment) { (self.sessions, self.last) = (sessions, last) }

  /// Each environment that had a part, once. How threads wait and what else ran is left out of it: they give no other bytes.
  public var environments: [RunEnvironment] {
    var seen = Set<RunEnvironment>()
    return (sessions.map(\.environment) + [last]).map(\.decisive).filter { seen.insert($0).inserted }
  }

  private enum Key: String, CodingKey { case sessions }

  public init(from decoder: any Decoder) throws {
    last = try RunEnvironment(from: decoder)
    sessions = try decoder.container(keyedBy: Key.self).decodeIfPresent([RunSession].self, forKey: .sessions) ?? []
  }

  public func encode(to encoder: any Encoder) throws {
    try last.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(sessions, forKey: .sessions)
  }
}

extension RunDirectory {
  /// Adds a session to `environment.json`; one that begins the run is its first.
  ///
  /// - Returns: what must be said: that earlier sessions are not known any more.
  public func addSession(_ session: RunSession) throws -> [String] {
    let isBeginning = session.afterStep == 0
    let found = isBeginning ? nil : try? read(RunSessions.self, from: environmentFile)
    var earlier = found?.sessions ?? []
    // A program that kept the last session alone.
    if let found, earlier.isEmpty { earlier = [RunSession(found.last, host: "unknown", afterStep: 0)] }
    try write(RunSessions(earlier + [session], last: session.environment), to: environmentFile)
    return isBeginning || found != nil ? [] : ["its environment.json was lost or damaged: where it was trained until now is not known"]
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
