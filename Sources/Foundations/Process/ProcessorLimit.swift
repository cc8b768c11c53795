public import Foundation

/// How many processors this process may keep busy: those it is bound to (`taskset`, Slurm), and no more than its control groups' share of
/// processor time (containers, jobs) comes to. More threads than that only take turns.
public struct ProcessorLimit: Codable, Hashable, Sendable {
  public enum Source: String, Codable, Sendable {
    case processors = "the processors it may run on", controlGroup = "the processor time of its control group (job or container)"
  }

  /// At least 1.
  public let count: Int
  public let source: Source

  public init(count: Int, source: Source) { (self.count, self.source) = (count, source) }

  /// Of this process, now.
  ///
  /// - Parameters:
  ///   - root: what stands for `/`, and `bound`: how many processors it may run on; for tests.
  public static func current(root: URL = URL(fileURLWithPath: "/"), bound: Int = ProcessInfo.processInfo.activeProcessorCount) -> ProcessorLimit {
    let group = ControlGroup(root: root)
    let shares = group.values(
      second: ("cpu.max", share), controller: "cpu",
      first: { folder in
        guard let quota = group.text("\(folder)/cpu.cfs_quota_us"), let period = group.text("\(folder)/cpu.cfs_period_us") else { return nil }
        return share("\(quota) \(period)")
      })
    // A share of 1.5 processors keeps two threads busy for three quarters of the time, and one is too few.
    let least = shares.min().map { max(1, Int($0.rounded(.up))) }
    if let least, least < bound { return ProcessorLimit(count: least, source: .controlGroup) }
    return ProcessorLimit(count: max(1, bound), source: .processors)
  }

  /// `150000 100000` is 1.5; `max` and `-1` are no limit.
  private static func share(_ text: String) -> Double? {
    let numbers = text.split(whereSeparator: \.isWhitespace).map { Double($0) }
    guard numbers.count == 2, let quota = numbers[0], let period = numbers[1], quota > 0, period > 0 else { return nil }
    return quota / period
  }
}
