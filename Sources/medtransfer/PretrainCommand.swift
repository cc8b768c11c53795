public import ArgumentParser
import Execution
import Foundation
import Foundations
import Reports
public import Studies
import Torch
public import Vocabulary

/// `medtransfer pretrain FOLDER --method moco-v2 --output weights`
struct PretrainCommand: StoppableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pretrain",
    abstract: "Pre-trains a backbone on images without labels, by a self-supervised method.",
    discussion: """
      Of a study file, all its pre-trainings, or those that --initialization names. Else of folders, searched through and through, and of tables \
      (.csv) with a column `path`. The result is <name>.safetensors under torchvision's names, and <name>.json with what it was trained on, from \
      what and under which terms. The same command goes on where it was stopped. In a study, `pretrain:` makes such an initialization by itself.
      """)

  @ArgumentParser.Argument(help: "A study file with changes to it, such as seeds=[2]; or folders and tables of images.", completion: .file())
  var sources: [String]
  @Option(name: .customLong("initialization"), help: "Of a study: only this one; may be given several times.")
  var initializations: [String] = []
  @Option(help: "The self-supervised method, such as moco-v2; an unknown one lists all.")
  var method: String?
  @Option(help: "What the results are called.")
  var name = "pretrained"
  @Option(help: "The checkpoint to start from; default: random values.", completion: .file())
  var weights: String?
  @OptionGroup var options: WeightsOptions
  @Option(help: "The side of a view in pixels.")
  var inputSize = 224
  @Option(help: "How often it sees the images.")
  var epochs = 200
  @Option(help: "Images in a step.")
  var batchSize = 128
  @Option(help: "What trains it in place of the method's own optimizer: adamW.")
  var optimizer: PretrainingOptimizer?
  @Option(name: .customLong("set"), help: ArgumentHelp("A setting of the method, such as learningRate=0.03; may be given several times.", valueName: "key=value"))
  var settings: [String] = []
  @Option(help: "A regular expression on paths whose first group is the patient.")
  var patientPattern: String?
  @Flag(help: "Each epoch sees one image of each patient.")
  var onePerPatient = false
  @Option(help: "Which views are of one thing: sameImage, or samePatient for views of two images of a patient.")
  var positives = PositiveViews.sameImage
  @Flag(inversion: .prefixedNo, help: "Spare gray images what only photographs bear.")
  var grayRule = true
  @Option(help: "Random numbers follow from it.")
  var seed = 1
  @Option(help: "auto, cpu or cuda:0.")
  var device = "auto"
  @Option(help: "Threads of an operator.")
  var threads: Int?
  @Option(name: .shortAndLong, help: "The folder of the results.", completion: .directory)
  var output = "pretrained"
  @Flag(name: .shortAndLong, help: "Leave out the line of every epoch where there is no terminal.")
  var quiet = false

  @Flag(name: .customLong("data-parallel"), help: "Make each training with all processes that mpirun, srun or torchrun started, each computing its part of every batch.")
  var dataParallel = false

  private var isStudy: Bool { ["yaml", "yml"].contains(URL(fileURLWithPath: sources.first ?? "").pathExtension.lowercased()) }

  func validate() throws {
    if isStudy, method != nil { throw ValidationError("A study says itself by which methods it pre-trains. Leave --method out.") }
    if !isStudy, method == nil { throw ValidationError("Give --method a self-supervised method, such as moco-v2.") }
    if !isStudy, !initializations.isEmpty { throw ValidationError("--initialization is of a study. Give a study file, or leave it out.") }
  }

  func run() throws {
    _ = TorchRuntime.configureAllocator()
    let origin = StudyOrigin(file: sources[0], overrides: Array(sources.dropFirst()))
    let data = StudyData(try isStudy ? origin.read() : madeStudy()), filter = try filter(of: data)
    guard dataParallel else { return try carryOut(data, filter, origin) }
    try DataParallel(study: data.study, filter: filter).run { placed, processes in try carryOut(StudyData(placed), filter, origin, spread: processes) }
  }

  /// The pre-trainings that are meant.
  private func filter(of data: StudyData) throws -> PlanFilter {
    let study = data.study, planned = try data.plan()
    let wanted = planned.cells.filter { $0.isSelfSupervised && (initializations.isEmpty || initializations.contains($0.initialization)) }
    for name in initializations where study.pretraining(named: name) == nil {
      throw ValidationError("The study has no pre-training “\(name)”. " + suggestion(for: name, in: planned.cells.filter(\.isSelfSupervised).map(\.initialization)))
    }
    if wanted.isEmpty { throw ValidationError("The study pre-trains nothing. Add an initialization with pretrain: <method>.") }
    return PlanFilter(cells: wanted.map(\.relativePath))
  }

  private func carryOut(_ data: StudyData, _ filter: PlanFilter, _ origin: StudyOrigin, spread: SpreadStudy? = nil) throws {
    let terminal = Terminal(), plan = try data.plan(filter)
    for (name, record) in try data.pretrainings(of: plan) { Terminal.show(record.terminalText(named: name) + "\n", terminator: "") }
    let view = ProgressView(isQuiet: quiet)
    try spread?.begin()
    let summary = try origin.carryOut(plan, data, filter: filter, view, isQuiet: quiet, spread: spread)
    terminal.clearLine()
    if summary.failed > 0 { throw ArgumentParser.ExitCode(ExitStatus.failure) }
    if summary.elsewhere > 0 { throw ArgumentParser.ExitCode(ExitStatus.runAgain) }
    for cell in plan.cells where cell.isSelfSupervised {
      let made = try PretrainedWeights(exporting: cell, of: plan)
      terminal.note("Written: \(made.url.path), SHA-256 \(made.sha256.prefix(12))…; in a study: \(cell.initialization): {weights: \(made.url.path)}")
    }
  }

  /// A study of this pre-training alone.
  private func madeStudy() throws -> Study {
    var values: [String: Double] = [:]
    for setting in settings {
      let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, let value = Double(parts[1]) else { throw ValidationError("“\(setting)” is no setting. Write it as in learningRate=0.03.") }
      values[parts[0]] = value
    }
    func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
    let images = sources.map { path -> UnlabeledSource in
      let place = absolute(path)
      guard ["csv", "tsv"].contains(URL(fileURLWithPath: place).pathExtension.lowercased()) else { return .folder(path: place, patientPattern: patientPattern) }
      return .manifest(
        UnlabeledTable(file: place, imageRoot: URL(fileURLWithPath: place).deletingLastPathComponent().path, patientPattern: patientPattern))
    }
    let start: InitializationSource =
      weights.map {
        .weights(WeightsSource(path: absolute($0), entry: options.id, keys: options.keys))
      } ?? .random
    let specification = PretrainingSpecification(
      method: method ?? "", images: images, initialization: "start", seed: seed, architecture: options.architecture ?? options.entryArchitecture,
      inputSize: inputSize, epochs: epochs, batchSize: batchSize, optimizer: optimizer, settings: values, hasGrayRule: grayRule, onePerPatient: onePerPatient,
      positives: positives)
    let study = Study.ofPretraining(
      name, specification, from: start, output: URL(fileURLWithPath: absolute(output), isDirectory: true),
      execution: ExecutionOptions(device: device, threads: threads))
    try StudyReading.check(study)
    return study
  }
}

extension PositiveViews: ExpressibleByArgument {}
extension PretrainingOptimizer: ExpressibleByArgument {}
