internal import Foundation

/// What Slurm says of a job.
enum SlurmJobs {
  /// States in which a job's processes may still write.
  private static let atWork: Set<String> = ["RUNNING", "COMPLETING", "CONFIGURING", "SUSPENDED", "STOPPED", "SIGNALING", "STAGE_OUT", "RESIZING"]

  /// Whether a job has ended, or waits to start again; nil where Slurm cannot be asked here, or is of another cluster.
  static func isGone(_ job: ClaimHolder.Job) -> Bool? {
    let own = ProcessInfo.processInfo.environment["SLURM_CLUSTER_NAME"]
    if let own, !job.cluster.isEmpty, own != job.cluster { return nil }
    // A controller that does not answer must not hold a worker up.
    guard let answer = try? SlurmCommand.ask(["squeue", "--noheader", "--format=%T", "--jobs=\(job.number)"], seconds: 20) else { return nil }
    if answer.status != 0 { return answer.errors.contains("Invalid job id") ? true : nil }
    let states = answer.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    return !states.contains(where: atWork.contains)
  }
}
