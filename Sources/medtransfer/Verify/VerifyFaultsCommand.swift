import ArgumentParser
import Execution
import Foundation
import Foundations

/// `medtransfer verify faults`
struct VerifyFaults: StoppableCommand {
  static let configuration = CommandConfiguration(
    commandName: "faults",
    abstract: "Runs a tiny study on this file system while its writes, syncs and renames fail or are its last.",
    discussion: """
      Each fault is tried by a process of its own, which must not crash or hang; run once more without a fault, the study must end in \
      the same bytes. Give --in a folder of the file system that your studies are on. Linux only.
      """)

  @Option(name: .customLong("in"), help: "The folder to try it in; a folder of its own is made there, and removed.", completion: .directory)
  var place = "."
  @Option(help: "How many calls to disturb.")
  var injections = 48
  @Flag(help: "Besides, kill it before and after every sync and every rename.")
  var every = false
  @Flag(help: "Keep the folder with the study.")
  var keep = false
  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if injections < 1 { throw ValidationError("Give --injections a number of at least 1: without a fault nothing is proved.") }
  }

  func run() throws {
    let folder = URL(fileURLWithPath: place).appendingPathComponent("medtransfer-verify-\(getpid())").standardizedFileURL
    let executable = try ownExecutable()
    let library = try FaultProof.library(beside: executable)
    try AtomicFile.makeFolder(folder)
    defer { if !keep { try? FileManager.default.removeItem(at: folder) } }
    let terminal = Terminal()
    let proof = FaultProof(
      executable: executable, library: library, folder: folder, injections: injections, killsEvery: every
    ) { terminal.note($0) }
    let verdict = try StopRequest.deferring { try proof.run() }
    if json {
      Terminal.show(String(decoding: try CanonicalJSON.encodePretty(verdict), as: UTF8.self), terminator: "")
    } else {
      show(verdict)
    }
    if keep { terminal.note("Kept: \(folder.path)") }
    if !verdict.isProof { throw ArgumentParser.ExitCode(ExitStatus.failure) }
  }

  private func show(_ verdict: FaultProof.Verdict) {
    var table = Table(columns: [
      .init("Call"), .init("What happens to it"), .init("Calls in a run", .right), .init("Tried", .right), .init("Same at once", .right),
      .init("Same when run again", .right), .init("Defects", .right),
    ])
    for line in verdict.lines where line.tried > 0 {
      table.append([
        line.fault.operation, Self.words[line.fault.effect] ?? line.fault.effect, String(line.calls), String(line.tried), String(line.unharmed),
        String(line.repaired), String(line.defects.count),
      ])
    }
    Terminal.show(table.rendered())
    let tried = verdict.lines.reduce(0) { $0 + $1.tried }, defects = verdict.lines.flatMap(\.defects)
    for defect in defects { Terminal.show("  \(defect)") }
    if verdict.isProof {
      Terminal.show("Proved in \(verdict.folder): after each of \(tried) faults \(verdict.files) result files came out with the same bytes.")
    } else {
      Terminal.show("\(defects.count) of \(tried) faults in \(verdict.folder) did not end well. Report this with the file system's kind.")
    }
  }

  private static let words = [
    "ENOSPC": "fails: no room (ENOSPC)", "EIO": "fails: input/output error (EIO)", "EINTR": "fails: interrupted (EINTR)",
    "short": "takes half", "kill": "killed before", "kill-after": "killed after",
  ]
}
