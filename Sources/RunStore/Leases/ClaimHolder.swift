internal import Foundation
internal import Foundations

/// Who holds a claim: enough to tell, on the same machine or from the scheduler, whether it is still there.
package struct ClaimHolder: Codable, Hashable, Sendable {
  package var host: String
  /// Of the system that runs there, since it started; with the namespace, where a process's number means the same.
  package var system: String
  package var namespace: String
  package var process: Int32
  /// When the process started, in ticks since the system did: numbers of processes recur.
  package var processStart: Int?
  /// When it took the claim, as `2026-11-30T09:05:00Z`, for people: no two clocks are compared.
  package var began: String
  package var job: Job?

  /// A job of Slurm.
  package struct Job: Codable, Hashable, Sendable {
    package var cluster: String
    package var number: String
    /// How often it was requeued before.
    package var restarts: Int

    package init(cluster: String, number: String, restarts: Int) { (self.cluster, self.number, self.restarts) = (cluster, number, restarts) }
  }

  package init(
    host: String, system: String, namespace: String, process: Int32, processStart: Int?, began: String, job: Job? = nil
  ) {
    (self.host, self.system, self.namespace, self.process, self.processStart) = (host, system, namespace, process, processStart)
    (self.began, self.job) = (began, job)
  }

  /// What can be known of a holder without waiting.
  package enum Fate: Equatable, Sendable {
    /// Its process is there.
    case alive
    /// It cannot be there any more.
    case gone
    /// It is on another machine, or cannot be seen from here.
    case unknown
  }

  /// This process, now.
  package static func current() -> ClaimHolder {
    let environment = ProcessInfo.processInfo.environment
    let job = environment["SLURM_JOB_ID"].map {
      Job(cluster: environment["SLURM_CLUSTER_NAME"] ?? "", number: $0, restarts: environment["SLURM_RESTART_COUNT"].flatMap(Int.init) ?? 0)
    }
    let (host, system, namespace) = place
    return ClaimHolder(
      host: host, system: system, namespace: namespace, process: getpid(), processStart: start(of: getpid())?.ticks,
      began: Date().formatted(.iso8601), job: job)
  }

  private static let place: (host: String, system: String, namespace: String) = {
    let boot = (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? ""
    let namespace = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")) ?? ""
    return (ProcessInfo.processInfo.hostName, boot.trimmingCharacters(in: .whitespacesAndNewlines), namespace)
  }()

  /// Whether it runs where numbers of processes mean the same as here.
  private func isBeside(_ other: ClaimHolder) -> Bool { host == other.host && system == other.system && namespace == other.namespace }

  /// What `observer`, which is this process, can know of the holder.
  package func fate(seenBy observer: ClaimHolder) -> Fate {
    if let job, let its = observer.job, job.cluster == its.cluster, job.number == its.number, job.restarts < its.restarts {
      // Slurm does not start a job again before it has ended.
      return .gone
    }
    guard isBeside(observer) else { return .unknown }
    if kill(process, 0) != 0, errno == ESRCH { return .gone }
    // Where processes of others are hidden, one that is there cannot be told from a later one of its number.
    guard let found = Self.start(of: process) else { return .alive }
    if found.hasEnded { return .gone }
    return processStart == nil || found.ticks == processStart ? .alive : .gone
  }

  /// When a process started, and whether it has ended and only waits to be noticed; nil where the system does not say.
  private static func start(of process: Int32) -> (ticks: Int, hasEnded: Bool)? {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8), let end = text.lastIndex(of: ")") else { return nil }
    // What follows the name, which may hold anything: the state is the third value of the line and the start its 22nd.
    let values = text[text.index(after: end)...].split(separator: " ")
    guard values.count > 19, let ticks = Int(values[19]) else { return nil }
    return (ticks, ["Z", "X"].contains(values[0]))
  }

  /// For people.
  package var words: String {
    let jobWords = job.map { ", Slurm job \($0.number)" } ?? ""
    return "\(host), process \(process)\(jobWords), since \(began)"
  }
}
