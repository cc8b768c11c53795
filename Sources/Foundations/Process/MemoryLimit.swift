public import Foundation

/// How much memory this process may take: the least of the machine's, of its control groups' (Slurm jobs, containers, `systemd-run`), and of
/// `ulimit -v`. Whoever takes more of the first two is killed without a word.
public struct MemoryLimit: Codable, Equatable, Sendable {
  public enum Source: String, Codable, Sendable {
    case machine = "the machine’s memory", controlGroup = "the memory limit of its control group (job or container)"
    case addressSpace = "ulimit -v"
  }

  public let bytes: Int
  public let source: Source

  public init(bytes: Int, source: Source) { (self.bytes, self.source) = (bytes, source) }

  /// Of this process, now; nil where the system does not say.
  ///
  /// - Parameter root: what stands for `/`: for tests.
  public static func current(root: URL = URL(fileURLWithPath: "/")) -> MemoryLimit? {
    var found: [MemoryLimit] = []
    if let total = machine(root) { found.append(MemoryLimit(bytes: total, source: .machine)) }
    if let group = controlGroup(root) { found.append(MemoryLimit(bytes: group, source: .controlGroup)) }
    var limit = rlimit()
    // Glibc declares the resource as an enumeration of its own.
    if root.path == "/", getrlimit(addressSpace, &limit) == 0, limit.rlim_cur < rlim_t(Int.max) {
      found.append(MemoryLimit(bytes: Int(limit.rlim_cur), source: .addressSpace))
    }
    return found.min { $0.bytes < $1.bytes }
  }

  #if os(Linux)
    private static var addressSpace: __rlimit_resource_t { __rlimit_resource_t(RLIMIT_AS.rawValue) }
  #else
    private static var addressSpace: Int32 { RLIMIT_AS }
  #endif

  private static func text(_ path: String, _ root: URL) -> String? {
    try? String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  private static func machine(_ root: URL) -> Int? {
    guard let line = text("proc/meminfo", root)?.split(separator: "\n").first(where: { $0.hasPrefix("MemTotal:") }) else { return nil }
    return Int(line.filter(\.isNumber)).map { $0 * 1024 }
  }

  /// The least limit of the process's group and of those above it, which bind it as well. `/proc/self/cgroup` has a line `0::PATH` for
  /// version 2, and one such as `5:memory:PATH` for version 1; in a container the path may be of outside, and the group's files then
  /// lie at the mount's root.
  private static func controlGroup(_ root: URL) -> Int? {
    var limits: [Int] = []
    for line in (text("proc/self/cgroup", root) ?? "").split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let isSecond = parts[0] == "0" && parts[1].isEmpty
      guard isSecond || parts[1].split(separator: ",").contains("memory") else { continue }
      let mount = isSecond ? ["sys/fs/cgroup", "sys/fs/cgroup/unified"] : ["sys/fs/cgroup/memory"]
      var path = parts[2].split(separator: "/").map(String.init)
      while true {
        for base in mount {
          let file = ([base] + path + [isSecond ? "memory.max" : "memory.limit_in_bytes"]).joined(separator: "/")
          // `max`, and a number that no machine has, say that there is none.
          if let said = text(file, root)?.trimmingCharacters(in: .whitespacesAndNewlines), let bytes = Int(said), bytes > 0, bytes < 1 << 60 {
            limits.append(bytes)
          }
        }
        if path.popLast() == nil { break }
      }
    }
    return limits.min()
  }
}
