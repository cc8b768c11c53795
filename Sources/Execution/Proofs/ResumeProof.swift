import Dispatch
public import Foundation
import Foundations
import Phantoms

/// Proves on this machine that a run killed at any moment ends in the same bytes as one that was not.
///
/// A tiny study of made-up images (a classification and a segmentation) is run twice by processes of their own: once
/// undisturbed, once killed (SIGKILL) at random moments and started again until it is done. Then weights, history,
/// predictions and metrics are compared byte by byte. Where a run ends before it could be killed often enough, all is done again with twice
/// the epochs.
public struct ResumeProof {
  let study: ProofStudy
  let kills: Int
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
    /// Of each training, at the end.
    public let epochs: Int
    /// Why nothing is proved; nil where it is.
    public let reason: String?

    public var isProof: Bool { reason == nil }
  }

  /// Epochs at first; with no more than the last of them it is given up.
  static let epochs = (first: 3, last: 192)

  /// - Parameters:
  ///   - executable: this program.
  ///   - folder: empty; for the study and its runs.
  ///   - kills: how often to kill.
  public init(executable: URL, folder: URL, kills: Int, threads: Int?, say: @escaping (String) -> Void) {
    study = ProofStudy(executable: executable, folder: folder, threads: threads)
    self.kills = kills
    self.say = say
  }

  public func run() throws -> Verdict {
    var epochs = Self.epochs.first
    while true {
      try study.write(
        .init(
          pixels: 64, architecture: "resnet18", epochs: epochs, images: PhantomCounts(training: 24, validation: 8, test: 8),
          hasSegmentation: true))
      for output in ["undisturbed", "killed"] { try? FileManager.default.removeItem(at: study.output(output)) }
      say("running the study undisturbed, \(epochs) epochs")
      let start = DispatchTime.now().uptimeNanoseconds
      try study.runWhole(output: "undisturbed")
      let duration = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
      let (killed, resumed) = try runKilled(duration: duration)
      let isEnough = killed >= kills && resumed > 0
      if isEnough || epochs * 2 > Self.epochs.last {
        let comparisons = try compare()
        return Verdict(
          comparisons: comparisons, kills: killed, resumedRuns: resumed, epochs: epochs,
          reason: Self.reason(comparisons, killed: killed, of: kills, resumed: resumed, epochs: epochs))
      }
      say("it ended after \(killed) of \(kills) kills, \(resumed) times gone on from a checkpoint: once more with twice the epochs")
      epochs *= 2
    }
  }

  private static func reason(_ comparisons: [Comparison], killed: Int, of kills: Int, resumed: Int, epochs: Int) -> String? {
    if comparisons.isEmpty { return "the study left no results to compare" }
    let different = comparisons.filter { !$0.isEqual }.count
    if different > 0 { return "\(different) of \(comparisons.count) files have other bytes" }
    if killed < kills { return "the study ended before it could be killed more than \(killed) of \(kills) times, also with \(epochs) epochs" }
    if resumed == 0 { return "no killed run had a checkpoint to go on from, also with \(epochs) epochs" }
    return nil
  }

  /// Starts the study again and again until the kills are used up and it ends, or it ends before.
  private func runKilled(duration: Double) throws -> (kills: Int, resumedRuns: Int) {
    var random = SeedPath(Int(getpid())).generator()
    var killed = 0, resumed = 0
    while true {
      let child = try study.launch(output: "killed")
      var isKilled = false
      if killed < kills {
        // Every other kill at any moment; the others soon after a checkpoint of this process, so that there is something to go on from.
        let isAnywhere = killed % 2 == 1
        if !isAnywhere { waitForCheckpoint(child, since: Date()) }
        let delay = random.uniform(in: isAnywhere ? 0.05...0.6 : 0...0.1) * duration
        let end = Date(timeIntervalSinceNow: delay)
        while child.isRunning, Date() < end { usleep(5_000) }
        if child.isRunning {
          kill(child.processIdentifier, SIGKILL)
          isKilled = true
          killed += 1
          say("killed (\(killed) of \(kills))")
        }
      }
      try study.wait(for: child)
      resumed += study.log(of: "killed").components(separatedBy: "going on after step").count - 1
      if isKilled, child.terminationReason == .uncaughtSignal { continue }
      // Ended by whom else: going on would end the same way.
      guard child.terminationReason == .exit, child.terminationStatus == 0 else {
        throw ExecutionError.childFailed(status: child.terminationStatus, log: study.log(of: "killed"))
      }
      return (killed, resumed)
    }
  }

  private func waitForCheckpoint(_ child: Process, since start: Date) {
    let end = Date(timeIntervalSinceNow: 120), output = study.output("killed")
    while child.isRunning, Date() < end {
      let notes =
        FileManager.default.enumerator(atPath: output.path)?.compactMap { $0 as? String }
        .filter { $0.contains("/checkpoint-") && $0.hasSuffix(".json") } ?? []
      let isNew = notes.contains { note in
        let date = try? FileManager.default.attributesOfItem(atPath: output.appendingPathComponent(note).path)[.modificationDate] as? Date
        return date.map { $0 > start } ?? false
      }
      if isNew { return }
      usleep(10_000)
    }
  }

  private func compare() throws -> [Comparison] {
    try study.results(of: "undisturbed").map { file, digest in
      let other = try? Digest.sha256Hex(ofFile: study.output("killed").appendingPathComponent(file))
      return Comparison(file: file, sha256: digest, isEqual: digest == other)
    }
  }
}
