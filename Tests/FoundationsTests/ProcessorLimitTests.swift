import Foundation
import Testing

@testable import Foundations

@Suite("How many processors a process may keep busy")
struct ProcessorLimitTests {
  private func root(_ files: [String: String]) throws -> URL {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("processors-\(UUID().uuidString)")
    for (path, text) in files {
      let url = root.appendingPathComponent(path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    return root
  }

  @Test("The share of a control group of version 2 is rounded up, and the least of all above it counts")
  func second() throws {
    let root = try root([
      "proc/self/cgroup": "0::/jobs/7\n", "sys/fs/cgroup/jobs/7/cpu.max": "350000 100000\n", "sys/fs/cgroup/jobs/cpu.max": "150000 100000\n",
      "sys/fs/cgroup/cpu.max": "max 100000\n",
    ])
    defer { try? FileManager.default.removeItem(at: root) }
    #expect(ProcessorLimit.current(root: root, bound: 16) == ProcessorLimit(count: 2, source: .controlGroup))
    #expect(ProcessorLimit.current(root: root, bound: 1) == ProcessorLimit(count: 1, source: .processors))
  }

  @Test("So is that of version 1, whose controllers of processor time are mounted together")
  func first() throws {
    let root = try root([
      "proc/self/cgroup": "4:cpu,cpuacct:/box\n2:memory:/box\n", "sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_quota_us": "400000\n",
      "sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_period_us": "100000\n", "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
      "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
    ])
    defer { try? FileManager.default.removeItem(at: root) }
    #expect(ProcessorLimit.current(root: root, bound: 16) == ProcessorLimit(count: 4, source: .controlGroup))
  }

  @Test("Where nothing is said, it is the processors that the process may run on")
  func none() throws {
    let root = try root(["proc/self/cgroup": "0::/\n"])
    defer { try? FileManager.default.removeItem(at: root) }
    #expect(ProcessorLimit.current(root: root, bound: 3) == ProcessorLimit(count: 3, source: .processors))
  }
}

@Suite("A file that is written once")
struct WriteIfAbsentTests {
  @Test("Of many writers at once one's file stands, whole, and nothing else is left")
  func once() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("once-\(UUID().uuidString)")
    try AtomicFile.makeFolder(folder)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("settled")
    try AtomicFile.writeIfAbsent(Data("first".utf8), to: file)
    try AtomicFile.writeIfAbsent(Data("second".utf8), to: file)
    #expect(try String(contentsOf: file, encoding: .utf8) == "first")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["settled"])
  }
}
