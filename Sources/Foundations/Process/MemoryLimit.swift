public import Foundation

/// How much memory this process may take: the least of the machine's, of its control groups' (Slurm jobs, containers, `systemd-run`), and of
/// `ulimit -v`. Whoever takes more of the first two is killed without a word.
public struct MemoryLimit: Codable, Equatable, Sendable {
  public enum Source: String, Codable, Sendable {
    case machine = "the machine’s memory", controlGroup = "the memory limit of its control group (job or container)"
    case addressSpace = "ulimit -v"
    case device = "the memory of the GPU"
  }

  public let bytes: Int
  public let source: Source

  public init(bytes: Int, source: Source) { (self.bytes, self.source) = (bytes, source) }

  /// The part of it that each of several processes may take.
  public func shared(by processes: Int) -> MemoryLimit { MemoryLimit(bytes: bytes / max(processes, 1), source: source) }

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

  private static func machine(_ root: URL) -> Int? {
    guard let line = ControlGroup(root: root).text("proc/meminfo")?.split(separator: "\n").first(where: { $0.hasPrefix("MemTotal:") }) else { return nil }
    return Int(line.filter(\.isNumber)).map { $0 * 1024 }
  }

  private static func controlGroup(_ root: URL) -> Int? {
    let group = ControlGroup(root: root)
    return group.values(
      second: ("memory.max", bytes), controller: "memory",
      first: { folder in group.text("\(folder)/memory.limit_in_bytes").flatMap { bytes($0.trimmingCharacters(in: .whitespacesAndNewlines)) } }
    ).min()
  }

  /// `max`, and a number that no machine has, say that there is none.
  private static func bytes(_ text: String) -> Int? { Int(text).flatMap { $0 > 0 && $0 < 1 << 60 ? $0 : nil } }
}
