import ArgumentParser
import Containers
import Execution
import Foundation
import Foundations
import Reports

/// `medtransfer weights …`
struct WeightsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weights",
    abstract: "Published weights: which there are, what a file holds, whether it loads.",
    subcommands: [
      WeightsListCommand.self, WeightsShowCommand.self, WeightsGetCommand.self, WeightsInspectCommand.self,
      WeightsCertifyCommand.self, WeightsConvertCommand.self,
    ],
    defaultSubcommand: WeightsListCommand.self)
}

/// `medtransfer weights list`
struct WeightsListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the catalog of published weights, or shows everything on one entry.")

  @Argument(help: "An entry to show everything on.")
  var id: String?
  @Option(help: "Only entries of this method, such as supervised.")
  var method: String?
  @Option(help: "Only entries of this architecture, such as resnet50.")
  var architecture: String?
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    if let id { return try WeightsShowCommand.show(id, json: json) }
    let list = try WeightsList(method: method, architecture: architecture)
    if json { return try Terminal.showJSON(list.entries) }
    Terminal.show(list.terminalText(width: Terminal.outputWidth), terminator: "")
  }
}

/// `medtransfer weights show moco-v2`
struct WeightsShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows everything on one entry: file, address, license, paper, and its lines in a study.")

  @Argument(help: "The entry, such as moco-v2.")
  var id: String
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws { try Self.show(id, json: json) }

  static func show(_ id: String, json: Bool) throws {
    for entry in try WeightsList(id: id).entries {
      if json { try Terminal.showJSON(entry) } else { Terminal.show(entry.terminalText, terminator: "") }
    }
  }
}

/// `medtransfer weights inspect FILE`
struct WeightsInspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Shows what a checkpoint holds: container, names, shapes, types, and sums in float64.")

  @Argument(help: "The file, in whatever container it is.", completion: .file())
  var file: String
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let progress = ByteProgress(verb: "reading")
    let inspection = try CheckpointInspection(CheckpointFile.open(URL(fileURLWithPath: file))) { progress.show($0, of: $1) }
    progress.end()
    if json { return try Terminal.showJSON(inspection) }
    Terminal.show(InspectionReport(inspection).terminalText, terminator: "")
  }
}

extension Terminal {
  static func showJSON(_ value: some Encodable) throws {
    show(String(decoding: try CanonicalJSON.encodePretty(value), as: UTF8.self), terminator: "")
  }
}
