internal import Foundation

/// What Slurm says of a job.
enum SlurmJobs {
  /// States in which a job's processes may still write.
  private static let atWork: Set<String> = ["RUNNING", "COMPLETING", "CONFIGURING", "SUSPENDED", "STOPPED", "SIGNALING", "STAGE_OUT", "RESIZING"]

  /// Whether a job has ended, or waits to start again; nil where Slurm cannot be asked here, or is of another cluster.
  static func isGone(_ job: ClaimHolder.Job) -> Bool? {
    let own = ProcessInfo.processInfo.environment["SLURM_CLUSTER_NAME"]
    if let own, !job.cluster.isEmpty, own != job.cluster { return nil }
    guard let answer = ask(["squeue", "--noheader", "--format=%T", "--jobs=\(job.number)"]) else { return nil }
    if answer.status != 0 { return answer.errors.contains("Invalid job id") ? true : nil }
    let states = answer.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    return !states.contains(where: atWork.contains)
  }

  private static func ask(_ command: [String]) -> (status: Int32, output: String, errors: String)? {
    let process = Process(), output = Pipe(), errors = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    guard (try? process.run()) != nil else { return nil }
    // A controller that does not answer must not hold a worker up.
    let deadline = Date(timeIntervalSinceNow: 20)
    while process.isRunning, Date() < deadline { usleep(20_000) }
    if process.isRunning {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      return nil
    }
    // One line a job: it fits into the pipes.
    let said = output.fileHandleForReading.readDataToEndOfFile(), problems = errors.fileHandleForReading.readDataToEndOfFile()
    return (process.terminationStatus, String(decoding: said, as: UTF8.self), String(decoding: problems, as: UTF8.self))
  }
}
