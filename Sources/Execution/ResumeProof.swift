import Datasets
import Dispatch
public import Foundation
import Foundations
import RunStore
import Studies

/// Proves on this machine that a run killed at any moment ends in the same bytes as one that was not.
///
/// A tiny study of made-up images (a classification and a segmentation) is run twice by processes of their own: once
/// undisturbed, once killed (SIGKILL) at random moments and started again until it is done. Then weights, history,
/// predictions and metrics are compared byte by byte.
public struct ResumeProof {
  let executable: URL
  let folder: URL
  let kills: Int
  let threads: Int?
  let say: (String) -> Void

  /// What was compared.
  public struct Comparison: Codable, Sendable, Equatable {
    /// Relative to the study's output.
    public let file: String
    public let sha256: String
    public let isEqual: Bool
  }

  public struct Verdict: Codable, Sendable, Equatable {
    public let comparisons: [Comparison]
    /// Processes that were killed at work.
    public let kills: Int
    /// Killed runs that went on from a checkpoint, rather than from their beginning.
    public let resumedRuns: Int

    public var isProof: Bool { !comparisons.isEmpty && comparisons.allSatisfy(\.isEqual) && kills > 0 && resumedRuns > 0 }
  }

  /// - Parameters:
  ///   - executable: this program.
  ///   - folder: empty; for the study and its runs.
  ///   - kills: how often to kill.
  public init(executable: URL, folder: URL, kills: Int, threads: Int?, say: @escaping (String) -> Void) {
    self.executable = executable
    self.folder = folder
    self.kills = kills
    self.threads = threads
    self.say = say
  }

  public func run() throws -> Verdict {
    try writeStudy()
    say("running the study undisturbed")
    let start = DispatchTime.now().uptimeNanoseconds
    let child = try launch(output: "undisturbed")
    child.waitUntilExit()
    guard child.terminationStatus == 0 else { throw ExecutionError.childFailed(status: child.terminationStatus, log: log(of: "undisturbed")) }
    let duration = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    let (killed, resumed) = try runKilled(duration: duration)
    let comparisons = try compare()
    return Verdict(comparisons: comparisons, kills: killed, resumedRuns: resumed)
  }

  /// Starts the study again and again, killing it until the kills are used up.
  private func runKilled(duration: Double) throws -> (kills: Int, resumedRuns: Int) {
    var random = SeedPath(Int(getpid())).generator()
    var killed = 0, resumed = 0
    // After the last kill the study runs to its end; it can also end sooner than a kill comes, which is no kill.
    for attempt in 0...(kills * 3) {
      let child = try launch(output: "killed")
      if killed < kills {
        let delay = random.uniform(in: 0.15...0.6) * duration
        let end = Date(timeIntervalSinceNow: delay)
        while child.isRunning, Date() < end { usleep(5_000) }
        if child.isRunning {
          kill(child.processIdentifier, SIGKILL)
          killed += 1
          say("killed after \(String(format: "%.2f", delay)) s (\(killed) of \(kills))")
        }
      }
      child.waitUntilExit()
      resumed += log(of: "killed").components(separatedBy: "going on after step").count - 1
      if child.terminationReason == .exit {
        guard child.terminationStatus == 0 else {
          throw ExecutionError.childFailed(status: child.terminationStatus, log: log(of: "killed"))
        }
        if killed >= kills || attempt >= kills * 2 { break }
        // It was done before it could be killed: begin again, to be killed sooner.
        try FileManager.default.removeItem(at: folder.appendingPathComponent("killed"))
      }
    }
    return (killed, resumed)
  }

  private func launch(output: String) throws -> Process {
    let process = Process()
    process.executableURL = executable
    process.arguments = ["run", folder.appendingPathComponent("study.yaml").path, "output=\(output)"]
    let log = folder.appendingPathComponent("\(output).log")
    try AtomicFile.write(Data(), to: log)
    process.standardError = try FileHandle(forWritingTo: log)
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    return process
  }

  private func log(of output: String) -> String {
    (try? String(contentsOf: folder.appendingPathComponent("\(output).log"), encoding: .utf8)) ?? ""
  }

  private func compare() throws -> [Comparison] {
    let first = folder.appendingPathComponent("undisturbed"), second = folder.appendingPathComponent("killed")
    return try RunCatalog.scan(first).runs.flatMap { run in
      try run.directory.reproducibleFiles().map { name in
        let path = "\(run.relativePath)/\(name)"
        let digest = try Digest.sha256Hex(ofFile: first.appendingPathComponent(path))
        let other = try? Digest.sha256Hex(ofFile: second.appendingPathComponent(path))
        return Comparison(file: path, sha256: digest, isEqual: digest == other)
      }
    }
  }

  private func writeStudy() throws {
    let counts = PhantomCounts(training: 24, validation: 8, test: 8)
    for kind in [PhantomKind.effusion, .lungs] {
      try PhantomWriter.write(
        kind: kind, counts: counts, size: 64, seed: SeedPath(0), to: folder.appendingPathComponent(kind.rawValue))
    }
    let text = """
      name: resume
      seeds: 1
      device: cpu
      checkpointSeconds: 0
      \(threads.map { "threads: \($0)" } ?? "")
      recipe: {architecture: resnet18, inputSize: 64, batchSize: 6, epochs: 3}
      initializations:
        random: random
      tasks:
        effusion:
          kind: binaryClassification
          data: {manifest: {file: effusion/manifest.csv, imageRoot: effusion, labelColumns: [Effusion], patientColumn: patient, splitColumn: split}}
        lungs:
          kind: binarySegmentation
          data: {manifest: {file: lungs/manifest.csv, imageRoot: lungs, maskColumn: mask, patientColumn: patient, splitColumn: split}}

      """
    try AtomicFile.write(text, to: folder.appendingPathComponent("study.yaml"))
  }
}
