import Foundation
import Foundations
import Testing

@Suite("The memory that a process may take")
struct MemoryLimitTests {
  private func root(_ files: [String: String]) throws -> URL {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("limits-\(UUID().uuidString)")
    for (path, text) in files {
      let url = root.appendingPathComponent(path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    return root
  }

  @Test("Control groups of version 2: the least of a group's and of those above it")
  func secondVersion() throws {
    let root = try root([
      "proc/meminfo": "MemTotal:       16000000 kB\nMemFree: 1 kB\n", "proc/self/cgroup": "0::/slurm/job_1/step_0\n",
      "sys/fs/cgroup/slurm/job_1/memory.max": "4000000000\n", "sys/fs/cgroup/slurm/job_1/step_0/memory.max": "max\n",
      "sys/fs/cgroup/slurm/memory.max": "9000000000\n",
    ])
    defer { try? FileManager.default.removeItem(at: root) }
    #expect(MemoryLimit.current(root: root) == MemoryLimit(bytes: 4_000_000_000, source: .controlGroup))
  }

  @Test("Version 1, of a container that sees its own group at the root of the mount, and of no limit")
  func firstVersion() throws {
    let files = [
      "proc/meminfo": "MemTotal:       16000000 kB\n", "proc/self/cgroup": "7:cpu,cpuacct:/x\n5:memory:/docker/abc\n",
      "sys/fs/cgroup/memory/memory.limit_in_bytes": "2000000000\n",
    ]
    let limited = try root(files)
    let open = try root(files.merging(["sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"]) { $1 })
    defer { for root in [limited, open] { try? FileManager.default.removeItem(at: root) } }
    #expect(MemoryLimit.current(root: limited) == MemoryLimit(bytes: 2_000_000_000, source: .controlGroup))
    #expect(MemoryLimit.current(root: open) == MemoryLimit(bytes: 16_000_000 * 1024, source: .machine))
  }

  @Test("A system that says nothing has no known limit; this one has one")
  func unknown() throws {
    let empty = try root(["other": ""])
    defer { try? FileManager.default.removeItem(at: empty) }
    #expect(MemoryLimit.current(root: empty) == nil)
    #expect(try #require(MemoryLimit.current()).bytes > 100 << 20)
  }
}
