public import ArgumentParser
import Containers
public import Execution
import Foundation
import Foundations
import Reports
import Studies
import Weights

/// Which file, and what it is taken for.
struct WeightsOptions: ParsableArguments {
  @Option(name: .customLong("as"), help: "The catalog entry that the file is, such as moco-v2; without it the network is looked for.")
  var id: String?
  @Option(help: "The architecture to fill; default: the entry's, or resnet50.")
  var architecture: String?
  @Option(help: "The keys that lead to the network in the file, joined with dots, such as teacher; where it holds several.")
  var path: String?
  @Option(help: "What stands in front of the network's names, such as student.backbone.; where the file holds several.")
  var prefix: String?
  @Option(help: "Keys that are not the network's: an array, all below a name, or * for any text; may be given several times.")
  var ignore: [String] = []

  /// What is said of the network's place in the file; nil where nothing is.
  var keys: KeySelection? {
    let keys = KeySelection(path: path, prefix: prefix, ignore: ignore)
    return keys.isEmpty ? nil : keys
  }

  /// The architecture of the entry, where one is named.
  var entryArchitecture: String? { id.flatMap { try? WeightsCatalog.named($0) }?.architecture }

  func open(_ file: String) throws -> PublishedWeights {
    try PublishedWeights(
      URL(fileURLWithPath: file), id: id, architecture: architecture, keys: KeySelection(path: path, prefix: prefix, ignore: ignore))
  }
}

/// `medtransfer weights certify FILE --as ID`
struct WeightsCertifyCommand: StoppableCommand {
  static let configuration = CommandConfiguration(
    commandName: "certify",
    abstract: "Proves that a file fills a backbone, every tensor exactly once, or says why it does not.",
    discussion: "Exit code: 0 when it does, 1 when it does not.")

  @Argument(help: "The checkpoint.", completion: .file())
  var file: String
  @OptionGroup var options: WeightsOptions
  @Option(help: "What the fixed input is computed with: torchvision (default, as in studies), asTrained, samePooling, same or keras.")
  var arithmetic: ArithmeticChoice?
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let weights = try options.open(file)
    let certificate = try weights.certificate(arithmetic)
    if json { return try Terminal.showJSON(certificate) }
    let report = CertificateReport(certificate, architecture: weights.architectureTitle)
    Terminal.show(report.terminalText, terminator: "")
  }
}

/// `medtransfer weights convert FILE --as ID --to safetensors --output PATH`
struct WeightsConvertCommand: StoppableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Writes a file's backbone under torchvision's names, as safetensors or as torch.save does.")

  @Argument(help: "The checkpoint.", completion: .file())
  var file: String
  @OptionGroup var options: WeightsOptions
  @Option(help: "What to write: safetensors or torch.")
  var to: PublishedWeights.Format
  @Option(name: .shortAndLong, help: "The new file.", completion: .file())
  var output: String
  @Flag(help: "Replace the new file where it is there already.")
  var force = false

  func run() throws {
    let target = URL(fileURLWithPath: output)
    // Before the work, so that nobody waits for a refusal.
    try AtomicFile.requireFree(target, mayReplace: force)
    try options.open(file).convert(to: to, at: target, mayReplace: force)
    Terminal().note("Written: \(target.path)")
  }
}

extension PublishedWeights.Format: ExpressibleByArgument {}
