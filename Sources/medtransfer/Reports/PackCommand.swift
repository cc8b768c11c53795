import ArgumentParser
import Execution
import Foundation
import Foundations
import Packs
import Studies

/// `medtransfer pack study.yaml`
struct PackCommand: StoppableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pack",
    abstract: "Makes one archive of a study for its reviewers: predictions, splits, configurations, certificates, numbers.",
    discussion: """
      Whoever has the archive computes every number and p-value in it again: medtransfer verify pack FILE. It has no images, no \
      weights and no path of this machine. The same study gives the same archive, so its SHA-256 can be published before it is.
      """)

  @OptionGroup var options: StudyOptions
  @OptionGroup var planning: PlanReadingOptions
  @Option(help: ArgumentHelp("The archive; default: pack.tar.gz in the study's output.", valueName: "FILE.tar.gz"))
  var to: String?
  @OptionGroup var computing: StudyNumbersOptions
  @Flag(help: "Give images and patients other names: for data that are not public.")
  var hidePatients = false
  @Flag(help: "Put the trained weights in too.")
  var withWeights = false
  @Flag(help: "Replace the archive that is there already.")
  var force = false
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let study = try options.read()
    let url = to.map { URL(fileURLWithPath: $0) } ?? study.outputDirectory.appendingPathComponent("pack.tar.gz")
    // The default is this command's own file; another is a person's.
    try AtomicFile.requireFree(url, mayReplace: force || to == nil)
    var packing = PackOptions()
    (packing.includesWeights, packing.hidesPatients) = (withWeights, hidePatients)
    let receipt = try ReviewerPack.write(
      planning.plan(study), studyText: TextFile.read(URL(fileURLWithPath: options.study)), overrides: options.overrides,
      options: packing, settings: computing.settings(), maker: "medtransfer \(ProgramVersion.number)", machineNames: MachineNames.current, to: url)
    if json {
      Terminal.show(String(decoding: try CanonicalJSON.encodePretty(receipt), as: UTF8.self), terminator: "")
    } else {
      Terminal.show(receipt.text(path: url.path), terminator: "")
    }
  }
}

/// `medtransfer verify pack FILE`
struct VerifyPack: StoppableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pack",
    abstract: "Computes every number and p-value of a reviewer's pack again, from its predictions, and compares.")

  @Argument(help: ArgumentHelp("The archive that medtransfer pack wrote.", valueName: "FILE.tar.gz"))
  var file: String
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let verification = try PackVerification(URL(fileURLWithPath: file), checker: "medtransfer \(ProgramVersion.number)")
    if json {
      Terminal.show(String(decoding: try CanonicalJSON.encodePretty(verification), as: UTF8.self), terminator: "")
    } else {
      Terminal.show(verification.text(), terminator: "")
    }
    if !verification.holds { throw ArgumentParser.ExitCode(ExitStatus.failure) }
  }
}
