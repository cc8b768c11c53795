import Foundation
import Testing

/// A Slurm of this machine that a test starts in a folder of its own, and ends (`Scripts/slurm-here`).
final class SlurmHere {
  /// Whether there is a Slurm to be started, by a user who may.
  static let isInstalled =
    getuid() == 0
    && ["slurmctld", "slurmd", "munged", "sbatch"].allSatisfy { name in
      ["/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin", "/usr/local/sbin"].contains {
        FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
      }
    }

  struct Failure: Error { let said: String }

  let folder: URL
  private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Scripts/slurm-here")

  /// - Parameter nodes: each has `cpus`; all but the first have a machine's name and process numbers of their own.
  init(cpus: Int = 4, preempt: String = "REQUEUE", largestArray: Int = 16, nodes: Int = 1) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("slurm-\(UUID().uuidString.prefix(8))")
    let environment = ["SLURM_HERE_CPUS": "\(cpus)", "SLURM_HERE_PREEMPT": preempt, "SLURM_HERE_ARRAY": "\(largestArray)", "SLURM_HERE_NODES": "\(nodes)"]
    let started = try Self.run([Self.script.path, "start", folder.path], environment: environment, in: FileManager.default.temporaryDirectory)
    if started.status != 0 { throw Failure(said: started.output) }
  }

  deinit {
    _ = try? Self.run([Self.script.path, "stop", folder.path], environment: [:], in: FileManager.default.temporaryDirectory)
    try? FileManager.default.removeItem(at: folder)
  }

  struct Result {
    let status: Int32
    /// Of both streams.
    let output: String
  }

  private static func run(_ command: [String], environment: [String: String], in place: URL, input: String = "") throws -> Result {
    let process = Process(), log = FileManager.default.temporaryDirectory.appendingPathComponent("slurm-log-\(UUID().uuidString)")
    try Data().write(to: log)
    defer { try? FileManager.default.removeItem(at: log) }
    let handle = try FileHandle(forWritingTo: log)
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.currentDirectoryURL = place
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    // Daemons keep a pipe open, a file not.
    process.standardOutput = handle
    process.standardError = handle
    let pipe = Pipe()
    process.standardInput = pipe
    try process.run()
    pipe.fileHandleForWriting.write(Data(input.utf8))
    try pipe.fileHandleForWriting.close()
    process.waitUntilExit()
    return Result(status: process.terminationStatus, output: (try? String(contentsOf: log, encoding: .utf8)) ?? "")
  }

  /// Runs a command that asks this Slurm.
  @discardableResult
  func run(_ command: String..., in place: URL, input: String = "") throws -> Result {
    try Self.run(command, environment: ["SLURM_CONF": folder.appendingPathComponent("slurm.conf").path, "OMP_NUM_THREADS": "1"], in: place, input: input)
  }

  /// Waits until the queue is empty.
  func waitForAll(seconds: Double) throws {
    let end = Date(timeIntervalSinceNow: seconds)
    while !(try run("squeue", "--noheader", in: folder).output.isEmpty) {
      if Date() > end { throw Failure(said: try run("squeue", in: folder).output) }
      usleep(500_000)
    }
  }
}
