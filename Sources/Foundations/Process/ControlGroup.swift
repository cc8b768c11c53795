internal import Foundation

/// The control groups that this process is in: Slurm jobs, containers, `systemd-run`. Limits of those above bind it as well.
struct ControlGroup {
  /// What stands for `/`: for tests.
  let root: URL

  func text(_ path: String) -> String? { try? String(contentsOf: root.appendingPathComponent(path), encoding: .utf8) }

  /// What a file says in each group from the process's own to the root. `/proc/self/cgroup` has a line `0::PATH` for version 2, and one
  /// such as `5:memory:PATH` for version 1; in a container the path may be of outside, and the group's files then lie at the mount's root.
  ///
  /// - Parameters:
  ///   - second: the file of version 2.
  ///   - first: the controller of version 1, and what makes one value of its folder's files.
  func values<Value>(second: (name: String, read: (String) -> Value?), controller: String, first: (_ folder: String) -> Value?) -> [Value] {
    var found: [Value] = []
    for line in (text("proc/self/cgroup") ?? "").split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let isSecond = parts[0] == "0" && parts[1].isEmpty, controllers = parts[1].split(separator: ",").map(String.init)
      guard isSecond || controllers.contains(controller) else { continue }
      // The controllers of processor time are mounted together, under both names.
      let mounts = isSecond ? ["sys/fs/cgroup", "sys/fs/cgroup/unified"] : ["sys/fs/cgroup/\(controller)", "sys/fs/cgroup/\(parts[1])"]
      var path = parts[2].split(separator: "/").map(String.init)
      while true {
        for base in Set(mounts) {
          let folder = ([base] + path).joined(separator: "/")
          let value = isSecond ? text("\(folder)/\(second.name)").flatMap { second.read($0.trimmingCharacters(in: .whitespacesAndNewlines)) } : first(folder)
          if let value { found.append(value) }
        }
        if path.popLast() == nil { break }
      }
    }
    return found
  }
}
