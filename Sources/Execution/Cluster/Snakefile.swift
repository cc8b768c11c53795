public import Foundation
public import Studies

/// The open cells of a plan as a file for Snakemake, whose own executors then carry them to clouds, Kubernetes or any scheduler.
///
/// Each cell is one job of the single-cell command, after the cell that it starts from. Snakemake is shown a mark beside the runs and not
/// the runs' own files, which it would remove before it starts a job again, and with them the state that a stopped run goes on from.
public struct Snakefile: Sendable {
  /// What a job is started by: the program, the study and its changes.
  let command: [String]
  /// Each cell's path below the study's output, and those of the open cells that it starts from.
  let cells: [(path: String, after: [String])]
  let marks: String
  let threads: Int

  /// - Parameters:
  ///   - open: the cells that are to be run.
  ///   - study: the path of the study's file, as it was given.
  public init(open: [Cell], of plan: Plan, executable: URL, study: String, overrides: [String]) {
    command = [executable.path, "run", study] + overrides
    let paths = Dictionary(open.map { ($0.identity, $0.relativePath) }, uniquingKeysWith: { first, _ in first })
    cells = open.map { ($0.relativePath, $0.source.flatMap { paths[$0] }.map { [$0] } ?? []) }
    marks = plan.study.outputDirectory.appendingPathComponent("snakemake").path
    threads = plan.study.execution.threads ?? 1
  }

  /// The file, in Snakemake's language.
  public var text: String {
    let lines = cells.map { "    \(Self.literal($0.path)): [\($0.after.map(Self.literal).joined(separator: ", "))],\n" }.joined()
    return """
      # Written by medtransfer plan --format snakemake: \(cells.count) open cell\(cells.count == 1 ? "" : "s") of the study, each after what it starts from.
      #   snakemake --cores 4            here;   snakemake --executor slurm --jobs 20   or any other of Snakemake's executors
      # A cell that is finished is never run again; one that was stopped goes on from its saved state.
      from shlex import join, split

      COMMAND = split(config["medtransfer"]) if "medtransfer" in config else [\(Self.literal(command[0]))]
      COMMAND += [\(command.dropFirst().map(Self.literal).joined(separator: ", "))]
      MARKS = \(Self.literal(marks))

      CELLS = {
      \(lines)}

      rule all:
          input: [f"{MARKS}/{cell}.done" for cell in CELLS]

      rule cell:
          input: lambda wildcards: [f"{MARKS}/{cell}.done" for cell in CELLS[wildcards.cell]]
          output: touch(MARKS + "/{cell}.done")
          params: command=join(COMMAND)
          threads: \(threads)
          # A saved stop ends with 75, and the next try goes on from there.
          retries: 3
          shell: "OMP_NUM_THREADS={threads} {params.command} --cell {wildcards.cell:q} --quiet"

      """
  }

  /// A string of Python.
  private static func literal(_ text: String) -> String {
    "'" + text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "'", with: "\\'").replacingOccurrences(of: "\n", with: "\\n") + "'"
  }
}
