import ArgumentParser
import Execution
import Foundation
import Foundations

/// `medtransfer verify lease FOLDER`
struct VerifyLease: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lease",
    abstract: "Proves, on two machines at once, that one process alone works on a run in this folder, or says how that fails.",
    discussion: """
      Start it on two nodes at the same time, on the file system that studies are on: srun -N2 medtransfer verify lease FOLDER. \
      Exit code: 0 when one alone was at work at any time, 1 when not, or when the others did not come.
      """)

  @Argument(help: "A folder on the file system that is tried.", completion: .directory)
  var folder: String
  @Option(help: "How many processes take part.")
  var processes = 2
  @Option(help: "How many seconds each of the two parts lasts.")
  var seconds = 5.0
  @Option(help: "How many seconds to wait for the others.")
  var wait = 60.0
  @Flag(help: "Start the other processes on this machine: what is proved is of this machine alone.")
  var here = false
  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if processes < 2 { throw ValidationError("Give --processes a number of at least 2: one alone proves nothing.") }
    if !(seconds > 0 && seconds <= 3600) { throw ValidationError("Give --seconds a number from above 0 to 3600.") }
  }

  func run() throws {
    let terminal = Terminal(), others = here ? try startOthers() : []
    let place = URL(fileURLWithPath: folder, isDirectory: true).standardizedFileURL
    let verdict = try LeaseProof(folder: place, processes: processes, seconds: seconds, patience: wait) { terminal.note($0) }.run()
    for other in others { other.waitUntilExit() }
    if json { try Terminal.showJSON(verdict) } else { show(verdict, place) }
    if !verdict.isProof { throw ArgumentParser.ExitCode(ExitStatus.failure) }
  }

  private func startOthers() throws -> [Process] {
    try (1..<processes).map { _ in
      let process = Process()
      process.executableURL = try ownExecutable()
      process.arguments = ["verify", "lease", folder, "--processes", String(processes), "--seconds", String(seconds), "--wait", String(wait)]
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      return process
    }
  }

  private func show(_ verdict: LeaseProof.Verdict, _ place: URL) {
    func words(_ count: LeaseProof.Verdict.Count) -> String {
      count.added == 0 ? "nobody could take it" : "\(count.added) times taken, \(count.found) counted"
    }
    let machines = Set(verdict.participants.map { $0.split(separator: "-").dropLast().joined(separator: "-") }).count
    var table = Table(columns: [.init("By"), .init("One at a time"), .init("Seen")])
    table.append(["claims", verdict.claims.isExclusive ? "yes" : "NO", words(verdict.claims)])
    table.append(["the lock (flock)", verdict.lock.isExclusive ? "yes" : "NO", words(verdict.lock)])
    Terminal.show(table.rendered())
    Terminal.show(
      "\(place.path) is on \(verdict.fileSystem); \(verdict.participants.count) processes on \(machines) machine\(machines == 1 ? "" : "s"). "
        + "What another wrote was seen after at most \(fixed(verdict.longestSilence, 1)) s.")
    if verdict.isProof {
      Terminal.show(
        "Proved: one alone works on a run here"
          + (verdict.lock.isExclusive ? "." : ", by claims; a lock is none between these processes.")
          + (machines == 1 ? " That is of this machine alone: start it on two at once, as in srun -N2 medtransfer verify lease \(place.path)." : ""))
    } else {
      Terminal.show(
        "NOT safe: \(verdict.claims.added == 0 ? "no claim could be made" : "two processes held a claim at once"), so files that one makes "
          + "are not seen by the others in time. Put the output on another file system, or run the study on one machine at a time.")
    }
  }
}
