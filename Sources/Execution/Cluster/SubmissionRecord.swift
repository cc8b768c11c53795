public import Foundation
import Foundations
import RunStore
import Studies

/// What was submitted together: `submission.json` in a folder below `cluster` of the study's output.
public struct SubmissionRecord: Codable, Sendable, Equatable {
  /// One job array.
  public struct Job: Codable, Sendable, Equatable {
    public let number: Int
    /// The places of each task's cells below the output.
    public let tasks: [[String]]
  }

  /// Those that Slurm has taken so far.
  public internal(set) var jobs: [Job]

  public init(jobs: [Job] = []) { self.jobs = jobs }

  static let folderName = "cluster", fileName = "submission.json"

  /// Those of a study, in the order of their folders' names. One that cannot be read is left out: it is a note, and no result.
  static func all(in output: URL) -> [SubmissionRecord] {
    let folder = output.appendingPathComponent(folderName, isDirectory: true)
    return ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted().compactMap { name in
      try? JSONDecoder().decode(
        SubmissionRecord.self, from: Data(contentsOf: folder.appendingPathComponent(name).appendingPathComponent(fileName)))
    }
  }
}

/// What Slurm says of the cells of a study.
public struct ClusterQueue: Sendable {
  /// Of one cell.
  public struct Entry: Codable, Sendable, Equatable {
    /// The place of the cell's run below the output.
    public let cell: String
    /// The task, as `job_index`.
    public let task: String
    /// Slurm's word, in lower case.
    public let state: String
    /// Why it waits; nil where it does not.
    public let reason: String?
    let job: Int
  }

  public let entries: [Entry]

  /// - Throws: `ExecutionError` where cells were submitted and Slurm cannot be asked.
  public init(of output: URL) throws {
    let jobs = SubmissionRecord.all(in: output).flatMap(\.jobs)
    guard let queued = try Slurm.queue(of: jobs.map(\.number)) else {
      throw ExecutionError(
        kind: .refusedBySlurm, problem: "Slurm does not say what is in its queue.", remedy: "Try again when squeue answers.")
    }
    let tasks = Dictionary(jobs.map { ($0.number, $0.tasks) }) { $1 }
    entries = queued.flatMap { task -> [Entry] in
      guard let all = tasks[task.job], all.indices.contains(task.index) else { return [] }
      return all[task.index].map {
        Entry(
          cell: $0, task: "\(task.job)_\(task.index)", state: task.state.lowercased(), reason: task.reason == "None" ? nil : task.reason, job: task.job)
      }
    }
  }

  /// The same for whoever only shows it: nothing where nothing was submitted, or Slurm is not here.
  public static func ifThere(of output: URL) -> ClusterQueue? {
    SubmissionRecord.all(in: output).isEmpty ? nil : try? ClusterQueue(of: output)
  }
}
