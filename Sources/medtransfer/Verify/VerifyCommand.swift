import ArgumentParser
import Execution
import Foundation
import Foundations

/// `medtransfer verify resume|faults|lease|pack`
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Proves on this machine what the program promises.",
    subcommands: [VerifyResume.self, VerifyFaults.self, VerifyLease.self, VerifyPack.self])
}

struct VerifyResume: StoppableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Kills a tiny study again and again, and compares its bytes with an undisturbed one's.")

  @Option(help: "How often to kill it.")
  var kills = 5
  @Option(help: "Threads an operator may use; default: libtorch's choice.")
  var threads: Int?
  @Flag(help: "Keep the folder with the two studies.")
  var keep = false
  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if kills < 1 { throw ValidationError("Give --kills a number of at least 1: without a kill nothing is proved.") }
  }

  func run() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("medtransfer-verify-\(getpid())")
    try AtomicFile.makeFolder(folder)
    defer { if !keep { try? FileManager.default.removeItem(at: folder) } }
    let terminal = Terminal()
    let proof = ResumeProof(
      executable: try ownExecutable(), folder: folder, kills: kills, threads: threads
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

  private func show(_ verdict: ResumeProof.Verdict) {
    var table = Table(columns: [.init("File"), .init("SHA-256"), .init("Bytes")])
    for comparison in verdict.comparisons {
      table.append([comparison.file, String(comparison.sha256.prefix(16)) + "…", comparison.isEqual ? "equal" : "DIFFERENT"])
    }
    Terminal.show(table.rendered())
    let times = "killed \(verdict.kills) times, went on from a checkpoint \(verdict.resumedRuns) times"
    switch (verdict.reason, verdict.comparisons.allSatisfy(\.isEqual)) {
    case (nil, _): Terminal.show("Proved: \(times), and every byte is the same.")
    case (let reason?, true): Terminal.show("Not proved, because \(reason): \(times). Give fewer --kills, or try when the machine is less busy.")
    case (let reason?, false): Terminal.show("NOT the same bytes: \(reason), \(times). Report this with the processor's name and --keep.")
    }
  }
}

/// The file of this very program.
func ownExecutable() throws -> URL {
  let link = "/proc/self/exe"
  if let path = try? FileManager.default.destinationOfSymbolicLink(atPath: link) { return URL(fileURLWithPath: path) }
  return URL(fileURLWithPath: CommandLine.arguments[0])
}
