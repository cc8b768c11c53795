import Foundation
import Foundations
import RunStore

/// Asking Slurm's commands.
enum Slurm {
  /// Runs a command of Slurm to its end.
  ///
  /// - Throws: `ExecutionError` where there is no such command.
  static func ask(_ command: [String]) throws -> SlurmCommand.Answer {
    do {
      return try SlurmCommand.ask(command)
    } catch SlurmCommand.Silence.missing {
      throw ExecutionError.noSlurm(command[0])
    }
  }

  /// Numbers of an array's tasks are below this.
  static func maximalArraySize() throws -> Int {
    let answer = try ask(["scontrol", "show", "config"])
    let line = answer.output.split(separator: "\n").first { $0.hasPrefix("MaxArraySize") }
    return line?.split(separator: "=").last.flatMap { Int($0.trimmingCharacters(in: .whitespaces)) } ?? 1001
  }

  /// A task of an array that is in the queue or at work.
  struct QueuedTask: Hashable {
    let job: Int
    let index: Int
    /// Slurm's word, such as `PENDING`.
    let state: String
    /// Why it waits, in Slurm's words; `None` where it does not.
    let reason: String
  }

  /// Those tasks of arrays that have not ended; nil where Slurm does not answer.
  static func queue(of jobs: [Int]) throws -> [QueuedTask]? {
    if jobs.isEmpty { return [] }
    let answer = try ask(["squeue", "--noheader", "--array", "--format=%F %K %T %r", "--jobs=\(jobs.map(String.init).joined(separator: ","))"])
    if answer.status != 0 {
      // Slurm forgets jobs some minutes after their end, and minds where all that are asked for are forgotten.
      return answer.errors.contains("Invalid job id") ? [] : nil
    }
    return answer.output.split(separator: "\n").compactMap(task)
  }

  private static func task(_ line: Substring) -> QueuedTask? {
    let words = line.split(separator: " ")
    guard words.count >= 3, let job = Int(words[0]), let index = Int(words[1]) else { return nil }
    let state = String(words[2])
    let ended: Set = ["COMPLETED", "CANCELLED", "FAILED", "TIMEOUT", "NODE_FAIL", "PREEMPTED", "BOOT_FAIL", "DEADLINE", "OUT_OF_MEMORY", "REVOKED"]
    return ended.contains(state) ? nil : QueuedTask(job: job, index: index, state: state, reason: words.dropFirst(3).joined(separator: " "))
  }
}

extension ExecutionError {
  static func noSlurm(_ command: String) -> ExecutionError {
    ExecutionError(
      kind: .noSlurm, problem: "There is no \(command) here, which Slurm has.",
      remedy: "Submit from a login node of the cluster, or look at the script with: medtransfer submit STUDY --print.")
  }

  static func refusedBySlurm(_ said: String) -> ExecutionError {
    ExecutionError(
      kind: .refusedBySlurm, problem: "Slurm did not take the job: \(said.trimmingCharacters(in: .whitespacesAndNewlines)).",
      remedy: "Change the study’s or the site’s cluster keys (Documentation/cluster.md); what was submitted before stays.")
  }
}
