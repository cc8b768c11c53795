import Foundation
import Foundations
import Studies

/// The script that Slurm runs for every task, for a person to read and change.
struct SubmissionScript {
  let study: Study
  let overrides: [String]
  let options: ClusterOptions
  let executable: URL
  /// What is written and submitted together lies there.
  let folder: URL
  /// The most times that a task is requeued after a saved stop.
  let requeues: Int

  /// The file with the cells of every task: a line a task, its number and its cells with tabs between them.
  static let cellsName = "cells.tsv"

  static func cells(_ tasks: [[Cell]]) -> String {
    tasks.enumerated().map { number, cells in ([String(number)] + cells.map(\.relativePath)).joined(separator: "\t") + "\n" }.joined()
  }

  /// - Parameter tasks: of the first array, so that the script can be submitted by hand; nil leaves that line out.
  func text(tasks: Int?) -> String {
    """
    #!/bin/bash
    \(directives(tasks: tasks).map { "#SBATCH \($0)" }.joined(separator: "\n"))
    # Written by medtransfer submit: one task runs the cells of one line of \(Self.cellsName). The first argument is how many lines
    # are before those of this array. Change what you like; a cell that is finished is never run again.
    set -u
    \((options.setup ?? []).map { $0 + "\n" }.joined())cd \(Self.quoted(FileManager.default.currentDirectoryPath)) || exit 1
    cells=\(Self.quoted(folder.appendingPathComponent(Self.cellsName).path))
    line=$((${1:-0} + SLURM_ARRAY_TASK_ID + 1))
    IFS=$'\\t' read -r -a words <<< "$(sed -n "${line}p" "$cells")"
    [ "${#words[@]}" -gt 1 ] || { echo "There is no line $line in $cells." >&2; exit 1; }
    arguments=()
    for cell in "${words[@]:1}"; do arguments+=(--cell "$cell"); done
    # As many threads as Slurm gives cores. Results are the same bytes for the same number of threads: give threads in the study to fix it.
    export OMP_NUM_THREADS="${OMP_NUM_THREADS:-${SLURM_CPUS_PER_TASK:-${SLURM_CPUS_ON_NODE:-1}}}"

    \(command) "${arguments[@]}" --quiet &
    child=$!
    # Slurm asks this shell alone, \(options.warning ?? ClusterOptions.standardWarning) s before the time limit: the state is saved, and the command ends with 75.
    trap 'kill -USR1 "$child" 2> /dev/null' USR1
    # Whoever cancels a task wants it gone; where it was preempted, Slurm requeues it itself, or it is submitted again.
    canceled=0
    trap 'canceled=1; kill -TERM "$child" 2> /dev/null' TERM
    while kill -0 "$child" 2> /dev/null; do wait "$child"; done
    wait "$child"
    status=$?
    if [ "$status" -eq 75 ] && [ "$canceled" -eq 0 ] && [ "${SLURM_RESTART_COUNT:-0}" -lt \(requeues) ]; then
      # This task and no other goes back into the queue, and goes on from what is saved.
      echo "Task ${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID} goes on later (restart ${SLURM_RESTART_COUNT:-0})."
      scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}" && sleep 60
    fi
    exit "$status"

    """
  }

  private func directives(tasks: Int?) -> [String] {
    var found = ["--job-name=\(study.name.filter { !$0.isWhitespace && $0 != "#" })"]
    if let tasks { found.append("--array=0-\(tasks - 1)") }
    found += [
      "--requeue", "--open-mode=append", "--signal=B:USR1@\(options.warning ?? ClusterOptions.standardWarning)", "--nodes=1", "--ntasks=1",
      "--output=\(Self.quoted(folder.path))/%A_%a.out",
    ]
    let given: [(String, String?)] = [
      ("partition", options.partition), ("account", options.account), ("qos", options.qos), ("constraint", options.constraint),
      ("exclude", options.exclude), ("time", options.time), ("mem", options.memory), ("cpus-per-task", options.cores.map(String.init)),
      ("gpus-per-node", options.gpus),
    ]
    return found + given.compactMap { name, value in value.map { "--\(name)=\($0)" } }
  }

  private var command: String {
    let words = [executable.path, "run", study.fileURL?.path ?? "study.yaml"] + overrides
    var line = words.map(Self.quoted).joined(separator: " ")
    if let container = options.container {
      // The study's folders are seen inside under their own names.
      let places = Set([study.fileURL?.deletingLastPathComponent().path, study.outputDirectory.path].compactMap { $0 }).sorted()
      let inside = ["medtransfer", "run", study.fileURL?.path ?? "study.yaml"] + overrides
      line = (["apptainer", "exec"] + (options.gpus == nil ? [] : ["--nv"]) + places.flatMap { ["--bind", $0] } + [container] + inside)
        .map(Self.quoted).joined(separator: " ")
    }
    return line
  }

  /// A word as a shell reads it.
  static func quoted(_ word: String) -> String {
    let plain = word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/._-=,:+%@".contains($0)) }
    return plain && !word.isEmpty ? word : "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }
}
